// The campaign: one system, one fault after the other while signals and alerts stream in, everything checked after each.
import type { AlertRecord } from '../../packages/contracts/src/index.ts';
import { Random } from '../../services/local/src/simulate/random.ts';
import { announce, checkAlerts, transitionsOf } from './alerts.ts';
import { check, drained, patiently, raw, unarchived } from './checks.ts';
import type { Fault } from './faults.ts';
import { type System, startSystem } from './system.ts';
import { type Sent, workload } from './workload.ts';

export type CampaignOptions = {
  readonly faults: readonly Fault[];
  readonly form: 'quick' | 'full';
  readonly seed: number;
  /** signals in all, spread over the faults */
  readonly signals: number;
  readonly redisWords?: readonly string[];
  readonly onRow: (row: Row) => void;
};

export type Row = {
  readonly fault: string;
  readonly times: number;
  readonly signals: number;
  readonly wrong: number;
  readonly lost: number;
  readonly doubled: number;
  readonly 'alerts lost': number;
  readonly 'recovered s': string;
  readonly said: string;
};

export type Summary = { readonly rows: readonly Row[]; readonly unarchived: number; readonly alertsChanged: number };

const workers = [
  ['tagger', 'aggregator'],
  ['tagger', 'aggregator'],
  ['aggregator'],
  ['detector', 'notifier'],
  ['detector', 'notifier'],
  ['archiver'],
];
const drainMs = 180_000;
const batch = 200;

/** null: a part is not to be had here. */
export async function runCampaign(options: CampaignOptions): Promise<Summary | null> {
  const system = await startSystem(workers, options.redisWords);
  if (system === null) return null;
  try {
    return await strikeAll(system, options);
  } finally {
    await system.stop();
  }
}

async function strikeAll(system: System, options: CampaignOptions): Promise<Summary> {
  const { faults, form, seed, signals, onRow } = options;
  const random = new Random(seed);
  const wanted = faults.filter(({ times }) => times[form] > 0);
  const sent: Sent[] = [];
  const alerts: AlertRecord[] = [];
  const rows: Row[] = [];
  for (const [index, fault] of wanted.entries()) {
    const load = workload({ seed: seed * 1_000 + index, signals: Math.ceil(signals / wanted.length), now: Date.now() });
    sent.push(load);
    const told = transitionsOf(Date.now());
    alerts.push(...told);
    const recoveredMs = await strike(system, fault, fault.times[form], { load, told, random });
    const found = await patiently(() => check(system, sent));
    const { lost: alertsLost } = await patiently(() => checkAlerts(system, alerts));
    const row = {
      fault: fault.name,
      times: fault.times[form],
      signals: load.payloads.length,
      wrong: found.wrong,
      lost: found.lost,
      doubled: found.doubled,
      'alerts lost': alertsLost,
      'recovered s': (recoveredMs / 1_000).toFixed(1),
      said: fault.check?.(system) ?? '',
    };
    rows.push(row);
    onRow(row);
  }
  const { changed } = await checkAlerts(system, alerts);
  await Promise.all(system.workers.map((worker) => worker.end()));
  return { rows, unarchived: await unarchived(system), alertsChanged: changed };
}

type Load = { readonly load: Sent; readonly told: ReturnType<typeof transitionsOf>; readonly random: Random };

/** Streams while it strikes; answers how long it took afterwards until nothing waited any more. */
async function strike(system: System, fault: Fault, times: number, { load, told, random }: Load): Promise<number> {
  const streaming = stream(system, load, told);
  for (let time = 0; time < times; time += 1) await fault.strike(system, random);
  await Promise.all(system.workers.map((worker) => worker.ready()));
  const over = performance.now();
  await streaming;
  await drained(system, drainMs);
  return performance.now() - over;
}

/** Each batch is sent until the log has it: what was sent twice is a repeat like any other. */
async function stream(system: System, { payloads }: Sent, told: Load['told']): Promise<void> {
  for (let at = 0; at < payloads.length; at += batch) {
    const outputs = payloads.slice(at, at + batch).map((value) => ({ topic: raw, key: null, value }));
    await patiently(() => system.parts.log.append(outputs));
    if (at === 0) await announce(system, told.slice(0, 1));
  }
  await announce(system, told.slice(1));
}
