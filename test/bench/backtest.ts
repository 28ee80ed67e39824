// Time and memory of a backtest against JSON.parse of the same file alone, one process each: `npm run bench:backtest`, ten million
// ratings of half a million customers, in order and out of it; `-- --signals N` for fewer, of a million medians of five; `--text` for texts.
// Exit status 1 beyond the limits.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, createReadStream, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { printTable, quantile } from './table.ts';

const command = resolve(import.meta.dirname, '../../services/local/bin/gapwatch.js');
const options = {
  signals: { type: 'string', default: '10000000' },
  text: { type: 'boolean', default: false },
} as const;
const { signals, text } = parseArgs({ options }).values;
const wanted = Number(signals);
// of fewer in a year the hours that close cost more than what is said in them
if (!(wanted >= 1_000_000)) throw new Error(`--signals ${signals}: write a number from 1000000 on`);
const runs = wanted > 1_000_000 ? 1 : 5;
/** A backtest of ratings may take so many times what JSON.parse takes, and so much memory whatever the size of the file. */
const limits = { timesParsing: 12, residentMB: 700 };
const folder = mkdtempSync(join(tmpdir(), 'gapwatch-bench-'));

function simulate(name: string, words: readonly string[]): string {
  const file = join(folder, `${name}.ndjson`);
  const output = openSync(file, 'w');
  const ended = spawnSync(process.execPath, [command, 'simulate', '--seed', '4', ...words], {
    stdio: ['ignore', output, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(output);
  if (ended.status !== 0) throw new Error(ended.stderr);
  return file;
}

const parts = 64;

/** The same lines as so many exports one after the other, each of which covers the whole time. */
async function outOfOrder(file: string): Promise<string> {
  const paths = Array.from({ length: parts }, (_, part) => join(folder, `part-${part}`));
  const files = paths.map((path) => openSync(path, 'w'));
  await linesOf(file, (line, number) => writeSync(files[number % parts]!, `${line}\n`));
  const whole = join(folder, 'out-of-order.ndjson');
  const output = openSync(whole, 'w');
  paths.forEach((path, part) => {
    closeSync(files[part]!);
    writeSync(output, readFileSync(path));
    rmSync(path);
  });
  closeSync(output);
  return whole;
}

async function linesOf(file: string, take: (line: string, number: number) => void): Promise<void> {
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file, { highWaterMark: 2 ** 20 }) })) {
    take(line, number);
    number += 1;
  }
}

async function parse(file: string): Promise<{ seconds: number; lines: number }> {
  const from = performance.now();
  let lines = 0;
  let rest = '';
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20, encoding: 'utf8' })) {
    const ended = (rest + chunk).split('\n');
    rest = ended.pop() ?? '';
    for (const line of ended) JSON.parse(line);
    lines += ended.length;
  }
  return { seconds: (performance.now() - from) / 1_000, lines };
}

const lookEveryMs = 200;

/** Seconds, and the most that was resident, in MB, where the system tells it. */
async function backtest(file: string): Promise<{ seconds: number; mostMB: number }> {
  const from = performance.now();
  const child = spawn(process.execPath, [command, 'backtest', file, '--json'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let told = '';
  child.stderr.on('data', (chunk) => {
    told += chunk;
  });
  let mostMB = Number.NaN;
  const look = setInterval(() => {
    mostMB = residentMB(child.pid!) ?? mostMB;
  }, lookEveryMs);
  const [status] = await once(child, 'exit');
  clearInterval(look);
  if (status !== 0) throw new Error(told);
  return { seconds: (performance.now() - from) / 1_000, mostMB };
}

function residentMB(pid: number): number | undefined {
  try {
    const most = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return most === undefined ? undefined : Number(most) / 1_024;
  } catch {
    return undefined;
  }
}

async function row(name: string, file: string) {
  const floor: number[] = [];
  const ours: number[] = [];
  const memory: number[] = [];
  let lines = 0;
  for (let run = 0; run < runs; run += 1) {
    const parsed = await parse(file);
    lines = parsed.lines;
    floor.push(parsed.seconds);
    const { seconds, mostMB } = await backtest(file);
    ours.push(seconds);
    memory.push(mostMB);
  }
  const [parsing, testing] = [quantile(floor, 0.5), quantile(ours, 0.5)];
  const measured = { timesParsing: testing / parsing, residentMB: Math.max(...memory) };
  printTable(name, [
    {
      signals: lines,
      MB: (statSync(file).size / 2 ** 20).toFixed(0),
      'JSON.parse s': parsing.toFixed(2),
      'backtest s': testing.toFixed(2),
      'µs a signal': ((1e6 * testing) / lines).toFixed(1),
      '× JSON.parse': measured.timesParsing.toFixed(1),
      'most resident MB': measured.residentMB.toFixed(0),
    },
  ]);
  return measured;
}

async function ratings(): Promise<void> {
  const share = wanted / 10_000_000;
  const size = ['--customers', String(Math.round(500_000 * share)), '--per-day', String(Math.round(1_050 * share))];
  const file = simulate('ratings', ['--days', '365', '--stages', '10', '--ratings-only', ...size]);
  hold(await row('ratings, in order', file));
  const other = await outOfOrder(file);
  rmSync(file);
  hold(await row('ratings, out of order', other));
}

function hold({ timesParsing, residentMB }: typeof limits): void {
  console.log(`limits: ${limits.timesParsing} × JSON.parse, ${limits.residentMB} MB`);
  if (timesParsing > limits.timesParsing || residentMB > limits.residentMB) process.exitCode = 1;
}

try {
  await ratings();
  if (text) await row('with text', simulate('text', ['--days', '120', '--stages', '6', '--customers', '3000']));
} finally {
  rmSync(folder, { recursive: true });
}
