// Opens a payload: bytes are read as JSON within the limits, a tombstone and a fault become outcomes.
import { readJson } from '@gapwatch/contracts';
import type { Outcome, Payload } from './define.ts';
import { reject, skip, skipReasons } from './define.ts';

export type JsonObject = Readonly<Record<string, unknown>>;
export type Opened = { readonly object: JsonObject } | { readonly outcome: Outcome };

const tombstone: Opened = { outcome: skip(skipReasons.tombstone, 'a tombstone: nothing to read') };

/** The JSON object of a payload, or what becomes of a payload that holds none. */
export function openObject(payload: Payload): Opened {
  let value = payload.value;
  if (value === null) return tombstone;
  if (value instanceof Uint8Array) {
    const reading = readJson(value);
    if (reading.fault) return { outcome: reject(reading.fault.code, reading.fault.message) };
    value = reading.value;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { object: value as JsonObject };
  return { outcome: reject('not-object', `a JSON object is needed, this is ${describe(value)}`) };
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array: send its elements one by one';
  return `a ${typeof value}`;
}
