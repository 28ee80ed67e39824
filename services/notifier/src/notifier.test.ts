// What a receiver is told, how often, and what is recorded of it: while it takes messages, while it does not, and after
// a crash.
import { deliverySchema, topicNames } from '@gapwatch/contracts';
import { sampleAlert } from '@gapwatch/core';
import { openMemoryState, type StateStep } from '@gapwatch/storage';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { namespace } from './index.ts';
import type { Answer, Message } from './receivers/define.ts';
import { delivered, FakeReceiver, gone, later, minuteMs, refused, startMs, World } from './world.fixture.ts';

const worsened = { event: 'updated', reason: 'worsened' } as const;
const closed = { event: 'closed', state: 'closed', outcome: 'closed', reason: 'gap-closed' } as const;
const dayMinutes = 24 * 60;

function sampleOf({ now }: World) {
  return { ...sampleAlert, at: new Date(now).toISOString() };
}

async function worldOf(...receivers: FakeReceiver[]): Promise<World> {
  const world = await new World().open();
  await world.start(...receivers);
  return world;
}

describe('a transition', () => {
  it('is told once to each receiver that watches its stage, and recorded', async () => {
    const [all, one, other] = [
      new FakeReceiver('all'),
      new FakeReceiver('one', ['delivery']),
      new FakeReceiver('x', ['buy']),
    ];
    const world = await worldOf(all, one, other);
    await world.alert();
    await world.alert();
    await world.alert({ ...worsened, sequence: 2 });
    await world.alert({ ...worsened, sequence: 3, reason: 'day-passed' });
    await world.alert({ ...closed, sequence: 4 });
    expect(all.told).toEqual(['1 opened', '2 worsened', '4 closed']);
    expect(one.told).toEqual(all.told);
    expect(other.told).toEqual([]);
    const recorded = await world.recorded();
    expect(recorded.filter((each) => each.startsWith('one'))).toEqual([
      'one 1 delivered(opened)',
      'one 2 delivered(worsened)',
      'one 3 skipped(no-news)',
      'one 4 delivered(closed)',
    ]);
    expect(recorded).toHaveLength(8);
    for (const delivery of await world.deliveries()) expect(deliverySchema.parse(delivery)).toEqual(delivery);
    expect(world.counts).toMatchObject({
      'deliver-opened': 2,
      'skip-already-delivered': 2,
      'skip-no-news': 2,
      delivered: 6,
    });
  });

  it('that is history is recorded and told to nobody', async () => {
    const receiver = new FakeReceiver('one');
    const world = await worldOf(receiver);
    await world.alert({ at: new Date(startMs - 24 * 3_600_000 - 1).toISOString() });
    expect(receiver.told).toEqual([]);
    expect(await world.recorded()).toEqual(['one 1 skipped(stale)']);
  });

  it('that nobody could be told for a day because nobody ran is history as well', async () => {
    const receiver = new FakeReceiver('one');
    const world = await new World().open();
    await world.append(sampleOf(world));
    world.now += 3 * 24 * 3_600_000;
    await world.append({ type: 'tick', at: new Date(world.now).toISOString() });
    await world.start(receiver);
    await world.folded();
    expect(receiver.told).toEqual([]);
    expect(await world.recorded()).toEqual(['one 1 skipped(stale)']);
  });

  it('that cannot be read is a dead letter, and the next one is told', async () => {
    const receiver = new FakeReceiver('one');
    const world = await worldOf(receiver);
    await world.append({ type: 'alert', id: 7 });
    await world.alert();
    expect(receiver.told).toEqual(['1 opened']);
    expect((await world.log.marks(topicNames.deadLetters, 0)).high).toBe(1);
  });
});

describe('a snooze', () => {
  const until = new Date(startMs + 90 * minuteMs).toISOString();
  const people = { snoozed: { by: 'desk', at: new Date(startMs).toISOString(), until } };
  const snooze = { ...worsened, reason: 'snoozed', people };

  it('keeps a worsening back and ends with a reminder of the newest record, at the tick that passes its end', async () => {
    const receiver = new FakeReceiver('one');
    const world = await worldOf(receiver);
    await world.alert();
    await world.alert({ ...snooze, sequence: 2 });
    await world.alert({ ...worsened, people, sequence: 3, now: 0.3 });
    await world.tick(89);
    expect(receiver.told).toEqual(['1 opened']);
    await world.tick(1);
    await world.tick(1);
    expect(receiver.told).toEqual(['1 opened', '3 reminder']);
    expect(receiver.sent[1]).toMatchObject({ at: until, alert: { now: 0.3 } });
    expect(await world.recorded()).toEqual([
      'one 1 delivered(opened)',
      'one 2 skipped(no-news)',
      'one 3 skipped(snoozed)',
      'one 3 delivered(reminder)',
    ]);
  });

  it('that is made longer or taken back ends at its new time', async () => {
    const receiver = new FakeReceiver('one');
    const world = await worldOf(receiver);
    const ends = (minutes: number) => ({
      people: { snoozed: { ...people.snoozed, until: new Date(startMs + minutes * minuteMs).toISOString() } },
    });
    await world.alert({ ...snooze, sequence: 2 });
    await world.alert({ ...snooze, ...ends(120), sequence: 3 });
    await world.tick(100);
    expect(receiver.told).toEqual([]);
    await world.alert({ ...snooze, ...ends(99), sequence: 4 });
    await world.tick();
    expect(receiver.told).toEqual(['4 reminder']);
  });

  const over: [string, object, string][] = [
    ['the alert has ended, which is told at once', { ...closed, people, sequence: 3 }, '3 closed'],
    ['it was told again after its end', { ...worsened, people, sequence: 3 }, '3 worsened'],
  ];
  it.each(over)('ends without a reminder where %s', async (_name, change, told) => {
    const receiver = new FakeReceiver('one');
    const world = await worldOf(receiver);
    await world.alert({ ...snooze, sequence: 2 });
    if (told === '3 worsened') world.now += 90 * minuteMs;
    await world.alert(change);
    await world.tick(91);
    expect(receiver.told).toEqual([told]);
  });
});

describe('a receiver that is away', () => {
  it('holds up neither another receiver nor the topic, and is told with growing delay when it is back', async () => {
    const [away, other] = [new FakeReceiver('away'), new FakeReceiver('other')];
    away.answer = () => later();
    const world = await worldOf(away, other);
    await world.alert();
    await world.alert({ ...worsened, sequence: 2 });
    expect(other.told).toEqual(['1 opened', '2 worsened']);
    const tries: number[] = [];
    for (let minute = 1; minute <= 16; minute += 1) {
      const before = away.sent.length;
      await world.tick();
      if (away.sent.length > before) tries.push(minute);
    }
    expect(tries).toEqual([1, 3, 7, 15]);
    expect(world.warnings).toHaveLength(1);
    away.answer = () => delivered;
    await world.tick(16);
    expect(away.told.slice(5)).toEqual(['1 opened', '2 worsened']);
    expect(
      new Set(away.sent.filter(({ news }) => news === 'opened').map((message) => JSON.stringify(message))).size,
    ).toBe(1);
    expect((await world.recorded()).filter((each) => each.startsWith('away'))).toEqual([
      'away 1 delivered(opened)',
      'away 2 delivered(worsened)',
    ]);
  });

  it('for a day of log time is given up, message by message', async () => {
    const away = new FakeReceiver('away');
    away.answer = () => later();
    const world = await worldOf(away);
    await world.alert();
    await world.tick(dayMinutes);
    expect(await world.recorded()).toEqual([]);
    await world.tick(61);
    expect(await world.recorded()).toEqual(['away 1 failed(gave-up)']);
    const asked = away.sent.length;
    await world.tick(dayMinutes);
    expect(away.sent).toHaveLength(asked);
  });

  it('is asked nothing before the time that it names', async () => {
    const busy = new FakeReceiver('busy');
    busy.answer = () => later(10 * minuteMs);
    const world = await worldOf(busy);
    await world.alert();
    busy.answer = () => delivered;
    await world.alert({ id: 'another' });
    await world.tick(9);
    expect(busy.told).toEqual(['1 opened']);
    await world.tick(1);
    expect(busy.sent.map(({ alert }) => alert.id).sort()).toEqual(
      [busy.sent[0]!.alert.id, busy.sent[0]!.alert.id, 'another'].sort(),
    );
  });

  it('for one message only is told the others', async () => {
    const receiver = new FakeReceiver('one');
    receiver.answer = ({ alert }) => (alert.id === 'poison' ? later() : delivered);
    const world = await worldOf(receiver);
    await world.alert({ id: 'poison' });
    for (const id of ['a', 'b', 'c']) {
      // both are due then
      world.now += 120 * minuteMs;
      await world.alert({ id });
      expect((await world.deliveries()).at(-1)).toMatchObject({ alert: id, outcome: 'delivered' });
      expect(receiver.sent.at(-1)?.alert.id).toBe('poison');
    }
  });

  it('by being slow gets the rest at the next tick', async () => {
    const slow = new FakeReceiver('slow');
    const world = await new World().open();
    slow.answer = () => {
      world.now += 8_000;
      return delivered;
    };
    await world.append(...['a', 'b', 'c', 'd'].map((id) => ({ ...sampleOf(world), id })));
    await world.start(slow);
    await world.folded();
    expect(slow.sent).toHaveLength(2);
    await world.tick();
    expect(slow.sent.map(({ alert }) => alert.id)).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('a receiver that refuses', () => {
  it('one message is not sent it again, and is told the next', async () => {
    const receiver = new FakeReceiver('one');
    receiver.answer = ({ news }) => (news === 'opened' ? refused : delivered);
    const world = await worldOf(receiver);
    await world.alert();
    await world.alert({ ...worsened, sequence: 2 });
    await world.tick(60);
    expect(receiver.told).toEqual(['1 opened', '2 worsened']);
    expect(await world.recorded()).toEqual(['one 1 failed(status-400)', 'one 2 delivered(worsened)']);
  });

  it('everything is told nothing more until the next start, which is said once', async () => {
    const receiver = new FakeReceiver('one');
    receiver.answer = () => gone;
    const world = await worldOf(receiver);
    await world.alert();
    await world.alert({ ...worsened, sequence: 2 });
    expect(receiver.told).toEqual(['1 opened']);
    expect(await world.recorded()).toEqual(['one 1 failed(status-410)', 'one 2 failed(gone)']);
    expect(world.warnings).toEqual([expect.stringContaining('a receiver is gone')]);
    await world.stop();
    receiver.answer = () => delivered;
    await world.start(receiver);
    await world.alert({ ...worsened, sequence: 3 });
    expect(receiver.told).toEqual(['1 opened', '3 worsened']);
  });

  it('and was taken out of the configuration is recorded so', async () => {
    const receiver = new FakeReceiver('one');
    receiver.answer = () => later();
    const world = await worldOf(receiver);
    await world.alert();
    await world.stop();
    await world.start();
    await world.tick();
    expect(await world.recorded()).toEqual(['one 1 failed(not-configured)']);
  });
});

describe('a crash', () => {
  /** Fails once, as if the process were killed there. */
  function dyingOnce<Arguments extends unknown[], Result>(call: (...given: Arguments) => Promise<Result>) {
    let isDying = true;
    return async (...given: Arguments): Promise<Result> => {
      if (!isDying) return call(...given);
      isDying = false;
      throw new Error('killed');
    };
  }

  const places: [string, (world: World) => void][] = [
    [
      'sending and recording',
      (world) => {
        world.log = { ...world.log, append: dyingOnce(world.log.append) };
      },
    ],
    [
      'recording and moving on',
      (world) => {
        const own = world.state.partition(namespace, 0);
        const dying = { ...own, apply: dyingOnce((step: StateStep) => own.apply(step)) };
        world.state = { ...world.state, partition: () => dying };
      },
    ],
  ];
  it.each(places)('between %s repeats the same message under the same id', async (_name, die) => {
    const receiver = new FakeReceiver('one');
    const world = await worldOf(receiver);
    await world.tick();
    await world.stop();
    const { log, state } = world;
    await world.append(sampleOf(world));
    die(world);
    await world.start(receiver);
    await expect.poll(() => world.failures.map(({ message }) => message)).toEqual(['killed']);
    await world.stop();
    Object.assign(world, { log, state });
    world.now += 5_000;
    await world.start(receiver);
    await world.folded();
    expect(receiver.sent).toHaveLength(2);
    expect(receiver.sent[1]).toEqual(receiver.sent[0]);
  });

  it('that empties the state pages nobody again, and loses nothing that nobody was told', async () => {
    const [one, two] = [new FakeReceiver('one'), new FakeReceiver('two')];
    two.answer = () => later();
    const world = await worldOf(one, two);
    await world.alert({ id: 'old' });
    await world.tick(3 * dayMinutes);
    await world.alert();
    const until = new Date(world.now + 60 * minuteMs).toISOString();
    const people = { snoozed: { by: 'desk', at: until, until } };
    await world.alert({ ...worsened, sequence: 2, reason: 'snoozed', people });
    await world.tick(60);
    expect(one.told).toEqual(['1 opened', '1 opened', '2 reminder']);
    await world.stop();
    world.state = openMemoryState();
    world.chunkRecords = 1;
    two.answer = () => delivered;
    two.sent.length = 0;
    await world.start(one, two);
    await world.folded();
    expect(one.told).toHaveLength(3);
    expect(two.told).toEqual(['1 opened', '2 reminder']);
    await world.alert({ ...closed, sequence: 3 });
    expect([one.told.at(-1), two.told.at(-1)]).toEqual(['3 closed', '3 closed']);
  });

  it('of the state alone, while we run, pages nobody again', async () => {
    const receiver = new FakeReceiver('one');
    const world = await worldOf(receiver);
    await world.alert();
    await world.state.drop(namespace);
    await world.alert({ ...closed, sequence: 2 });
    expect(receiver.told).toEqual(['1 opened', '2 closed']);
  });
});

describe('a stop', () => {
  it('waits for what is in flight, and begins nothing more', async () => {
    const receiver = new FakeReceiver('one');
    const taken = Promise.withResolvers<Answer>();
    receiver.answer = () => taken.promise;
    const world = await new World().open();
    await world.append(sampleOf(world), { ...sampleOf(world), id: 'another' });
    await world.start(receiver);
    await expect.poll(() => receiver.sent).toHaveLength(1);
    const stopped = world.stop();
    taken.resolve(delivered);
    await stopped;
    expect(receiver.sent).toHaveLength(1);
    expect(await world.recorded()).toEqual(['one 1 delivered(opened)']);
  });

  it('cuts off what does not end by itself, which is sent again after the next start', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const hanging = new FakeReceiver('one');
      const world = await new World().open();
      hanging.answer = (_, signal) =>
        new Promise<Answer>((resolve) => signal.addEventListener('abort', () => resolve(later())));
      await world.append(sampleOf(world), { ...sampleOf(world), id: 'another' });
      await world.start(hanging);
      await vi.waitFor(() => expect(hanging.sent).toHaveLength(1));
      const stopped = world.stop();
      await vi.advanceTimersByTimeAsync(3_000);
      await stopped;
      expect(hanging.sent).toHaveLength(1);
      expect(await world.recorded()).toEqual([]);
      hanging.answer = () => delivered;
      vi.useRealTimers();
      await world.start(hanging);
      await world.tick();
      expect(await world.recorded()).toEqual(['one 1 delivered(opened)', 'one 1 delivered(opened)']);
      expect(hanging.sent[1]?.id).toBe(hanging.sent[0]?.id);
    } finally {
      vi.useRealTimers();
    }
  });
});

it('whatever receivers answer, each transition has one end for each of them, told in order and under one id', async () => {
  const answers = fc.constantFrom(delivered, later(), later(3 * minuteMs), refused);
  const transitions = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(
      transitions,
      fc.array(answers, { maxLength: 30 }),
      fc.array(fc.boolean()),
      async (ids, script, ticks) => {
        const receivers = [new FakeReceiver('one'), new FakeReceiver('two')];
        for (const receiver of receivers) receiver.answer = () => script.shift() ?? delivered;
        const world = await worldOf(...receivers);
        const sequences = new Map<string, number>();
        for (const [index, id] of ids.entries()) {
          const sequence = (sequences.get(id) ?? 0) + 1;
          sequences.set(id, sequence);
          await world.alert({ id, sequence, ...(sequence > 1 && worsened) });
          if (ticks[index]) await world.tick();
        }
        for (let hour = 0; hour < 20; hour += 1) await world.tick(60);
        for (const receiver of receivers) expectOrder(receiver.sent, sequences);
        const ends = (await world.deliveries()).map(
          ({ receiver, alert, sequence }) => `${receiver} ${alert} ${sequence}`,
        );
        const expected = [...sequences].flatMap(([id, last]) =>
          Array.from({ length: last }, (_, index) =>
            receivers.map((receiver) => `${receiver.id} ${id} ${index + 1}`),
          ).flat(),
        );
        expect(ends.sort()).toEqual(expected.sort());
        await world.stop();
      },
    ),
    { numRuns: 40 },
  );
});

function expectOrder(sent: readonly Message[], sequences: ReadonlyMap<string, number>): void {
  for (const id of sequences.keys()) {
    const own = sent.filter(({ alert }) => alert.id === id);
    const order = own.map(({ alert }) => alert.sequence);
    expect(order).toEqual(order.toSorted((left, right) => left - right));
    expect(new Set(own.map((message) => message.id)).size).toBe(new Set(order).size);
  }
}
