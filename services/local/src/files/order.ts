// What was read in the order in which it became known. What fits is sorted in memory; more is sorted in runs on disk and
// merged, so that memory is bounded whatever the size of the export. Equal times are put in byte order.
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Something with the time at which it became known, milliseconds UTC. Its text breaks ties and has no line end. */
export type Timed = { readonly time: number; readonly text: string };

const runItems = 200_000;

function compare(one: Timed, other: Timed): number {
  if (one.time !== other.time) return one.time - other.time;
  return one.text < other.text ? -1 : one.text > other.text ? 1 : 0;
}

/** Takes items in any order, gives them in order. Its files are gone when the iteration ends. */
export async function* inOrder(items: AsyncIterable<Timed>): AsyncGenerator<Timed> {
  let folder: string | null = null;
  const runs: string[] = [];
  let run: Timed[] = [];
  try {
    for await (const item of items) {
      run.push(item);
      if (run.length < runItems) continue;
      folder ??= await mkdtemp(join(tmpdir(), 'gapwatch-'));
      runs.push(await writeRun(run, join(folder, `run-${runs.length}`)));
      run = [];
    }
    run.sort(compare);
    yield* runs.length === 0 ? run : merge([...runs.map(readRun), toAsync(run)]);
  } finally {
    if (folder !== null) await rm(folder, { recursive: true, force: true });
  }
}

async function writeRun(run: Timed[], path: string): Promise<string> {
  run.sort(compare);
  const file = await open(path, 'wx');
  try {
    for (let from = 0; from < run.length; from += 5_000) {
      const lines = run.slice(from, from + 5_000).map(({ time, text }) => `${time} ${text}\n`);
      await file.write(lines.join(''));
    }
  } finally {
    await file.close();
  }
  return path;
}

async function* readRun(path: string): AsyncGenerator<Timed> {
  for await (const line of createInterface({ input: createReadStream(path, { highWaterMark: 262_144 }) })) {
    const space = line.indexOf(' ');
    yield { time: Number(line.slice(0, space)), text: line.slice(space + 1) };
  }
}

async function* toAsync(run: readonly Timed[]): AsyncGenerator<Timed> {
  yield* run;
}

/** One step of each run at a time; the number of runs is small, so the least is found by looking at all heads. */
async function* merge(runs: readonly AsyncGenerator<Timed>[]): AsyncGenerator<Timed> {
  const heads = await Promise.all(runs.map(async (run) => ({ run, head: await run.next() })));
  for (;;) {
    let least: { run: AsyncGenerator<Timed>; head: IteratorResult<Timed> } | undefined;
    for (const one of heads) {
      if (one.head.done) continue;
      if (least === undefined || least.head.done || compare(one.head.value, least.head.value) < 0) least = one;
    }
    if (least === undefined || least.head.done) return;
    yield least.head.value;
    least.head = await least.run.next();
  }
}
