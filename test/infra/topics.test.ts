// infra/topics.yaml says what the program makes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPartitioned, retentionMs, topicNames } from '@gapwatch/contracts';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
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
  const source = read('packages/transport/src/kafka/admin.ts');
  const [, factor = ''] = /maxRecordBytes = (\d+) \* 1_048_576/.exec(source) ?? [];
  const given = [...source.matchAll(/name: '([\w.]+)'/g)]
    .map(([, name]) => name)
    .filter((name) => name !== 'retention.ms');
  expect(Object.keys(file.settings).sort()).toEqual(given.sort());
  expect(file.settings['max.message.bytes']).toBe(Number(factor) * 1_048_576);
  expect(source).toContain(`value: '${file.settings['message.timestamp.type']}'`);
});
