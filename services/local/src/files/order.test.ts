import { closeSync, mkdtempSync, openSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { inOrder, type Timed } from './order.ts';
import { Run } from './run.ts';

async function* given(items: readonly Timed[]): AsyncGenerator<Timed> {
  yield* items;
}

async function ordered(items: readonly Timed[], sizeBytes: number): Promise<Timed[]> {
  const all: Timed[] = [];
  for await (const block of inOrder(given(items), sizeBytes)) all.push(...block);
  return all;
}

const byTimeAndBytes = (one: Timed, other: Timed) =>
  one.time - other.time || Buffer.compare(Buffer.from(one.text), Buffer.from(other.text));

/** A folder for temporary files that nobody else has any in. */
function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gapwatch-test-'));
  vi.stubEnv('TMPDIR', folder);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
  return folder;
}

describe('the order', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 12 });
  const item = fc.record({ time: fc.integer({ min: -3, max: 9 }), text });

  it('is that of time, then of bytes, whether it was sorted in memory or in many runs on disk', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(item, { maxLength: 200 }), fc.constantFrom(64, 400, 1_000_000), async (items, size) => {
        expect(await ordered(items, size)).toEqual(items.toSorted(byTimeAndBytes));
      }),
      { numRuns: 60 },
    );
  });

  it('holds for items that are larger than a run, and than what is read at once', async () => {
    const items = [3, 1, 2].map((time) => ({ time, text: String(time).repeat(200_000) }));
    expect((await ordered(items, 1_000)).map(({ time }) => time)).toEqual([1, 2, 3]);
  });

  it('says what to do where there is no room', () => {
    const full = openSync('/dev/full', 'w');
    onTestFinished(() => closeSync(full));
    const run = new Run(1_000);
    run.add({ time: 1, text: 'x' });
    expect(() => run.writeTo(full)).toThrow(/has no room .* set TMPDIR/);
  });

  it('leaves no file behind, also when nobody reads on', async () => {
    const folder = ownFolder();
    const items = Array.from({ length: 500 }, (_, index) => ({ time: 500 - index, text: 'x'.repeat(50) }));
    for await (const block of inOrder(given(items), 1_000)) {
      expect(block[0]?.time).toBe(1);
      expect(readdirSync(folder)).toHaveLength(1);
      break;
    }
    expect(readdirSync(folder)).toEqual([]);
  });
});
