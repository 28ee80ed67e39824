// What the whole pipeline finds on made-up companies: planted steps soon, unchanged stages within their budget.
// The quick form; test/bench/detection.ts has the long campaigns.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gapwatch, temporaryFolder } from './gapwatch.fixture.ts';

type Alert = {
  stage: string;
  openedAt: string;
  onset: string;
  gap: string;
  cause: string;
  outcome: string | null;
  gaps: { knowledge: number | null };
  reversed?: true;
};
type Report = {
  alerts: Alert[];
  stages: {
    stage: string;
    alerts: number;
    state: string;
    learningUntil: string | null;
    gaps: Record<string, string>;
  }[];
  windows: { to: string; belief: number | null }[];
};

const firstDay = Date.parse('2025-01-06T00:00:00Z');
const dayMs = 86_400_000;

async function report(simulation: readonly string[], ...options: string[]): Promise<Report> {
  const { stdout } = await gapwatch(['simulate', '--ratings-only', ...simulation]);
  const file = join(temporaryFolder(), 'company.ndjson');
  writeFileSync(file, stdout);
  const ended = await gapwatch(['backtest', file, '--json', ...options]);
  expect(ended.status).toBe(0);
  return JSON.parse(ended.stdout) as Report;
}

/** A few ratings of each of many stages, over four months. */
function ratingsOf(stages: number): string {
  const lines = Array.from({ length: 3 * stages }, (_, index) => {
    const occurredAt = new Date(firstDay + Math.floor(index / stages) * 50 * dayMs + index * 1_000).toISOString();
    const rating = { value: index % 5, min: 0, max: 4 };
    return JSON.stringify({
      kind: 'review',
      subject: `r${index}`,
      stage: `product ${index % stages}`,
      occurredAt,
      rating,
    });
  });
  return `${lines.join('\n')}\n`;
}

describe('gapwatch backtest', () => {
  it('shows of thousands of stages those that say most, in the terminal and on a page', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'products.ndjson');
    const page = join(folder, 'products.html');
    writeFileSync(file, ratingsOf(1_500));
    const { status, stdout } = await gapwatch(['backtest', file, '--html', page]);
    expect(status).toBe(0);
    expect(stdout.match(/^product \d+ /gm)).toHaveLength(50);
    expect(stdout).toContain('… and 1,450 more stages');
    const text = readFileSync(page, 'utf8');
    expect(text.match(/<h2>product \d+<\/h2>/g)).toHaveLength(200);
    expect(text).toContain('… and 1,300 more stages');
  });
});

describe('gapwatch simulate | gapwatch backtest', () => {
  it('finds a step of 0.12 at 100 signals a day within 5 days, median over 20 stages', {
    timeout: 600_000,
  }, async () => {
    const names = Array.from({ length: 20 }, (_, index) => `shop-${index}`);
    const plants = names.flatMap((name) => ['--plant', `${name}:0.12@100`]);
    const company = ['--days', '120', '--stages', names.join(','), '--per-day', '100', '--seed', '1', ...plants];
    const { alerts } = await report(company);
    const planted = firstDay + 100 * dayMs;
    const delays = names.map((name) => {
      const found = alerts
        .filter(({ stage, reversed }) => stage === name && !reversed)
        .map(({ openedAt }) => (Date.parse(openedAt) - planted) / dayMs)
        .filter((delay) => delay >= 0);
      return Math.min(...found);
    });
    const median = delays.toSorted((one, other) => one - other)[names.length / 2] ?? Number.POSITIVE_INFINITY;
    expect(median).toBeLessThan(5);
  });

  it('raises no more alerts in unchanged stages than the budget says', { timeout: 600_000 }, async () => {
    const [count, days] = [30, 240];
    const company = ['--days', `${days}`, '--stages', `${count}`, '--per-day', '20', '--seed', '11'];
    const { alerts, stages } = await report(company);
    expect(stages).toHaveLength(count);
    const raised = alerts.filter(({ reversed }) => !reversed).length;
    expect(raised).toBeLessThanOrEqual((count * days) / 90);
    expect(stages.reduce((sum, stage) => sum + stage.alerts, 0)).toBe(raised);
  });

  it('finds a figure that rises while customers live what they lived', { timeout: 600_000 }, async () => {
    const words = ['--days', '130', '--customers', '1200', '--stages', 'shop', '--seed', '4'];
    const { stdout } = await gapwatch(['simulate', ...words]);
    const raisedAt = firstDay + 90 * dayMs;
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => {
        const signal = JSON.parse(line) as { occurredAt: string; belief?: { what: string; share: number } };
        if (signal.belief?.what !== 'kpi' || Date.parse(signal.occurredAt) >= raisedAt) return line;
        return JSON.stringify({ ...signal, belief: { ...signal.belief, share: signal.belief.share - 0.2 } });
      });
    const file = join(temporaryFolder(), 'company.ndjson');
    writeFileSync(file, lines.join('\n'));
    const ended = await gapwatch(['backtest', file, '--json', '--windows', '7d']);
    const { alerts, windows, stages } = JSON.parse(ended.stdout) as Report;
    const raised = alerts.filter(({ reversed }) => !reversed);
    expect(raised).toMatchObject([{ gap: 'knowledge', cause: 'belief-rose' }]);
    const delay = (Date.parse(raised[0]?.openedAt ?? '') - raisedAt) / dayMs;
    expect(delay).toBeGreaterThan(0);
    expect(delay).toBeLessThan(21);
    expect(raised[0]?.gaps.knowledge).toBeGreaterThan(0);
    expect(windows.filter(({ belief }) => belief !== null).length).toBeGreaterThan(10);
    expect(stages[0]?.gaps).toEqual({ baseline: null, knowledge: null, desire: null, total: null });
  });

  it('says of a short history what is still being learned, until when, and what was never said', async () => {
    const { stages } = await report(['--days', '20', '--stages', 'shop', '--per-day', '50', '--seed', '1']);
    const gaps = { baseline: 'history', knowledge: 'belief', desire: 'target', total: 'target' };
    const learningUntil = new Date(firstDay + 35 * dayMs).toISOString();
    expect(stages).toMatchObject([{ stage: 'shop', state: 'learning', learningUntil, gaps }]);
  });

  it('gives the same bytes for the same input, in whatever order the lines stand', async () => {
    const { stdout } = await gapwatch([
      'simulate',
      '--days',
      '120',
      '--customers',
      '400',
      '--stages',
      '2',
      '--seed',
      '2',
    ]);
    const folder = temporaryFolder();
    const [plain, shuffled] = [join(folder, 'plain.ndjson'), join(folder, 'shuffled.ndjson')];
    writeFileSync(plain, stdout);
    writeFileSync(shuffled, `${stdout.trim().split('\n').reverse().join('\n')}\n`);
    const [one, two, other] = await Promise.all(
      [plain, plain, shuffled].map((file) => gapwatch(['backtest', file, '--json', '--windows', '1d'])),
    );
    expect(two?.stdout).toBe(one?.stdout);
    expect(other?.stdout).toBe(one?.stdout);
    expect(JSON.parse(one?.stdout ?? '').windows.length).toBeGreaterThan(100);
  });

  it('says first what the export can show, then draws each stage and words each alert, without a colour', async () => {
    const words = '--days 120 --customers 1200 --stages 3 --seed 1 --ratings-only --plant delivery:0.2@100';
    const { stdout } = await gapwatch(['simulate', ...words.split(' ')]);
    const { stdout: told } = await gapwatch(['backtest', '-'], stdout, { COLUMNS: '300' });
    const lines = told.split('\n');
    expect(lines[0]).toMatch(/^This export has what \d of the 9 gaps need; /);
    expect(told).toContain('yes      Worse than before: 3 of 3 stages watched in the end');
    expect(told).toContain('no       Worse than we report: none');
    expect(told).toContain('→ gapwatch belief STAGE SHARE --what kpi');
    expect(lines.filter((line) => /^ {2}[▁▂▃▄▅▆▇█·]+$/.test(line))).toHaveLength(3);
    expect(told).toMatch(/▲ delivery is getting worse, since about 1\d Apr 2025\./);
    expect(told).toContain('Noise alone does this once in 90 days');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(told).not.toContain('\u001b');
  });

  it('prints no character of a stranger that steers a terminal, and counts what lacks a customer or a stage', async () => {
    const statement = (index: number) => ({
      kind: 'feedback',
      subject: `answer:${index}`,
      customer: index % 2 === 0 ? `c${index}` : null,
      occurredAt: new Date(firstDay + index * 3_600_000).toISOString(),
      ...(index % 4 < 3 && { stage: 'shop\u001b[2J' }),
      rating: { value: 1, min: 1, max: 5 },
    });
    const input = Array.from({ length: 40 }, (_, index) => JSON.stringify(statement(index))).join('\n');
    const text = await gapwatch(['backtest', '-'], input);
    expect(text.stdout).not.toContain('\u001b');
    expect(text.stdout).toContain('shop\ufffd[2J');
    expect(text.stdout).toContain('No alert: no stage was heard long enough');
    const { shows } = JSON.parse((await gapwatch(['backtest', '-', '--json'], input)).stdout);
    expect(shows).toMatchObject({ statements: 40, named: 0.5, mapped: 0.75, coverage: 'unknown' });
    expect(shows.sources).toEqual([{ source: 'canonical', statements: 40 }]);
    expect(shows.gaps.find(({ gap }: { gap: string }) => gap === 'baseline')).toMatchObject({ state: 'missing' });
  });

  it('names a page that it cannot write', async () => {
    const input = JSON.stringify({ kind: 'feedback', subject: 'a', occurredAt: '2026-01-01T00:00:00Z' });
    const ended = await gapwatch(['backtest', '-', '--html', '/nowhere/report.html'], input);
    expect([ended.status, ended.stdout]).toEqual([2, '']);
    expect(ended.stderr).toContain('--html: /nowhere/report.html cannot be written');
  });
});
