// The examples that come with the product, over the files they are made for: what is read comes out, all of it.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type AcceptedSignal, configurationSchema } from '@gapwatch/contracts';
import { describe, expect, it } from 'vitest';
import { createMapping, sourceSchemas } from '../../../../packages/core/src/sources/index.ts';
import { loadConfiguration } from '../../../../packages/runtime/src/configuration/index.ts';
import { readPayloads } from './payloads.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const data = `${root}../shared/data/`;

type Account = {
  read: number;
  readonly signals: AcceptedSignal[];
  readonly skipped: Record<string, number>;
  readonly rejected: Record<string, number>;
};

async function runExample(name: string, file: string): Promise<Account> {
  const { configuration } = await loadConfiguration(`${root}examples/${name}`, configurationSchema, {
    parts: sourceSchemas,
  });
  const [source] = configuration.sources;
  if (source === undefined) throw new Error(`${name} has no source`);
  const map = createMapping(source);
  const account: Account = { read: 0, signals: [], skipped: {}, rejected: {} };
  const count = (counts: Record<string, number>, code: string) => {
    counts[code] = (counts[code] ?? 0) + 1;
  };
  for await (const item of readPayloads(file)) {
    account.read += 1;
    if ('fault' in item) {
      count(account.rejected, item.fault.code);
      continue;
    }
    const payload = { value: item.bytes, headers: item.headers };
    for (const outcome of map(payload, { sourceId: source.id, receivedAt: 0 })) {
      if (outcome.kind === 'signal') account.signals.push(outcome.signal);
      else count(outcome.kind === 'skip' ? account.skipped : account.rejected, outcome.code);
    }
  }
  return account;
}

function countBy(signals: readonly AcceptedSignal[], key: (signal: AcceptedSignal) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const signal of signals) counts[key(signal)] = (counts[key(signal)] ?? 0) + 1;
  return counts;
}
const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, each) => total + each, 0);

describe('the example of an own export', () => {
  it('is read whole', async () => {
    const account = await runExample('own.yaml', `${root}examples/own.ndjson`);
    expect(account).toMatchObject({ read: 20, skipped: {}, rejected: {} });
    expect(account.signals).toHaveLength(20);
    expect(countBy(account.signals, (signal) => signal.kind)).toEqual({
      lifecycle: 5,
      feedback: 2,
      belief: 2,
      ticket: 7,
      review: 4,
    });
  });
});

describe.skipIf(!existsSync(data))('the examples of real exports (skipped where ../shared/data is absent)', () => {
  it('reads the lounges, each review on the scale of its day', async () => {
    const account = await runExample('skytrax-lounges.yaml', `${data}skytrax_lounge_seat/lounge.csv.gz`);
    const { read, signals, skipped, rejected } = account;
    expect(read).toBe(2_264);
    expect(signals.length + sum(skipped) + sum(rejected)).toBe(read);
    expect({ skipped, rejected }).toEqual({ skipped: {}, rejected: {} });
    expect(new Set(signals.map((signal) => signal.subject)).size).toBe(read);
    expect(countBy(signals, ({ rating }) => String(rating?.max ?? null))).toEqual({ 5: 2_140, 10: 119, null: 5 });
  });

  it('reads the comments, accounts for every row, and turns the scale round', async () => {
    const account = await runExample(
      'nhs-comments.yaml',
      `${data}nhs_patient_feedback/v6framework_before_2022-07.csv.gz`,
    );
    const { read, signals, skipped, rejected } = account;
    expect(read).toBe(6_675);
    expect(signals.length + sum(skipped) + sum(rejected)).toBe(read);
    // some rows of one service have the month before the day; where that shows, they are refused
    expect({ skipped, rejected }).toEqual({ skipped: { 'nothing-said': 110 }, rejected: { invalid: 288 } });
    expect(countBy(signals, ({ rating }) => String(rating?.value ?? null))).toEqual({
      1: 359,
      2: 256,
      3: 320,
      4: 1_073,
      5: 3_957,
      null: 312,
    });
    expect(countBy(signals, ({ stage }) => stage ?? 'none')).toEqual({
      'patient-transport': 1_483,
      'urgent-calls': 1_144,
      'mental-health': 1_073,
      ambulance: 929,
      'community-care': 796,
      forensic: 765,
      none: 87,
    });
  });
});
