// Opens a payload: bytes are read as JSON within the limits, a tombstone and a fault become outcomes.
import { readJson } from '@gapwatch/contracts';
import type { Outcome, Payload } from './define.ts';
import { reject, skip, skipReasons } from './define.ts';

export type JsonObject = Readonly<Record<string, unknown>>;
export type Opened = { readonly object: JsonObject } | { readonly outcome: Outcome };

const tombstone: { readonly outcome: Outcome } = {
  outcome: skip(skipReasons.tombstone, 'a tombstone: nothing to read'),
};

/** The JSON object of a payload, or what becomes of a payload that holds none. */
export function openObject(payload: Payload): Opened {
  const reading = openValue(payload);
  return 'outcome' in reading ? reading : asObject(reading.value);
}

/** The JSON objects of a payload that is one or, where lists are taken, a list of them; never none. */
export function openRows(payload: Payload, takesLists: boolean): { rows: readonly Opened[] } | { outcome: Outcome } {
  const reading = openValue(payload);
  if ('outcome' in reading) return reading;
  const { value } = reading;
  if (!takesLists || !Array.isArray(value)) return { rows: [asObject(value)] };
  if (value.length === 0) return { outcome: skip(skipReasons.emptyRow, 'an empty list: nothing to read') };
  return { rows: value.map(asObject) };
}

function openValue(payload: Payload): { value: unknown } | { outcome: Outcome } {
  const { value } = payload;
  if (value === null) return tombstone;
  if (!(value instanceof Uint8Array)) return { value };
  const isFramed = value[0] === 0;
  const { fault, value: read } = readJson(isFramed ? value.subarray(frameBytes) : value);
  if (fault === undefined) return { value: read };
  return { outcome: reject(fault.code, isFramed ? `${fault.message} ${framed}` : fault.message) };
}

/** What the client of a schema registry puts before each value: a byte 0, as no JSON begins, and the four of the schema's id. */
const frameBytes = 5;
const framed =
  '(behind the five bytes of a schema registry, of which JSON is read: have Avro or Protobuf turned into JSON before)';

function asObject(value: unknown): Opened {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { object: value as JsonObject };
  return { outcome: reject('not-object', `a JSON object is needed, this is ${describe(value)}`) };
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array: send its elements one by one';
  return `a ${typeof value}`;
}
