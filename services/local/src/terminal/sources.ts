// Sources for a person: the table of them, and what each payload of a trial became.
import type { AcceptedSignal } from '@gapwatch/contracts';
import type { Outcome } from '@gapwatch/core';
import type { TrialCounts } from '../sources/tally.ts';
import type { Trial } from '../sources/trial.ts';
import { named } from './account.ts';
import { table } from './table.ts';

const excerptCharacters = 48;
const customerCharacters = 20;
const header = ['line', 'kind', 'customer', 'stage', 'time (UTC)', 'what it says, or why it is none'];

/** Lines without their ends: a row for each statement. */
export function trialLines(trials: readonly Trial[]): string[] {
  return table([header, ...trials.flatMap(rowsOf)]);
}

function rowsOf({ line, outcomes, sample }: Trial): string[][] {
  const rows = outcomes.map((outcome) => [String(line), ...cellsOf(outcome)]);
  if (sample === undefined) return rows;
  const verdict = sample.isAsSaid ? '' : 'NOT WHAT IT SAYS: ';
  return [[String(line), '', '', '', '', `${verdict}${sample.name}`], ...rows.map((row) => ['', ...row.slice(1)])];
}

function cellsOf(outcome: Outcome): string[] {
  if (outcome.kind === 'signal') return signalCells(outcome.signal);
  const what = outcome.kind === 'skip' ? 'skipped' : 'rejected';
  return [what, '', '', '', `${outcome.code}: ${outcome.message}`];
}

function signalCells(signal: AcceptedSignal): string[] {
  const { kind, customer, stage = '', occurredAt } = signal;
  const time = occurredAt.slice(0, 16).replace('T', ' ');
  return [kind, shorten(customer ?? 'anonymous', customerCharacters), stage, time, says(signal)];
}

function says({ op, author, status, rating, belief, lifecycle, text }: AcceptedSignal): string {
  const parts = [
    op === 'delete' ? 'deleted' : null,
    author === undefined || author === 'customer' ? null : author,
    status ?? null,
    rating === undefined ? null : `${rating.value} on ${rating.min}–${rating.max}`,
    belief === undefined ? null : `${belief.what} ${belief.share}`,
    lifecycle?.event ?? null,
    text === undefined ? null : `"${shorten(text.replace(/\s+/g, ' '), excerptCharacters)}"`,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

function shorten(text: string, characters: number): string {
  const all = [...text];
  return all.length <= characters ? text : `${all.slice(0, characters - 1).join('')}…`;
}

/** Every statement is in the sum. */
export function summaryLines(counts: TrialCounts, shown: number): string[] {
  const { payloads, signals, spoken, named: known, skipped, rejected, broken } = counts;
  const rest = payloads > shown ? [`… and ${payloads - shown} more (--all shows them)`] : [];
  const share = spoken === 0 ? '' : ` (${Math.round((100 * known) / spoken)} %)`;
  return [
    ...rest,
    `read ${payloads} payloads: ${signals} signals${named('skipped', skipped)}${named('rejected', rejected)}`,
    `${known} of ${spoken} statements of customers name the customer${share}`,
    ...broken.map((name) => `not what it says: ${name}`),
  ];
}

export type SourceRow = {
  /** null: a type that no source of the configuration has */
  readonly id: string | null;
  readonly type: string;
  readonly topic: string | null;
  readonly title: string;
  readonly from: string;
};

export function sourceLines(rows: readonly SourceRow[]): string[] {
  const cells = rows.map(({ id, type, topic, title, from }) => [id ?? '-', type, topic ?? '-', title, from]);
  return table([['id', 'type', 'topic', 'title', 'where from'], ...cells]);
}
