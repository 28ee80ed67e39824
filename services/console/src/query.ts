// Reads queries and cursors: every mistake at once, with its place and what to write instead.
import { type Fault, Problem } from '@gapwatch/runtime';
import type { z } from 'zod';

/** @throws Problem 400 naming every fault of the query */
export function parseQuery<T extends z.ZodObject>(schema: T, query: unknown): z.infer<T> {
  const parsed = schema.safeParse(query);
  if (parsed.success) return parsed.data;
  throw badQuery(parsed.error.issues.flatMap((issue) => faultsOf(issue, Object.keys(schema.shape), 'parameter')));
}

export function badQuery(faults: readonly Fault[]): Problem {
  const detail = faults.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return new Problem(400, 'query', detail, { faults });
}

/** `what`: what the names of `known` are. */
export function faultsOf(issue: z.core.$ZodIssue, known: readonly string[], what: 'parameter' | 'field'): Fault[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path.join('.'), message: issue.message }];
  const names = known.length === 0 ? 'it takes none' : `there are ${known.join(', ')}`;
  return issue.keys.map((key) => ({ path: key.slice(0, 100), message: `no such ${what}; ${names}` }));
}

export function writeCursor(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** @throws Problem 400 for what {@link writeCursor} did not write */
export function readCursor<T extends z.ZodType>(schema: T, cursor: string): z.infer<T> {
  try {
    const parsed = schema.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    if (parsed.success) return parsed.data;
  } catch {
    // no JSON: the same answer as for any other text that is no cursor
  }
  throw badQuery([{ path: 'cursor', message: 'take `next` of the answer before, as it is' }]);
}
