// The services of a run over one log and one state: started, killed, doubled, stopped and started again.
// One mixture is left out: a state that goes back while its one owner does not know yet what somebody else wrote to it, or while
// somebody else still writes. Who reads documents meanwhile cannot tell a position from the same position reached again.
import type { Intake } from '@gapwatch/core';
import type { Answer, Message } from '@gapwatch/notifier';
import type { PartitionProgress, Service } from '@gapwatch/runtime';
import type { LoopSettings } from '@gapwatch/transport';
import type { SharedLog, Surroundings } from './log.ts';
import type { Plant } from './plants.ts';
import type { Life } from './scheduler.ts';
import { services } from './services.ts';
import type { SharedState } from './state.ts';

export type ClusterOptions = Surroundings & {
  readonly log: SharedLog;
  readonly state: SharedState;
  readonly intakes: ReadonlyMap<string, Intake>;
  readonly partitions: number;
  /** documents that one tick of the aggregator looks at */
  readonly mostDue: number;
  readonly chunkRecords: number;
  /** names of the services that run */
  readonly names: readonly string[];
  /** puts a mistake between the services and their parts */
  readonly plant: Plant;
  readonly onSend: (message: Message) => void;
};

/** Chance for each step that a service which goes on beside its successor ends. */
const endsOverlap = 0.02;
const lostSteps = 6;
const silent = { info: () => {}, warn: () => {}, error: () => {} };

/** A receiver that cannot be reached, or whose answer is lost. */
const notNow = (error: Error): Answer => {
  return { outcome: 'later', reason: 'away', detail: error.message, retryAfterMs: null };
};

type Running = { readonly life: Life; readonly service: Service; isStopping: boolean };

export class Cluster {
  readonly #options: ClusterOptions;
  readonly #running = new Map<string, Running>();
  readonly #overlapping: Life[] = [];
  #born = 0;

  constructor(options: ClusterOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    for (const name of this.#options.names) await this.#launch(name);
  }

  /** Between two steps: perhaps one of the services, or a state, meets its fault. */
  async disturb(): Promise<void> {
    const { faults, random, scheduler, names } = this.#options;
    const name = random.pick(names);
    const running = this.#running.get(name)!;
    const { life } = running;
    const where = () => `step ${scheduler.now}, ${life.name}`;
    if (random.chance(endsOverlap)) this.#endOverlap();
    if (faults.strike('clogged', where)) scheduler.clog(life);
    if (faults.strike('killed', where)) await this.#kill(name);
    else if (faults.strike('overlapped', where)) await this.#overlap(name);
    else if (!running.isStopping && faults.strike('stopped', where)) this.#stop(running);
    await this.#rollBack();
  }

  /** How far each partition of each service is, and where it should be. */
  progress(): readonly (PartitionProgress & { readonly service: string })[] {
    return [...this.#running.values()].flatMap(({ service }) =>
      service.progress().map((progress) => ({ ...progress, service: service.name })),
    );
  }

  /** Ends what goes on beside its successor: each service runs once from here on. */
  calm(): void {
    while (this.#overlapping.length > 0) this.#endOverlap();
  }

  async #kill(name: string): Promise<void> {
    this.#options.scheduler.end(this.#running.get(name)!.life);
    await this.#launch(name);
  }

  async #overlap(name: string): Promise<void> {
    const { life } = this.#running.get(name)!;
    if (!life.mayOverlap) return this.#kill(name);
    this.#overlapping.push(life);
    await this.#launch(name);
  }

  #endOverlap(): void {
    const life = this.#overlapping.shift();
    if (life !== undefined) this.#options.scheduler.end(life);
  }

  /** In good order; a successor comes unless somebody took the place meanwhile. */
  #stop(running: Running): void {
    const { life, service } = running;
    running.isStopping = true;
    void service.stop().then(() => {
      life.isAlive = false;
      return this.#running.get(life.service) === running ? this.#launch(life.service) : undefined;
    });
  }

  async #rollBack(): Promise<void> {
    const { faults, random, scheduler, state } = this.#options;
    if (state.names.length === 0) return;
    const name = random.pick(state.names);
    const steps = 1 + random.below(lostSteps);
    const writer = state.writerOf(name);
    if (writer === null || this.#running.get(writer.service)?.life !== writer) return;
    if (!faults.strike('rolled back', () => `step ${scheduler.now}, ${name} by ${steps}`)) return;
    this.calm();
    scheduler.forgetUnanswered();
    for (const { life } of this.#running.values()) life.mayOverlap = false;
    await state.rollBack(name, steps);
  }

  async #launch(service: string): Promise<void> {
    const { log, state, intakes, partitions, mostDue, plant, random, scheduler, onSend } = this.#options;
    this.#born += 1;
    const life: Life = { service, name: `${service}#${this.#born}`, isAlive: true, mayOverlap: true };
    const value = services[service]!({
      loop: this.#loopOf(life, plant.log?.(log.seenBy(life), life, random) ?? log.seenBy(life)),
      state: plant.state?.(state.seenBy(life), life) ?? state.seenBy(life),
      intakes,
      partitions,
      mostDue,
      send: (message) =>
        scheduler
          .call(life, 'send', `send ${message.id}`, async (): Promise<Answer> => {
            onSend(message);
            return { outcome: 'delivered', detail: 'taken' };
          })
          .catch(notNow),
    });
    this.#running.set(service, { life, service: value, isStopping: false });
    await value.start();
  }

  #loopOf(life: Life, log: LoopSettings['log']): LoopSettings {
    const { clock, scheduler, chunkRecords, violated } = this.#options;
    return {
      log,
      clock,
      logger: silent,
      random: () => 0.5,
      sleep: (delayMs) => scheduler.call(life, 'wait', `wait ${delayMs}`, async () => {}),
      chunkRecords,
      onFailure: ({ topic, partition, error }) => violated(`${life.name} stopped at ${topic}/${partition}: ${error}`),
    };
  }
}
