// Reads bodies: JSON objects alone, every mistake at once, with its place.
import { type Fault, Problem } from '@gapwatch/runtime';
import type { z } from 'zod';
import { faultsOf } from './query.ts';

/** No body is an empty object. @throws Problem 400 naming every fault */
export function parseBody<T extends z.ZodObject>(schema: T, body: unknown): z.infer<T> {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  throw badBody(parsed.error.issues.flatMap((issue) => faultsOf(issue, Object.keys(schema.shape), 'field')));
}

export function badBody(faults: readonly Fault[]): Problem {
  const detail = faults.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  return new Problem(400, 'body', detail, { faults });
}
