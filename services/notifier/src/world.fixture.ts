// A notifier over a log and a state in memory, with receivers that answer as they are told and a clock moved by hand.
import { type AlertRecord, type Delivery, schemaVersions, topicNames } from '@gapwatch/contracts';
import { sampleAlert } from '@gapwatch/core';
import type { Service } from '@gapwatch/runtime';
import { openMemoryState, type StateStore } from '@gapwatch/storage';
import { type Log, openMemoryLog } from '@gapwatch/transport';
import { afterEach, expect } from 'vitest';
import { create, namespace } from './index.ts';
import type { Answer, Message, Receiver } from './receivers/define.ts';

export const startMs = Date.parse(sampleAlert.at);
export const minuteMs = 60_000;

export const delivered: Answer = { outcome: 'delivered', detail: 'answered 204' };
export const refused: Answer = { outcome: 'failed', reason: 'status-400', detail: 'answered 400' };
export const gone: Answer = { outcome: 'gone', reason: 'status-410', detail: 'answered 410' };
export const later = (retryAfterMs: number | null = null): Answer => ({
  outcome: 'later',
  reason: 'status-503',
  detail: 'answered 503',
  retryAfterMs,
});

/** Answers what it is told to for each message, and keeps what it was sent. */
export class FakeReceiver implements Receiver {
  readonly id: string;
  readonly stages: ReadonlySet<string> | null;
  readonly sent: Message[] = [];
  answer: (message: Message, signal: AbortSignal) => Answer | Promise<Answer> = () => delivered;

  constructor(id: string, stages: readonly string[] | null = null) {
    this.id = id;
    this.stages = stages === null ? null : new Set(stages);
  }

  readonly send = async (message: Message, signal: AbortSignal): Promise<Answer> => {
    this.sent.push(structuredClone(message));
    return this.answer(message, signal);
  };

  /** What it was told, as `SEQUENCE NEWS`. */
  get told(): string[] {
    return this.sent.map(({ alert, news }) => `${alert.sequence} ${news}`);
  }
}

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

export class World {
  now = startMs;
  /** how much is folded in one step */
  chunkRecords = 500;
  readonly clock = { now: () => this.now };
  log: Log = openMemoryLog({ clock: this.clock });
  readonly warnings: string[] = [];
  readonly failures: Error[] = [];
  readonly counts: Record<string, number> = {};
  state: StateStore = openMemoryState();
  #service: Service | null = null;

  async open(): Promise<this> {
    for (const topic of [topicNames.alerts, topicNames.deliveries]) await this.log.createTopic(topic, 1);
    await this.log.createTopic(topicNames.deadLetters, 1);
    stops.push(() => this.stop());
    return this;
  }

  async start(...receivers: Receiver[]): Promise<void> {
    const say = (facts: object, text: string) => this.warnings.push(`${text} ${JSON.stringify(facts)}`);
    const logger = { info: () => {}, warn: say, error: say };
    const onCounts = (_: string, counts: Readonly<Record<string, number>>) => {
      for (const [name, count] of Object.entries(counts)) this.counts[name] = (this.counts[name] ?? 0) + count;
    };
    const { chunkRecords } = this;
    const onFailure = ({ error }: { error: Error }) => this.failures.push(error);
    const loop = { log: this.log, clock: this.clock, logger, random: () => 1, chunkRecords, onCounts, onFailure };
    this.#service = create({ loop, state: this.state, receivers });
    await this.#service.start();
  }

  async stop(): Promise<void> {
    await this.#service?.stop();
    this.#service = null;
  }

  /** Appends a record of the sample alert and waits until it is folded. */
  async alert(change: Partial<AlertRecord> = {}): Promise<void> {
    const at = new Date(this.now).toISOString();
    await this.append({ ...sampleAlert, at, ...change });
    await this.folded();
  }

  /** A tick after so many minutes. */
  async tick(minutes = 1): Promise<void> {
    this.now += minutes * minuteMs;
    await this.append({ type: 'tick', at: new Date(this.now).toISOString() });
    await this.folded();
  }

  async append(...contents: object[]): Promise<void> {
    const headers = { schema: schemaVersions.alerts };
    await this.log.append(
      contents.map((content) => ({
        topic: topicNames.alerts,
        key: null,
        partition: 0,
        value: JSON.stringify(content),
        headers,
      })),
    );
  }

  async folded(): Promise<void> {
    const { high } = await this.log.marks(topicNames.alerts, 0);
    const position = () => this.state.partition(namespace, 0).position();
    await expect.poll(position, { interval: 1, timeout: 10_000 }).toBe(high);
  }

  async deliveries(): Promise<Delivery[]> {
    const { high } = await this.log.marks(topicNames.deliveries, 0);
    const { records } = await this.log.read(topicNames.deliveries, 0, 0, high + 1);
    return records.map(({ value }) => JSON.parse(new TextDecoder().decode(value ?? undefined)) as Delivery);
  }

  /** What was recorded, as `RECEIVER SEQUENCE OUTCOME(REASON)`. */
  async recorded(): Promise<string[]> {
    return (await this.deliveries()).map(
      ({ receiver, sequence, outcome, reason }) => `${receiver} ${sequence} ${outcome}(${reason})`,
    );
  }
}
