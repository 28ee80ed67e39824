// A run's parts put together: a clock that stands still until it is set, the log, the state, and the services over them.

import { namespace as aggregator } from '@gapwatch/aggregator';
import { type LogRecord, type Output, rawTopic, schemaVersions, topicNames } from '@gapwatch/contracts';
import type { Message } from '@gapwatch/notifier';
import { intakesOf } from '../../services/local/src/running/pipeline.ts';
import { prepareTopics } from '../../services/local/src/running/topics.ts';
import { settle } from '../../services/local/src/settings/configuration.ts';
import { plainSourcing } from '../../services/local/src/settings/sourcing.ts';
import type { Random } from '../../services/local/src/simulate/random.ts';
import { Cluster } from './cluster.ts';
import type { Faults } from './faults.ts';
import { SharedLog, type Surroundings } from './log.ts';
import type { Plant } from './plants.ts';
import { Scheduler } from './scheduler.ts';
import { SharedState } from './state.ts';
import type { Workload } from './workload.ts';

export type StandOptions = {
  readonly workload: Workload;
  readonly random: Random;
  readonly faults: Faults;
  readonly names: readonly string[];
  readonly plant?: Plant;
  readonly chunkRecords: number;
};

export class Stand {
  readonly log: SharedLog;
  readonly state: SharedState;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly cluster: Cluster;
  readonly violations: string[] = [];
  /** what went out to people, in order */
  readonly sent: Message[] = [];
  readonly #workload: Workload;
  #time = 0;

  constructor({ workload, random, faults, names, plant = {}, chunkRecords }: StandOptions) {
    const violated = (what: string) => this.violations.push(what);
    const clock = { now: () => this.#time };
    this.#workload = workload;
    this.random = random;
    this.scheduler = new Scheduler(random, faults);
    const surroundings: Surroundings = { clock, random, faults, scheduler: this.scheduler, violated };
    this.log = new SharedLog(surroundings);
    this.state = new SharedState(surroundings);
    const { configuration, partitions, mostDue } = workload;
    this.cluster = new Cluster({
      ...surroundings,
      log: this.log,
      state: this.state,
      intakes: shopKeepsCustomers(intakesOf(configuration, partitions, plainSourcing)),
      partitions,
      mostDue,
      chunkRecords,
      names,
      plant,
      onSend: (message) => this.sent.push(message),
    });
  }

  get time(): number {
    return this.#time;
  }

  async prepare(): Promise<void> {
    await prepareTopics(this.log.inner, this.#workload.configuration, this.#workload.partitions);
  }

  /** From outside, at a time; the clock never goes back. */
  async append(at: number, outputs: readonly Output[]): Promise<void> {
    this.#time = Math.max(this.#time, at);
    await this.log.append(outputs);
  }

  /** The record that begins each partition, and what moves log time on. */
  async announce(at: number): Promise<void> {
    const { configuration, hash } = settle(this.#workload.configuration, null);
    const value = JSON.stringify({ type: 'configuration', hash, configuration });
    await this.append(at, [...this.#everywhere('signals', value), ...this.#everywhere('friction', value)]);
  }

  async tick(at: number): Promise<void> {
    const value = JSON.stringify({ type: 'tick', at: new Date(at).toISOString() });
    await this.append(at, [...this.#everywhere('signals', value), ...this.#everywhere('alerts', value)]);
  }

  /** A tombstone in every raw partition: a state that went back is noticed when there is something to read. */
  async touch(): Promise<void> {
    const { configuration, partitions } = this.#workload;
    for (const { id } of configuration.sources) {
      const tombstone = { topic: rawTopic(id), key: null, value: null };
      await this.append(
        this.#time,
        Array.from({ length: partitions }, (_, partition) => ({ ...tombstone, partition })),
      );
    }
  }

  #everywhere(topic: 'signals' | 'friction' | 'alerts', value: string): Output[] {
    const partitions = topic === 'signals' ? this.#workload.partitions : 1;
    const headers = { schema: schemaVersions[topic] };
    return Array.from({ length: partitions }, (_, partition) => {
      return { topic: topicNames[topic], key: null, partition, value, headers };
    });
  }

  /** All records of the log, topic by topic. */
  async records(): Promise<LogRecord[]> {
    const records: LogRecord[] = [];
    for (const topic of await this.log.inner.topics()) records.push(...(await this.recordsOf(topic)));
    return records;
  }

  async recordsOf(topic: string): Promise<LogRecord[]> {
    const records: LogRecord[] = [];
    for (let partition = 0; partition < (await this.log.inner.partitions(topic)); partition += 1) {
      records.push(...(await this.log.inner.read(topic, partition, 0, Number.MAX_SAFE_INTEGER)).records);
    }
    return records;
  }

  /** Whether the aggregator has something to look at that no tick had room for. */
  async isBehind(): Promise<boolean> {
    for (let partition = 0; partition < this.#workload.partitions; partition += 1) {
      const own = this.state.named(`${aggregator}/${partition}`);
      if ((await own.due(this.#time, 1)).length > 0) return true;
    }
    return false;
  }

  /** Runs until nobody has anything left to do; false when that takes more steps than this. */
  async drain(limit: number): Promise<boolean> {
    for (let steps = 0; steps < limit; steps += 1) if (!(await this.scheduler.step())) return true;
    return false;
  }
}

/** One of the two sources says that its versions never name another customer, as `shop` of the workload keeps to. */
function shopKeepsCustomers(intakes: ReturnType<typeof intakesOf>): ReturnType<typeof intakesOf> {
  return new Map(
    [...intakes].map(([topic, intake]) => [topic, { ...intake, customerMayChange: intake.sourceId !== 'shop' }]),
  );
}
