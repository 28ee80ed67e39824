// A backtest for a person: what was read, what each stage said, and what would have been alerted.
import type { BacktestAlert, BacktestReport } from '../backtest/report.ts';

/** Lines without their ends. */
export function printBacktest(report: BacktestReport): string[] {
  return [...readingLines(report), '', ...stageLines(report), '', ...alertLines(report)];
}

function readingLines({ signals, from, to }: BacktestReport): string[] {
  const lines = [
    `read ${signals.read}: accepted ${signals.accepted}, repeated ${signals.repeated}${named('skipped', signals.skipped)}${named('rejected', signals.rejected)}`,
  ];
  if (from !== null && to !== null) lines.push(`from ${from.slice(0, 10)} to ${to.slice(0, 10)}`);
  return lines;
}

function named(what: string, reasons: Readonly<Record<string, number>>): string {
  const entries = Object.entries(reasons);
  if (entries.length === 0) return `, ${what} 0`;
  return `, ${what} ${entries.map(([reason, count]) => `${count} ${reason}`).join(', ')}`;
}

function stageLines({ stages }: BacktestReport): string[] {
  const rows = [
    ['stage', 'statements', 'customers', 'alerts'],
    ...stages.map(({ stage, statements, customers, alerts }) => [
      stage,
      String(statements),
      String(customers),
      String(alerts),
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
}

function alertLines({ alerts }: BacktestReport): string[] {
  if (alerts.length === 0) return ['no alert'];
  return alerts.flatMap(describe);
}

const ends = { closed: 'closed', escalated: 'got worse again', rebased: 'accepted as normal' } as const;

function again({ follows }: BacktestAlert): string {
  return follows === undefined ? '' : ' again';
}

function describe(alert: BacktestAlert): string[] {
  const of = (share: number) => Math.round(share * 100);
  const [low, high] = alert.interval.map(of);
  if (alert.reversed) {
    return [
      `${alert.stage}: better than before, told ${alert.openedAt.slice(0, 10)}, since about ${alert.onset.slice(0, 10)}`,
      `  ${of(alert.now)} of 100 customers unhappy, before ${of(alert.before)}`,
    ];
  }
  const end =
    alert.closedAt === null ? 'still open' : `${ends[alert.outcome ?? 'closed']} ${alert.closedAt.slice(0, 10)}`;
  return [
    `${alert.stage}: ${alert.gap === 'knowledge' ? 'worse than we report' : 'worse than before'}${again(alert)}, alerted ${alert.openedAt.slice(0, 16).replace('T', ' ')} UTC, since about ${alert.onset.slice(0, 10)}, ${end}`,
    `  ${of(alert.now)} of 100 customers unhappy, before ${of(alert.before)}: ${of(alert.size)} more (${low} to ${high}), ${alert.customers.heard} votes`,
    ...causes(alert),
  ];
}

function causes({ cause, gaps, mix }: BacktestAlert): string[] {
  const of = (share: number) => Math.round(share * 100);
  if (cause === 'belief-rose')
    return [`  what we report rose: ${of(gaps?.knowledge ?? 0)} of 100 more than customers live`];
  if (cause !== 'mix-moved' || !mix) return [];
  return [`  who is heard moved: ${mix.dimension} ${mix.value}, ${of(mix.before)} → ${of(mix.now)} of 100 voices`];
}
