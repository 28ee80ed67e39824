// A past written into an empty log as if each payload had arrived in its time: what came, what the tagger made of it, and
// a tick at each full hour. It is written whole before any service starts; a half-written one is started anew.
import { type Configuration, type LogRecord, type Output, schemaVersions, topicNames } from '@gapwatch/contracts';
import { type CustomerSample, hourMs, hourOf, type Intake, sampleWith, takeIn } from '@gapwatch/core';
import type { Log } from '@gapwatch/transport';

/** One payload of the past: the source it belongs to, the bytes as they came, and when they came. */
export type PastPayload = {
  readonly sourceId: string;
  readonly value: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  readonly time: number;
};

export type PlayOptions = {
  readonly log: Log;
  readonly configuration: Configuration;
  readonly configurationHash: string;
  /** by source, with the topic that its payloads lie in */
  readonly intakes: ReadonlyMap<string, Intake & { readonly topic: string }>;
  /** partitions of `signals` */
  readonly partitions: number;
  readonly onProgress: (written: number, time: number) => void;
};

export type PlayAccount = {
  /** payloads by source: the tagger's position in partition 0 of the source's raw topic */
  readonly written: ReadonlyMap<string, number>;
  /** by source: whom it names */
  readonly customers: ReadonlyMap<string, CustomerSample>;
  readonly skipped: Readonly<Record<string, number>>;
  readonly rejected: Readonly<Record<string, number>>;
  readonly firstTime: number;
  readonly lastTime: number;
};

/** Outputs in one append: one transaction and one flush to disk each. */
const appendRecords = 4_000;

/** Writes payloads whose times do not fall. The log must be empty. */
export async function writePlay(
  past: AsyncIterable<PastPayload> | Iterable<PastPayload>,
  options: PlayOptions,
): Promise<PlayAccount> {
  const writer = new PlayWriter(options);
  for await (const payload of past) {
    writer.take(payload);
    if (writer.pending >= appendRecords) await writer.flush();
  }
  writer.finish();
  await writer.flush();
  return writer.account();
}

class PlayWriter {
  readonly #options: PlayOptions;
  readonly #written = new Map<string, number>();
  readonly #customers = new Map<string, CustomerSample>();
  /** by source, since the last flush */
  readonly #named = new Map<string, Set<string>>();
  readonly #skipped: Record<string, number> = {};
  readonly #rejected: Record<string, number> = {};
  #outputs: Output[] = [];
  #first = Number.NaN;
  #time = Number.NaN;

  constructor(options: PlayOptions) {
    this.#options = options;
  }

  get pending(): number {
    return this.#outputs.length;
  }

  take(payload: PastPayload): void {
    const { time, sourceId, value, headers } = payload;
    if (Number.isNaN(this.#time)) this.#begin(time);
    else this.#tickUntil(time);
    this.#time = Math.max(this.#time, time);
    const offset = this.#written.get(sourceId) ?? 0;
    this.#written.set(sourceId, offset + 1);
    const intake = this.#options.intakes.get(sourceId);
    if (intake === undefined) throw new Error(`no source ${sourceId} is configured`);
    const { topic } = intake;
    this.#outputs.push({ topic, key: null, partition: 0, value, headers, time });
    this.#tag({ topic, partition: 0, offset, time, key: null, value, headers }, intake);
  }

  #tag(record: LogRecord, intake: Intake): void {
    const { outputs, skips, rejections, customers } = takeIn(record, intake);
    for (const output of outputs) this.#outputs.push({ ...output, time: record.time });
    const named = this.#named.get(intake.sourceId) ?? new Set();
    for (const customer of customers) named.add(customer);
    this.#named.set(intake.sourceId, named);
    for (const reason of skips) this.#skipped[reason] = (this.#skipped[reason] ?? 0) + 1;
    for (const { code } of rejections) this.#rejected[code] = (this.#rejected[code] ?? 0) + 1;
  }

  /** The configuration is the first record of every partition. */
  #begin(time: number): void {
    this.#first = time;
    this.#time = time;
    const { configuration, configurationHash: hash } = this.#options;
    this.#toAll(JSON.stringify({ type: 'configuration', hash, configuration }), time);
  }

  #tickUntil(time: number): void {
    const last = hourOf(time);
    for (let hour = hourOf(this.#time) + 1; hour <= last; hour += 1) this.#tick(hour * hourMs);
  }

  #tick(time: number): void {
    this.#toAll(JSON.stringify({ type: 'tick', at: new Date(time).toISOString() }), time);
  }

  #toAll(value: string, time: number): void {
    const headers = { schema: schemaVersions.signals };
    for (let partition = 0; partition < this.#options.partitions; partition += 1) {
      this.#outputs.push({ topic: topicNames.signals, key: null, partition, value, headers, time });
    }
  }

  /** Closes the hour of the last payload, without going beyond it. */
  finish(): void {
    if (!Number.isNaN(this.#time)) this.#tick(this.#time);
  }

  async flush(): Promise<void> {
    for (const [source, named] of this.#named) {
      this.#customers.set(source, sampleWith(this.#customers.get(source) ?? [], named));
    }
    this.#named.clear();
    const outputs = this.#outputs;
    this.#outputs = [];
    if (outputs.length > 0) await this.#options.log.append(outputs);
    let written = 0;
    for (const count of this.#written.values()) written += count;
    this.#options.onProgress(written, this.#time);
  }

  account(): PlayAccount {
    return {
      written: this.#written,
      customers: this.#customers,
      skipped: this.#skipped,
      rejected: this.#rejected,
      firstTime: this.#first,
      lastTime: this.#time,
    };
  }
}
