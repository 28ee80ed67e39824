// The name of a row: by its key columns, else by its content and the count of such rows before it.
import { sha256Hex } from '../../hash.ts';
import { textOf } from './cells.ts';
import type { Locate, Row, Scope } from './paths.ts';

export type RowName = { readonly subject: string; readonly fault?: undefined } | { readonly fault: string };

const longest = 200;

/** Without a fault unless every part is empty. */
export function keySubject(key: readonly string[], locates: readonly Locate[], scope: Scope): RowName {
  const name = keyText(locates, scope);
  if (name === null) return { fault: `the key columns ${key.join(', ')} are all empty` };
  const subject = `row:${name}`;
  return { subject: subject.length <= longest ? subject : `row:${sha256Hex(subject)}` };
}

/** The texts of a key, each apart; null where all are empty. */
export function keyText(locates: readonly Locate[], scope: Scope): string | null {
  const parts = locates.map((locate) => plainText(locate(scope)));
  return parts.every((part) => part === '') ? null : parts.map(escapePart).join('/');
}

/** So that `a/b`, `c` and `a`, `b/c` are two keys. */
function escapePart(part: string): string {
  return part.replace(/[%/]/g, (character) => (character === '/' ? '%2F' : '%25'));
}

/** Empty cells are left out, so that a column which an export gains later changes no name of an older row. */
export function contentSubject(row: Row, columns: readonly string[]): string {
  const cells: string[] = [];
  for (const column of columns) {
    const text = plainText(row[column]);
    if (text !== '') cells.push(column, text);
  }
  return `row:${sha256Hex(JSON.stringify(cells)).slice(0, 32)}`;
}

/** What a value says, whatever the order of its keys. */
function plainText(value: unknown): string {
  return textOf(value) ?? JSON.stringify(ordered(value));
}

function ordered(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(ordered);
  return Object.entries(value)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, inner]) => [key, ordered(inner)]);
}
