import { describe, expect, it } from 'vitest';
import { openMemoryLog } from './memory/log.ts';
import { startTicker } from './ticker.ts';

/** A clock that moves when it is told to, and wakes whoever sleeps on it. */
class FakeTime {
  now = 90_500;
  #wake: () => void = () => {};
  #slept = Promise.withResolvers<number>();

  readonly sleep = (delayMs: number, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      this.#wake = () => {
        this.now += delayMs;
        resolve();
      };
      signal.addEventListener('abort', () => reject(new Error('stopped')));
      this.#slept.resolve(delayMs);
    });

  /** How long the ticker wants to sleep, once it does. */
  async sleeps(): Promise<number> {
    const delayMs = await this.#slept.promise;
    this.#slept = Promise.withResolvers<number>();
    return delayMs;
  }

  wake(): void {
    this.#wake();
  }
}

describe('the ticker', () => {
  async function open(enabled: () => Promise<boolean>) {
    const time = new FakeTime();
    const clock = { now: () => time.now };
    const log = openMemoryLog({ clock });
    await log.createTopic('signals', 2);
    const faults: unknown[] = [];
    const ticker = startTicker({
      log,
      topic: 'signals',
      everyMs: 60_000,
      clock,
      enabled,
      onFault: (error) => faults.push(error),
      sleep: time.sleep,
    });
    const ticks = async (partition: number) => {
      const { records } = await log.read('signals', partition, 0, 100);
      return records.map(({ value }) => JSON.parse(new TextDecoder().decode(value ?? undefined)));
    };
    return { time, ticker, ticks, faults };
  }

  it('writes into every partition at whole minutes, until it is stopped', async () => {
    const { time, ticker, ticks, faults } = await open(async () => true);
    expect(await time.sleeps()).toBe(29_500);
    time.wake();
    expect(await time.sleeps()).toBe(60_000);
    time.wake();
    await time.sleeps();
    await ticker.stop();
    const expected = ['1970-01-01T00:02:00.000Z', '1970-01-01T00:03:00.000Z'].map((at) => ({ type: 'tick', at }));
    expect(await ticks(0)).toEqual(expected);
    expect(await ticks(1)).toEqual(expected);
    expect(faults).toEqual([]);
  });

  it('is silent while it is not enabled, and goes on after a fault that passes', async () => {
    const answers = [
      false,
      new (class extends Error {
        readonly transient = true;
      })('away'),
      true,
    ];
    const { time, ticker, ticks, faults } = await open(async () => {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer ?? false;
    });
    for (let woken = 0; woken < 3; woken += 1) {
      await time.sleeps();
      time.wake();
    }
    await time.sleeps();
    await ticker.stop();
    expect(await ticks(0)).toHaveLength(1);
    expect(faults).toHaveLength(1);
  });
});
