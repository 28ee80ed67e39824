// infra/topics.yaml says what the program makes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPartitioned, retentionMs, topicNames } from '@gapwatch/contracts';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { settingsOf } from '../../packages/transport/src/kafka/admin.ts';
import { repository } from '../journeys/gapwatch.fixture.ts';

type Described = { name: string; partitioned: boolean; retentionMs: number };
const read = (path: string) => readFileSync(join(repository, path), 'utf8');
const file = parse(read('infra/topics.yaml')) as { settings: Record<string, unknown>; topics: Described[] };

it('names every topic with its partitions and retention', () => {
  const made = ['raw.*', ...Object.values(topicNames)].map((name) => ({
    name,
    partitioned: isPartitioned(name),
    retentionMs: retentionMs(name) ?? -1,
  }));
  const byName = (one: Described, other: Described) => one.name.localeCompare(other.name);
  expect(file.topics.toSorted(byName)).toEqual(made.toSorted(byName));
});

it('has the settings that gapwatch topics gives', () => {
  const given = settingsOf(topicNames.signals).filter(({ name }) => name !== 'retention.ms');
  const described = Object.entries(file.settings).map(([name, value]) => ({ name, value: String(value) }));
  expect(described).toEqual(given);
});
