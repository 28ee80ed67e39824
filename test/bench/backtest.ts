// Time of a backtest against JSON.parse of the same file alone: `npm run bench:backtest`. Medians of five, one process each.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { printTable, quantile } from './table.ts';

const command = resolve(import.meta.dirname, '../../services/local/bin/gapwatch.js');
const runs = 5;
const folder = mkdtempSync(join(tmpdir(), 'gapwatch-bench-'));

function gapwatch(...words: string[]): string {
  const { stdout, status, stderr } = spawnSync(process.execPath, [command, ...words], {
    maxBuffer: 2 ** 31 - 1,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

function seconds(work: () => void): number {
  const from = performance.now();
  work();
  return (performance.now() - from) / 1_000;
}

function parseLines(file: string): void {
  for (const line of readFileSync(file, 'utf8').split('\n')) if (line !== '') JSON.parse(line);
}

function row(name: string, ...simulation: string[]) {
  const file = join(folder, `${name}.ndjson`);
  writeFileSync(file, gapwatch('simulate', '--seed', '4', ...simulation));
  const lines = readFileSync(file, 'utf8').split('\n').length - 1;
  const floor: number[] = [];
  const ours: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    floor.push(seconds(() => parseLines(file)));
    ours.push(seconds(() => gapwatch('backtest', file, '--json')));
  }
  const [parse, backtest] = [quantile(floor, 0.5), quantile(ours, 0.5)];
  return {
    file: name,
    signals: lines,
    MB: (statSync(file).size / 2 ** 20).toFixed(0),
    'JSON.parse s': parse.toFixed(2),
    'backtest s': backtest.toFixed(2),
    'µs a signal': ((1e6 * backtest) / lines).toFixed(1),
    'of JSON.parse': (parse / backtest).toFixed(3),
  };
}

try {
  printTable('backtest', [
    row('ratings only', '--days', '365', '--stages', '10', '--ratings-only'),
    row('with text', '--days', '120', '--stages', '6', '--customers', '3000'),
  ]);
} finally {
  rmSync(folder, { recursive: true });
}
