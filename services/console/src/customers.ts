// Whom an alert concerns: the customers with an open issue at its stage, in the order in which to call them.
import type { IssueDocument } from '@gapwatch/core';
import { Problem } from '@gapwatch/runtime';
import { z } from 'zod';
import { type Concerned, type Customers, type CustomersQuery, customersLimits } from './concerned.ts';
import { readCursor, writeCursor } from './query.ts';
import type { StateReader } from './state.ts';

const cursorSchema = z.tuple([z.number().int().min(0).max(1), z.number().int(), z.string()]);
/** Claimed or not, contacts, customer: all that the order goes by. */
type Place = z.infer<typeof cursorSchema>;

/**
 * Open issues first, then those that are said to be solved; in both the one with the most contacts first.
 * @throws Problem 404
 */
export async function readCustomers(reader: StateReader, id: string, query: CustomersQuery): Promise<Customers> {
  const alert = (await reader.alerts()).find(({ record }) => record.id === id)?.record;
  if (alert === undefined) throw new Problem(404, 'no-alert', 'There is no such alert; GET /v1/alerts lists them.');
  const issues = (await reader.issues(alert.stage)).filter(({ segments }) => isIn(alert.segment, segments));
  issues.sort((one, other) => compare(placeOf(one), placeOf(other)));
  const after = query.cursor === undefined ? null : readCursor(cursorSchema, query.cursor);
  const rest = after === null ? issues : issues.filter((issue) => compare(placeOf(issue), after) > 0);
  const page = rest.slice(0, Number(query.limit ?? customersLimits.usual));
  const last = page.at(-1);
  const next = last !== undefined && rest.length > page.length ? writeCursor(placeOf(last)) : null;
  return { items: page.map(concernedOf), next };
}

function isIn(segment: string | null, segments: readonly string[]): boolean {
  return segment === null || segments.includes(segment);
}

function placeOf({ claimedAt, contacts, customer }: IssueDocument): Place {
  return [claimedAt === undefined ? 0 : 1, contacts, customer];
}

function compare(one: Place, other: Place): number {
  if (one[0] !== other[0]) return one[0] - other[0];
  if (one[1] !== other[1]) return other[1] - one[1];
  return one[2] < other[2] ? -1 : one[2] > other[2] ? 1 : 0;
}

function concernedOf({ customer, segments, claimedAt, ...issue }: IssueDocument): Concerned {
  const { reasons, since, lastAt, contacts, threads, url } = issue;
  return {
    customer,
    segment: Object.fromEntries(
      segments.map((one) => [one.slice(0, one.indexOf(':')), one.slice(one.indexOf(':') + 1)]),
    ),
    issue: claimedAt === undefined ? 'open' : 'claimed',
    reasons: [...reasons],
    since: timeOf(since),
    lastAt: timeOf(lastAt),
    contacts,
    claimedAt: claimedAt === undefined ? null : timeOf(claimedAt),
    threads: [...threads],
    url: url ?? null,
  };
}

function timeOf(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

const columns = [
  'customer',
  'segment',
  'issue',
  'reasons',
  'since',
  'lastAt',
  'contacts',
  'claimedAt',
  'threads',
  'url',
] as const;

/** RFC 4180, with a line of names; lists are joined by blanks. */
export function customersCsv(items: readonly Concerned[]): string {
  const rows = items.map((item) => columns.map((name) => cellOf(item[name])));
  return [columns, ...rows].map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('');
}

function cellOf(value: Concerned[(typeof columns)[number]]): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.join(' ');
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([name, one]) => `${name}:${one}`)
    .join(' ');
}

/** What a spreadsheet would take for a formula is kept from being one: ids are what customers and sources write. */
function quoted(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
