// From the start of a process until it can serve, against `node -e 0`: `npm run bench:start`. Medians of ten; an empty data
// directory, then the same one again.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { printTable, quantile } from './table.ts';

const runs = 10;
const command = resolve(import.meta.dirname, '../../services/local/bin/gapwatch.js');

function nothingMs(): number {
  const begun = performance.now();
  spawnSync(process.execPath, ['-e', '0']);
  return performance.now() - begun;
}

async function startMs(directory: string): Promise<number> {
  const begun = performance.now();
  const words = [command, 'start', '--data-dir', directory, '--port', '0'];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const tookMs = performance.now() - begun;
  if (!String(line).startsWith('ready')) throw new Error(`it said: ${line}`);
  const exited = once(child, 'exit');
  child.kill();
  await exited;
  return tookMs;
}

const times = { nothing: [] as number[], first: [] as number[], again: [] as number[] };
for (let run = 0; run < runs; run += 1) {
  const folder = mkdtempSync(join(tmpdir(), 'gapwatch-bench-'));
  const directory = join(folder, 'data');
  times.nothing.push(nothingMs());
  times.first.push(await startMs(directory));
  times.again.push(await startMs(directory));
  rmSync(folder, { recursive: true });
}
const nothing = quantile(times.nothing, 0.5);
const row = (what: string, all: readonly number[]) => {
  const median = quantile(all, 0.5);
  return { what, ms: Math.round(median), '× node -e 0': (median / nothing).toFixed(1) };
};
printTable('until it can serve', [
  row('node -e 0', times.nothing),
  row('gapwatch start, an empty directory', times.first),
  row('gapwatch start, the same again', times.again),
]);
