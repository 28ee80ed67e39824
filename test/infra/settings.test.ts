// What the files of operations name is what the program has: settings, metrics, runbooks, the configuration.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMetrics, knownPrefixes, knownSettings } from '@gapwatch/runtime';
import { describe, expect, it } from 'vitest';
import { end, gapwatch, readyAddress, repository, spawnGapwatch } from '../journeys/gapwatch.fixture.ts';

const read = (path: string) => readFileSync(join(repository, path), 'utf8');
const operations = () => read('docs/operations.md');
const manuals = [
  'README.md',
  'docker-compose.yml',
  ...globSync(['docs/*.md', 'infra/**/*.{yaml,md}', 'infra/Dockerfile'], { cwd: repository }),
];

describe('a setting', () => {
  it.each(manuals)('that %s names is one that is read', (path) => {
    const named = read(path).match(/\bGAPWATCH_[A-Z0-9_]*[A-Z0-9]\b/g) ?? [];
    const isRead = (name: string) =>
      knownSettings.includes(name) || knownPrefixes.some((prefix) => `${name}_`.startsWith(prefix));
    expect(named.filter((name) => !isRead(name))).toEqual([]);
  });

  it('that is read stands in the table of the manual', () => {
    const text = operations();
    const lacking = [...knownSettings, ...knownPrefixes].filter((name) => !text.includes(`\`${name}`));
    expect(lacking).toEqual([]);
  });

  it('that the code names is known', () => {
    const sources = globSync('{packages,services}/*/src/**/*.ts', { cwd: repository }).filter(
      (path) => !path.endsWith('.test.ts'),
    );
    const named = new Set(sources.flatMap((path) => read(path).match(/(?<=')GAPWATCH_[A-Z0-9_]*[A-Z0-9](?=')/g) ?? []));
    const isKnown = (name: string) =>
      knownSettings.includes(name) || knownPrefixes.some((prefix) => name.startsWith(prefix));
    expect(named.size).toBeGreaterThan(5);
    expect([...named].filter((name) => !isKnown(name))).toEqual([]);
  });
});

describe('a metric', () => {
  const files = ['infra/prometheus/alerts.yml', 'infra/grafana/dashboards/gapwatch.json'];
  const used = new Set(files.flatMap((path) => read(path).match(/\b(gapwatch|process|nodejs)_[a-z0-9_]+\b/g) ?? []));

  it('that a rule or a panel uses is exposed by a start, or is one of a worker', async () => {
    const child = spawnGapwatch(['start', '--port', '0']);
    const exposed = await (await fetch(`${await readyAddress(child)}/metrics`)).text();
    await end(child);
    const ofWorkers = await createMetrics(() => []).metrics();
    expect(exposed).toContain('# TYPE gapwatch_records_total');
    expect(used.size).toBeGreaterThan(4);
    const lacking = [...used].filter((name) => !`${exposed}${ofWorkers}`.includes(`# TYPE ${name} `));
    expect(lacking).toEqual([]);
  });
});

describe('an alert', () => {
  const runbooks = [...read('infra/prometheus/alerts.yml').matchAll(/runbook: docs\/operations\.md#([\w-]+)/g)];

  it('has a runbook in the manual', () => {
    const anchors = [...operations().matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    expect(runbooks.length).toBe((read('infra/prometheus/alerts.yml').match(/- alert:/g) ?? []).length);
    for (const [, anchor] of runbooks) expect(anchors).toContain(anchor);
  });
});

it('infra/gapwatch.yaml is a configuration that a start takes', async () => {
  const child = spawnGapwatch(['start', '--port', '0', '--config', join(repository, 'infra/gapwatch.yaml')]);
  const stages = (await (await fetch(`${await readyAddress(child)}/v1/stages`)).json()) as { stages: { id: string }[] };
  await end(child);
  expect(JSON.stringify(stages)).toContain('"billing"');
});

it('a worker without Kafka says what it lacks', async () => {
  const { status, stderr } = await gapwatch(['work', 'tagger'], '', {
    GAPWATCH_KAFKA_BROKERS: '',
    GAPWATCH_REDIS_URL: '',
  });
  expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining('GAPWATCH_KAFKA_BROKERS') });
});
