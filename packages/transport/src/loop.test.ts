import type { LogRecord, Output, Rejection } from '@gapwatch/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeadLetterStorm } from './dead-letters.ts';
import { createLoop, type LoopFailure, type LoopSettings } from './loop.ts';
import { openMemoryLog } from './memory/log.ts';
import type { PartitionWork, Step } from './partition-loop.ts';
import type { Chunk, Log } from './port.ts';

/** A part that is away for a while. */
class Away extends Error {
  readonly transient = true;
}

/**
 * The state of one service that outlives its crashes: a position and the sum of the numbers read. Faults are planned by
 * the name of the step at which they strike.
 */
class Account {
  position = 0;
  sum = 0;
  cached: number | null = null;
  closed = 0;
  plan: Record<string, (() => void)[]> = {};

  strike(step: string): void {
    this.plan[step]?.shift()?.();
  }

  work(): PartitionWork {
    return {
      position: async () => {
        this.strike('position');
        return this.position;
      },
      forget: () => {
        this.cached = null;
      },
      step: async (chunk) => this.#step(chunk),
      close: async () => {
        this.closed += 1;
        this.strike('close');
      },
    };
  }

  #step(chunk: Chunk): Step {
    this.strike('before fold');
    this.cached ??= this.sum;
    const outputs: Output[] = [];
    const rejections: Rejection[] = [];
    for (const record of chunk.records) {
      const number = Number(textOf(record));
      if (Number.isNaN(number)) rejections.push({ record, code: 'no-number', message: 'write a number' });
      else {
        this.cached += number;
        outputs.push({ topic: 'out', key: null, value: JSON.stringify({ from: record.offset, sum: this.cached }) });
      }
    }
    this.strike('after fold');
    const next = this.cached;
    const commit = async () => {
      this.strike('before commit');
      if (this.position !== chunk.from) return { outcome: 'stale', position: this.position } as const;
      this.position = chunk.next;
      this.sum = next;
      this.strike('after commit');
      return { outcome: 'applied' } as const;
    };
    return { next: chunk.next, outputs, rejections, counts: { folded: chunk.records.length }, commit };
  }
}

function textOf({ value }: LogRecord): string {
  return new TextDecoder().decode(value ?? undefined);
}

const crash = (message: string) => () => {
  throw new Error(message);
};
const away = () => {
  throw new Away('not at home');
};

describe('the loop', () => {
  let log: Log;
  let account: Account;
  let logged: string[];
  let failures: LoopFailure[];
  let counted: Record<string, number>;
  let failed: PromiseWithResolvers<LoopFailure>;

  beforeEach(async () => {
    log = openMemoryLog({ clock: { now: () => 0 } });
    for (const topic of ['in', 'out', 'dead-letters']) await log.createTopic(topic, 1);
    account = new Account();
    logged = [];
    failures = [];
    counted = {};
    failed = Promise.withResolvers();
  });
  afterEach(() => log.close());

  function start(options: Partial<LoopSettings> = {}) {
    const note = (_facts: object, message: string) => {
      logged.push(message);
    };
    return createLoop({
      log,
      clock: { now: () => 7 },
      logger: { info: note, warn: note, error: note },
      random: () => 0,
      chunkRecords: 2,
      onCounts: (_service, counts) => {
        for (const [name, count] of Object.entries(counts)) counted[name] = (counted[name] ?? 0) + count;
      },
      onFailure: (failure) => {
        failures.push(failure);
        failed.resolve(failure);
      },
      service: 'adder',
      topics: ['in'],
      open: () => account.work(),
      ...options,
    });
  }

  async function write(...values: unknown[]): Promise<void> {
    await log.append(values.map((value) => ({ topic: 'in', key: null, value: String(value) })));
  }

  /** Resolves when the account stands at a position; the log wakes the loop, so that turns of the event loop are enough. */
  async function reaches(position: number): Promise<void> {
    await expect.poll(() => account.position, { interval: 1 }).toBe(position);
  }

  async function outputs(topic = 'out') {
    return (await log.read(topic, 0, 0, 1_000)).records.map((record) => JSON.parse(textOf(record)));
  }

  it('folds, writes and moves on, and says how far it is', async () => {
    const service = start();
    await service.start();
    await write(1, 2, 3);
    await reaches(3);
    await service.stop();
    expect(account.sum).toBe(6);
    expect((await outputs()).map(({ sum }) => sum)).toEqual([1, 3, 6]);
    expect(service.name).toBe('adder');
    expect(counted).toEqual({ folded: 3 });
  });

  const crashes: [string, number][] = [
    ['before fold', 0],
    ['after fold', 0],
    ['before commit', 1],
    ['after commit', 1],
  ];
  it.each(crashes)('killed %s, a later one ends with the same sum and every output', async (step, doubled) => {
    await write(1, 2, 3, 4);
    account.plan[step] = [crash('killed')];
    const first = start();
    await first.start();
    expect((await failed.promise).error.message).toBe('killed');
    await first.stop();
    account.cached = null;
    const second = start();
    await second.start();
    await reaches(4);
    await second.stop();
    expect(account.sum).toBe(10);
    const found = await outputs();
    expect([...new Map(found.map(({ from, sum }) => [from, sum]))]).toEqual([
      [0, 1],
      [1, 3],
      [2, 6],
      [3, 10],
    ]);
    // at most the chunk in flight is written twice, each output of it with the place that it came from
    expect(found.length - 4).toBeLessThanOrEqual(doubled * 2);
  });

  it('tries again while a part is away, and says so once', async () => {
    await write(1, 2);
    account.plan.position = [away, away];
    account.plan['before fold'] = [away, away];
    account.plan['before commit'] = [away];
    const service = start();
    await service.start();
    await reaches(2);
    await service.stop();
    expect(account.sum).toBe(3);
    expect(failures).toEqual([]);
    expect(logged.filter((message) => message.startsWith('a part is away'))).toHaveLength(3);
    expect(logged.filter((message) => message === 'the part is back')).toHaveLength(3);
  });

  it('waits between calls as it is told', async () => {
    await write(1, 2);
    account.plan['before fold'] = [away, away];
    const waits: number[] = [];
    const service = start({
      sleep: async (delayMs) => {
        waits.push(delayMs);
      },
    });
    await service.start();
    await reaches(2);
    await service.stop();
    expect(waits).toEqual([50, 100]);
  });

  it('folds no chunk but the one that it asked for', async () => {
    await write(1, 2, 3);
    account.position = 2;
    account.sum = 3;
    const early: Log = {
      ...log,
      consume: (options, handlers) =>
        log.consume(options, { ...handlers, assigned: async (...place) => (await handlers.assigned(...place)) - 2 }),
    };
    const service = start({ log: early });
    await service.start();
    await reaches(3);
    await service.stop();
    expect(account.sum).toBe(6);
    expect((await outputs()).map(({ from }) => from)).toEqual([2]);
  });

  it('takes a lost reply of a commit for what it was: done', async () => {
    await write(1, 2, 3);
    account.plan['after commit'] = [away];
    const service = start();
    await service.start();
    await reaches(3);
    await service.stop();
    expect(account.sum).toBe(6);
    expect(logged).not.toContain('the state has another position: going on from there');
  });

  it.each([
    ['ahead, as after somebody else', 3, 6],
    ['behind, as after a store that lost its end', 0, 0],
  ])('adopts a state that is %s', async (_name, position, sum) => {
    await write(1, 2, 3, 4);
    account.position = 2;
    account.sum = 3;
    account.plan['before commit'] = [
      () => {
        account.position = position;
        account.sum = sum;
      },
    ];
    const service = start();
    await service.start();
    await reaches(4);
    await service.stop();
    expect(account.sum).toBe(10);
    expect(logged).toContain('the state has another position: going on from there');
  });

  it('writes what cannot be taken to the dead letters, as it came, with the place and the reason', async () => {
    await write(1, 'two', 3);
    await log.append([{ topic: 'in', key: null, value: new Uint8Array([0xff, 0xfe]) }]);
    const service = start();
    await service.start();
    await reaches(4);
    await service.stop();
    expect(await outputs('dead-letters')).toEqual([
      {
        id: 'adder:in/0/1',
        at: '1970-01-01T00:00:00.007Z',
        service: 'adder',
        origin: { topic: 'in', partition: 0, offset: 1 },
        reason: { code: 'no-number', message: 'write a number' },
        payload: 'two',
      },
      expect.objectContaining({ payloadBase64: '//4=', origin: { topic: 'in', partition: 0, offset: 3 } }),
    ]);
    expect(account.sum).toBe(4);
  });

  it('stops before a storm of dead letters, which are then still in their place', async () => {
    await write(...Array.from({ length: 100 }, (_, index) => (index < 10 ? index : 'x')), ...Array(20).fill('x'));
    const service = start({ chunkRecords: 40 });
    await service.start();
    const { error, topic, partition } = await failed.promise;
    await service.stop();
    expect(error).toBeInstanceOf(DeadLetterStorm);
    expect(error.message).toContain('no-number');
    expect([topic, partition]).toEqual(['in', 0]);
    expect(account.position).toBe(80);
    expect(await outputs('dead-letters')).toHaveLength(70);
  });

  it('stops at a tenth of the last thousand as well', async () => {
    await write(...Array.from({ length: 1_500 }, (_, index) => (index % 9 === 0 ? 'x' : 1)));
    const service = start({ chunkRecords: 100 });
    await service.start();
    expect((await failed.promise).error).toBeInstanceOf(DeadLetterStorm);
    await service.stop();
    expect(account.position).toBe(800);
  });

  it('leaves the position where it was when a fold has a bug, and drops what was cached', async () => {
    await write(1, 2, 3, 4);
    account.plan['after fold'] = [() => {}, crash('a bug')];
    const service = start();
    await service.start();
    const failure = await failed.promise;
    await service.stop();
    expect(failure).toMatchObject({ service: 'adder', topic: 'in', partition: 0 });
    expect([account.position, account.cached]).toEqual([2, null]);
    expect(logged).toContain('a partition has stopped');
  });

  it('stops while a part is away, without committing', async () => {
    await write(1, 2);
    account.plan['before commit'] = Array(50).fill(away);
    const service = start();
    await service.start();
    await expect.poll(() => logged.length, { interval: 1 }).toBeGreaterThan(0);
    await service.stop();
    expect(account.position).toBe(0);
    expect(failures).toEqual([]);
  });

  it('lets a service store what it holds back, once, before the partition is let go', async () => {
    await write(1, 2);
    const service = start();
    await service.start();
    await reaches(2);
    expect(account.closed).toBe(0);
    await service.stop();
    expect(account.closed).toBe(1);
  });

  it('does not ask for it where the partition has failed', async () => {
    await write(1, 2);
    account.plan['after fold'] = [crash('a bug')];
    const service = start();
    await service.start();
    await failed.promise;
    await service.stop();
    expect(account.closed).toBe(0);
  });

  it.each([
    ['says so and ends where a part is away then', away, 0],
    ['tells it as a failure where it cannot be mended', crash('a bug'), 1],
  ])('%s', async (_name, strike, told) => {
    const service = start();
    await service.start();
    account.plan.close = [strike];
    await service.stop();
    expect(failures).toHaveLength(told);
    expect(logged).toEqual([expect.stringMatching(told === 0 ? /is read again$/ : /^a partition has stopped/)]);
  });
});
