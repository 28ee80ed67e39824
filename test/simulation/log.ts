// The log of a run: the one in memory, shared by all, and for each copy of a service a way to it on which calls wait,
// fail and come twice.
import { type Origin, type Output, topicNames } from '@gapwatch/contracts';
import type { Clock } from '@gapwatch/runtime';
import { type Appended, type ConsumerHandlers, type Log, openMemoryLog, partitionOfKey } from '@gapwatch/transport';
import { Changes, partitionKey } from '../../packages/transport/src/changes.ts';
import { startConsumer } from '../../packages/transport/src/consumer.ts';
import type { Random } from '../../services/local/src/simulate/random.ts';
import type { Faults } from './faults.ts';
import { Away, type Life, type Scheduler } from './scheduler.ts';

/** What a run is made of that its parts share. */
export type Surroundings = {
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: Faults;
  readonly scheduler: Scheduler;
  /** told of what must never be, whenever it is seen */
  readonly violated: (what: string) => void;
};

/** Reading begins at most this many records before the stored position. */
const redeliveredRecords = 20;

export class SharedLog {
  readonly inner: Log;
  readonly #changes = new Changes();
  readonly #surroundings: Surroundings;
  /** what each service wrote, by what names the output: the same name has one content */
  readonly written = new Map<string, Map<string, string>>();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.inner = openMemoryLog({ clock: surroundings.clock });
  }

  /** Appends at once and without a fault: what comes from outside. */
  async append(outputs: readonly Output[]): Promise<readonly Appended[]> {
    const appended = await this.inner.append(outputs);
    for (const [index, { topic }] of outputs.entries()) {
      this.#changes.notify(partitionKey(topic, appended[index]!.partition));
    }
    return appended;
  }

  /** The log as one copy of a service sees it. */
  seenBy(life: Life): Log {
    const { scheduler, faults, random } = this.#surroundings;
    const { inner } = this;
    const order = new OriginOrder(life, this.#surroundings.violated);
    const read: Log['read'] = (topic, partition, from, limit) => {
      const what = `read ${topic}/${partition} from ${from}`;
      const cut = faults.strike('cut', () => `${what} by ${life.name}`) ? 1 + random.below(limit) : limit;
      return scheduler.call(life, 'read', what, () => inner.read(topic, partition, from, cut));
    };
    return {
      ...inner,
      read,
      append: (outputs) => {
        order.check(outputs);
        const what = `append ${outputs.length} from ${nameOf(outputs[0]!)}`;
        const isTorn = () => faults.strike('torn', () => `${what} of ${life.name}`);
        return scheduler.call(life, 'write', what, () =>
          isTorn() ? this.#tear(life, outputs) : this.#write(life, outputs),
        );
      },
      consume: (options, handlers) => {
        const sleep = (delayMs: number) => scheduler.call(life, 'wait', `wait ${delayMs}`, async () => {});
        const source = { changes: this.#changes, partitions: inner.partitions, read, sleep };
        return startConsumer(source, options, this.#redelivering(life, handlers, order));
      },
    };
  }

  #write(life: Life, outputs: readonly Output[]): Promise<readonly Appended[]> {
    this.#note(life, outputs);
    return this.append(outputs);
  }

  /** As where each partition answers for itself: some take their part, and the call fails. */
  async #tear(life: Life, outputs: readonly Output[]): Promise<never> {
    const places = await Promise.all(outputs.map((output) => this.#placeOf(output)));
    const taking = new Set([...new Set(places)].filter(() => this.#surroundings.random.chance(0.5)));
    await this.#write(
      life,
      outputs.filter((_, index) => taking.has(places[index]!)),
    );
    throw new Away('not every partition took its part');
  }

  async #placeOf({ topic, partition, key }: Output): Promise<string> {
    return partitionKey(topic, partition ?? partitionOfKey(key ?? '', await this.inner.partitions(topic)));
  }

  /** Reading may begin earlier than the state says. */
  #redelivering(life: Life, handlers: ConsumerHandlers, order: OriginOrder): ConsumerHandlers {
    const { faults, random } = this.#surroundings;
    return {
      ...handlers,
      async assigned(topic, partition) {
        const from = await handlers.assigned(topic, partition);
        const strikes = from > 0 && faults.strike('redelivered', () => `${topic}/${partition} to ${life.name}`);
        return strikes ? Math.max(0, from - 1 - random.below(redeliveredRecords)) : from;
      },
      async chunk(chunk) {
        const next = await handlers.chunk(chunk);
        if (next < chunk.next) order.rewind(chunk.topic, chunk.partition);
        return next;
      },
    };
  }

  #note({ service, name }: Life, outputs: readonly Output[]): void {
    const written = this.written.get(service) ?? new Map<string, string>();
    this.written.set(service, written);
    for (const output of outputs) {
      const content = contentOf(output);
      const named = nameOf(output);
      const before = written.get(named);
      if (before !== undefined && before !== content) {
        this.#surroundings.violated(`${name} wrote ${named} anew: ${content}, before: ${before}`);
      }
      written.set(named, content);
    }
  }
}

/** What waits for a receiver is written when it was taken, and dead letters after all else. */
const inOrder: ReadonlySet<string> = new Set([topicNames.signals, topicNames.friction, topicNames.alerts]);

/** Outputs of one place come in the order of that place, from one writer, until it is sent back. */
class OriginOrder {
  readonly #life: Life;
  readonly #violated: (what: string) => void;
  readonly #last = new Map<string, Origin>();
  readonly #appended = new WeakSet<readonly Output[]>();

  constructor(life: Life, violated: (what: string) => void) {
    this.#life = life;
    this.#violated = violated;
  }

  rewind(topic: string, partition: number): void {
    this.#last.delete(`${topic}/${partition}`);
  }

  check(outputs: readonly Output[]): void {
    // the same outputs again are a repeated call
    if (this.#appended.has(outputs)) return;
    this.#appended.add(outputs);
    for (const output of outputs) {
      const origin = originOf(output);
      if (origin === undefined || !inOrder.has(output.topic)) continue;
      const place = `${origin.topic}/${origin.partition}`;
      const last = this.#last.get(place);
      if (last !== undefined && origin.offset < last.offset) {
        this.#violated(`${this.#life.name} went back from ${place}/${last.offset} to ${origin.offset}`);
      }
      this.#last.set(place, origin);
    }
  }
}

type Content = { readonly origin?: Origin; readonly id?: string; readonly at?: string };
const contents = new WeakMap<Output, Content>();

/** Of what a service writes; an output that is appended again is parsed once. */
function parsed(output: Output): Content {
  const content = contents.get(output) ?? (JSON.parse(String(output.value)) as Content);
  contents.set(output, content);
  return content;
}

function originOf(output: Output): Origin | undefined {
  return parsed(output).origin;
}

/** What an output is known by: dead letters by their id, all else by its place and its origin. */
function nameOf(output: Output): string {
  const { id, origin } = parsed(output);
  if (output.topic === topicNames.deadLetters) return `${output.topic} ${id}`;
  const from = origin && `${origin.topic}/${origin.partition}/${origin.offset}/${origin.index}`;
  return `${output.topic} ${output.partition ?? output.key} ${from}`;
}

/** Dead letters and deliveries say when they were written, and deliveries what came of it; all else is made of its input alone. */
function contentOf(output: Output): string {
  if (output.topic === topicNames.deadLetters) return JSON.stringify({ ...parsed(output), at: undefined });
  if (output.topic !== topicNames.deliveries) return String(output.value);
  return JSON.stringify({ ...parsed(output), at: undefined, outcome: undefined, reason: undefined });
}
