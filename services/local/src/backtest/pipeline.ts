// The whole pipeline over a history, in memory: the same folds as the services run, with log time taken from the
// statements and a tick at each full hour. Nothing is kept, nothing is sent.
import {
  type AcceptedSignal,
  type AlertRecord,
  type Configuration,
  type FrictionRecord,
  type LogRecord,
  type SignalsRecord,
  schemaVersions,
  type Tags,
  topicNames,
} from '@gapwatch/contracts';
import {
  foldFriction,
  foldSignals,
  hourMs,
  hourOf,
  MemoryWorkspace,
  supersedeOf,
  taggedSignal,
  type WindowStep,
} from '@gapwatch/core';
import { PackedWorkspace } from './packed/workspace.ts';

const rawTopic = 'raw.backtest';

export type Understood = {
  readonly signal: AcceptedSignal;
  readonly tags: Tags | null;
  readonly customerMayChange: boolean;
};

export class BacktestPipeline {
  readonly #windows: PackedWorkspace;
  readonly #detector = new MemoryWorkspace();
  /** the newest record of each */
  readonly #alerts = new Map<string, AlertRecord>();
  #offset = 0;
  #frictionOffset = 0;
  #time = Number.NEGATIVE_INFINITY;

  /** `step`: the windows that are wanted afterwards; those of a day are always kept, for the history of the stages. */
  constructor(configuration: Configuration, hash: string, step: WindowStep | null) {
    const kept = ['1d', ...(step === null ? [] : [step])].map((one) => `${one}|`);
    this.#windows = new PackedWorkspace((cell) => kept.some((prefix) => cell.startsWith(prefix)));
    const record = { type: 'configuration', hash, configuration } as const;
    this.#foldSignals(record, 0);
    this.#foldFriction(record, 0);
  }

  /** Takes the next statement; times must not fall. Tells whether it changed anything. */
  take({ signal, tags, customerMayChange }: Understood, time: number): boolean {
    const before = this.#windows.counts.accepted;
    this.#advance(time);
    const origin = { topic: rawTopic, partition: 0, offset: this.#offset, index: 0 };
    const announcement = { signal, tags, origin, customerMayChange };
    this.#foldSignals(taggedSignal(announcement), time);
    const supersede = supersedeOf(announcement);
    if (supersede !== null) this.#foldSignals(supersede, time);
    return this.#windows.counts.accepted !== before;
  }

  /** Closes the last hour. */
  finish(): void {
    if (Number.isFinite(this.#time)) this.#tick((hourOf(this.#time) + 1) * hourMs);
  }

  /** The newest state of each alert, in the order in which they opened. */
  get alerts(): Iterable<AlertRecord> {
    return this.#alerts.values();
  }

  get counts(): Readonly<Record<string, number>> {
    return this.#windows.counts;
  }

  get windows(): MemoryWorkspace {
    return this.#windows;
  }

  get detector(): MemoryWorkspace {
    return this.#detector;
  }

  /** Ticks where hours passed: at the end of the last hour that had a statement, and at the beginning of this one. */
  #advance(time: number): void {
    if (Number.isFinite(this.#time)) {
      const last = hourOf(this.#time);
      const now = hourOf(time);
      if (now > last) this.#tick((last + 1) * hourMs);
      if (now > last + 1) this.#tick(now * hourMs);
    }
    this.#time = time;
  }

  #tick(time: number): void {
    this.#foldSignals({ type: 'tick', at: new Date(time).toISOString() }, time);
    const { outputs } = this.#windows;
    this.#windows.outputs = [];
    for (const { value } of outputs) this.#foldFriction(JSON.parse(value as string) as FrictionRecord, time);
  }

  #foldSignals(content: SignalsRecord, time: number): void {
    const record = this.#record(topicNames.signals, this.#offset, time);
    this.#offset += 1;
    foldSignals([{ record, content }], this.#windows);
    this.#windows.rest();
  }

  #foldFriction(content: FrictionRecord, time: number): void {
    const record = this.#record(topicNames.friction, this.#frictionOffset, time);
    this.#frictionOffset += 1;
    foldFriction([{ record, content }], this.#detector);
    for (const { value } of this.#detector.outputs) {
      const alert = JSON.parse(value as string) as AlertRecord;
      this.#alerts.set(alert.id, alert);
    }
    this.#detector.outputs = [];
  }

  #record(topic: string, offset: number, time: number): LogRecord {
    return { topic, partition: 0, offset, time, key: null, value: null, headers: { schema: schemaVersions.signals } };
  }
}
