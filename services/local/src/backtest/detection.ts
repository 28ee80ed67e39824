// The detector over a history: what the partitions said of each hour, folded hour by hour. Nothing is kept, nothing is sent.
import { type AlertRecord, type FrictionHour, type FrictionRecord, topicNames } from '@gapwatch/contracts';
import { foldFriction, hourOf, MemoryWorkspace } from '@gapwatch/core';
import type { Timed } from '../files/order.ts';
import { recordAt } from './record.ts';

export class Detection {
  readonly workspace = new MemoryWorkspace();
  /** the newest record of each alert, in the order in which they opened */
  readonly alerts = new Map<string, AlertRecord>();
  #offset = 0;

  constructor(configuration: FrictionRecord) {
    this.#fold(configuration, 0);
  }

  /** Closes hour by hour. `ticks`: log times at which they are closed; `told`: what the partitions said, in that order. */
  run(ticks: readonly number[], told: Iterable<Timed>): void {
    const news = told[Symbol.iterator]();
    let next = news.next();
    for (const at of ticks) {
      const hour: FrictionHour[] = [];
      for (; !next.done && next.value.time === at; next = news.next())
        hour.push(JSON.parse(next.value.text) as FrictionHour);
      this.#close(at, hour);
    }
  }

  #close(at: number, told: readonly FrictionHour[]): void {
    const beliefs = told.flatMap((one) => one.beliefs ?? []);
    const origin = { topic: topicNames.signals, partition: 0, offset: this.#offset, index: 0 };
    const hour: FrictionHour = {
      type: 'hour',
      origin,
      partition: 0,
      partitions: 1,
      upTo: hourOf(at),
      at: new Date(at).toISOString(),
      votes: told.flatMap(({ votes }) => votes),
      ...(beliefs.length > 0 && { beliefs }),
    };
    this.#fold(hour, at);
  }

  #fold(content: FrictionRecord, time: number): void {
    const record = recordAt('friction', this.#offset, time);
    this.#offset += 1;
    foldFriction([{ record, content }], this.workspace);
    for (const { value } of this.workspace.outputs) {
      const alert = JSON.parse(value as string) as AlertRecord;
      this.alerts.set(alert.id, alert);
    }
    this.workspace.outputs = [];
  }
}
