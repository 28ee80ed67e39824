// Words for what is wrong with a signal: the path, what was found, and what to write instead.
import { limits, signalKinds } from '@gapwatch/contracts';
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

const idFields: ReadonlySet<string> = new Set(['source', 'subject', 'customer', 'thread', 'contact', 'mergedInto']);
const timeRemedy =
  'write a time that exists, with its offset, such as 2026-03-04T05:06:07Z or 2026-03-04T05:06:07+01:00';
const shownIssues = 3;

const missingRemedies: Readonly<Record<string, string>> = {
  kind: `say what it is: ${signalKinds.join(', ')}`,
  subject: 'name what a later version replaces, such as "review:77"',
  occurredAt: `say when it was said or happened: ${timeRemedy}`,
};

const objectRemedies: Readonly<Record<string, string>> = {
  rating: 'write {"value": 4, "min": 1, "max": 5}',
  segment: 'write an object of texts, such as {"plan": "pro"}',
  attributes: 'write an object of texts, numbers or true and false',
  promise: 'write {"what": "reply", "dueAt": "2026-03-04T05:06:07Z"}',
  belief: 'write {"share": 0.9, "from": "…", "to": "…", "what": "kpi"}',
  lifecycle: 'write {"event": "churned"}',
};

/** One line for all that is wrong with `value`, the first three faults in full. */
export function explainIssues(issues: readonly Issue[], value: unknown, label?: (path: string) => string): string {
  const shown = issues.slice(0, shownIssues).map((issue) => explainIssue(issue, value, label));
  if (issues.length > shownIssues) shown.push(`and ${issues.length - shownIssues} more`);
  return shown.join('; ');
}

function explainIssue(issue: Issue, value: unknown, label: ((path: string) => string) | undefined): string {
  const path = issue.path.map(String).join('.');
  const found = valueAt(value, issue.path);
  const name = label?.(path) ?? path;
  return `${name === '' ? 'signal' : shorten(name)}: ${wording(issue, found)}`;
}

function wording(issue: Issue, found: unknown): string {
  const field = String(issue.path.at(-1) ?? '');
  if (issue.code === 'invalid_key') return `its name: ${issue.issues[0]?.message ?? issue.message}`;
  if (found === undefined) return `missing; ${missingRemedies[field] ?? remedy(issue, field, found)}`;
  if (issue.code === 'custom') return `${issue.message}, this is ${shorten(JSON.stringify(found))}`;
  return `${field === 'text' ? 'this' : show(found)} is not taken; ${remedy(issue, field, found)}`;
}

function remedy(issue: Issue, field: string, found: unknown): string {
  if (issue.code === 'invalid_type') return typeRemedy(issue, field, found);
  if (issue.code === 'invalid_value') return `write one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_format' && issue.format === 'datetime') return timeRemedy;
  if (issue.code === 'invalid_format' && issue.format === 'url') return 'only links that begin with https:// are kept';
  if (issue.code === 'too_big') return bigRemedy(issue, field);
  if (issue.code === 'too_small') return `at least ${issue.minimum}${issue.origin === 'string' ? ' character' : ''}`;
  if (issue.code === 'invalid_union') return 'write text, a number, or true or false';
  return issue.message;
}

function typeRemedy(issue: { readonly expected: string }, field: string, found: unknown): string {
  if (idFields.has(field) && typeof found === 'number') return idRemedy(found);
  if (issue.expected === 'object' || issue.expected === 'record') return objectRemedies[field] ?? 'write an object';
  if (issue.expected === 'boolean') return 'write true or false, without quotes';
  if (issue.expected === 'string')
    return found === null ? 'leave the field out, or write text' : 'write it as text, in quotes';
  if (typeof found === 'string') return 'write the number without quotes';
  return issue.expected === 'int' ? 'write a whole number' : `a ${issue.expected} is needed`;
}

/** Digits beyond 2^53 are lost before anybody sees them, so no number is taken for an id. */
function idRemedy(found: number): string {
  return Number.isSafeInteger(found)
    ? `ids are text: write "${found}" with quotes`
    : 'ids are text: write it with quotes';
}

function bigRemedy(issue: { readonly maximum: number | bigint; readonly origin: string }, field: string): string {
  if (issue.origin !== 'string') return `at most ${issue.maximum}`;
  if (field === 'text') return `at most ${limits.textCharacters} characters are taken: cut it or split it`;
  return `at most ${issue.maximum} characters are taken`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<PropertyKey, unknown>)[key];
  }
  return found;
}

/** A value as JSON, short enough for a log line. */
function show(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) return 'a number without end';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  return shorten(JSON.stringify(value) ?? typeof value);
}

function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 40)}… (${text.length} characters)`;
}
