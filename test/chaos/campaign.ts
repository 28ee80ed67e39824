// The campaign: one system, one fault after the other while signals and alerts stream in, everything checked after each.
import type { AlertRecord } from '../../packages/contracts/src/index.ts';
import { Random } from '../../services/local/src/simulate/random.ts';
import { announce, checkAlerts, transitionsOf } from './alerts.ts';
import { check, drained, patiently, settledAlerts, unarchived } from './checks.ts';
import type { Fault, Seen } from './faults/fault.ts';
import { send, sharesOf } from './sending.ts';
import { partitions, type System, startSystem } from './system.ts';
import { courseOf, startWatch } from './watch.ts';
import { type Sent, workload } from './workload.ts';

export type CampaignOptions = {
  readonly faults: readonly Fault[];
  readonly form: 'quick' | 'full';
  readonly seed: number;
  /** signals in all, spread over the faults */
  readonly signals: number;
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
  /** although the delivery was recorded before */
  readonly 'told again': number;
  /** from the end of the last strike until nothing waited any more */
  readonly 'recovered s': string;
  /** of the whole row: strikes, recovery and checks */
  readonly 'took s': string;
  readonly said: string;
};

export type Summary = {
  readonly rows: readonly Row[];
  readonly unarchived: number;
  readonly alertsChanged: number;
};

const workers = [
  ['tagger', 'aggregator'],
  ['tagger', 'aggregator'],
  ['aggregator'],
  ['detector', 'notifier'],
  ['detector', 'notifier'],
  ['archiver', 'gateway'],
];
const drainMs = 180_000;
const shortestMs = 500;

/** null: a part is not to be had here. */
export async function runCampaign(options: CampaignOptions): Promise<Summary | null> {
  const system = await startSystem(workers);
  if (system === null) return null;
  try {
    return await new Campaign(system, options).run();
  } finally {
    await system.stop();
  }
}

type Struck = { readonly recoveredMs: number; readonly said: readonly string[] };

class Campaign {
  readonly #system: System;
  readonly #options: CampaignOptions;
  readonly #random: Random;
  readonly #sent: Sent[] = [];
  readonly #alerts: AlertRecord[] = [];
  #calmP95Ms = 0;
  /** alerts that were told again so far */
  #repeated = 0;

  constructor(system: System, options: CampaignOptions) {
    this.#system = system;
    this.#options = options;
    this.#random = new Random(options.seed);
  }

  async run(): Promise<Summary> {
    const { faults, form, onRow } = this.#options;
    const wanted = faults.filter(({ times }) => times[form] > 0);
    const shares = wanted.reduce((sum, { load }) => sum + (load?.size ?? 1), 0);
    const rows: Row[] = [];
    for (const fault of wanted) {
      rows.push(await this.#row(fault, this.#options.signals / shares));
      onRow(rows.at(-1)!);
    }
    const { changed } = await checkAlerts(this.#system, this.#alerts);
    await Promise.all(this.#system.workers.map((worker) => worker.end()));
    return { rows, unarchived: await unarchived(this.#system), alertsChanged: changed };
  }

  async #row(fault: Fault, share: number): Promise<Row> {
    const begun = performance.now();
    const { size = 1, hot = 0 } = fault.load ?? {};
    const seed = this.#options.seed * 1_000 + this.#sent.length;
    const load = workload({ seed, signals: Math.ceil(share * size), now: Date.now(), hot });
    this.#sent.push(load);
    const { struck, seen, found } = await this.#watched(fault, load);
    const alerts = await settledAlerts(() => checkAlerts(this.#system, this.#alerts), drainMs);
    const toldAgain = alerts.repeated - this.#repeated;
    this.#repeated = alerts.repeated;
    const said = [...struck.said, fault.check?.(seen) ?? null].filter((words) => words !== null);
    return {
      fault: fault.name,
      times: fault.times[this.#options.form],
      signals: load.payloads.length,
      wrong: found.wrong,
      lost: found.lost,
      doubled: found.doubled,
      'alerts lost': alerts.lost,
      'told again': toldAgain,
      'recovered s': (struck.recoveredMs / 1_000).toFixed(1),
      'took s': ((performance.now() - begun) / 1_000).toFixed(1),
      said: said.join('; '),
    };
  }

  async #watched(fault: Fault, load: Sent) {
    const { lines } = this.#system;
    const spoiltOf = () => Object.values(lines).reduce((sum, { spoilt }) => sum + spoilt, 0);
    const [begun, spoiltBefore] = [Date.now(), spoiltOf()];
    const watch = startWatch(this.#system, partitions);
    const struck = await this.#strike(fault, load).finally(() => watch.stop());
    const found = await patiently(() => check(this.#system, this.#sent));
    const signals = found.signals.filter(({ time }) => time >= begun);
    const course = courseOf(await watch.stop(), signals);
    if (this.#sent.length === 1) this.#calmP95Ms = course.p95Ms;
    const seen: Seen = { ...course, signals, spoilt: spoiltOf() - spoiltBefore, calmP95Ms: this.#calmP95Ms };
    return { struck, seen, found };
  }

  /** Sends while it strikes; answers how long it took afterwards until nothing waited any more. */
  async #strike(fault: Fault, load: Sent): Promise<Struck> {
    const told = transitionsOf(Date.now());
    this.#alerts.push(...told);
    await announce(this.#system, told.slice(0, 1));
    const said: string[] = [];
    // each share is spread over about the time of a strike, which the one before has shown
    let strikeMs = fault.lastsMs ?? shortestMs;
    for (const share of sharesOf(load, fault.times[this.#options.form])) {
      const sending = send(this.#system, load, share, strikeMs);
      const begun = performance.now();
      said.push(...[await fault.strike(this.#system, this.#random)].filter((words) => words !== null));
      strikeMs = Math.max(shortestMs, performance.now() - begun);
      await sending;
    }
    const over = performance.now();
    await announce(this.#system, told.slice(1));
    await Promise.all(this.#system.workers.map((worker) => worker.ready()));
    await drained(this.#system, drainMs);
    return { recoveredMs: performance.now() - over, said };
  }
}

/** Whether a fault did no harm. */
export function isClean(row: Row): boolean {
  return row.wrong + row.lost + row.doubled + row['alerts lost'] + row['told again'] === 0 && row.said === '';
}
