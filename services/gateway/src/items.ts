// The payloads of one request: a JSON object, a JSON array of them, or NDJSON.
import { readJson } from '@gapwatch/contracts';

type Fault = { readonly code: string; readonly message: string };
export type ItemFault = Fault & { readonly index: number };
export type Item =
  | { readonly index: number; readonly bytes: Uint8Array }
  | { readonly index: number; readonly fault: Fault };

/** More than any body has room for that holds events: what is wrong with each is answered, and the answer must stay small. */
const mostItems = 20_000;

const tooMany: Fault = { code: 'too-many', message: `more than ${mostItems} events in one body: split it` };

/** Faults of single items stand among the items; a body that cannot be read at all is one fault. */
export function itemsOf(body: Buffer, isLines: boolean): { items: Item[] } | { fault: Fault } {
  const read = isLines ? { items: linesOf(body) } : elementsOf(body);
  return 'items' in read && read.items.length > mostItems ? { fault: tooMany } : read;
}

function elementsOf(body: Buffer): { items: Item[] } | { fault: Fault } {
  const { value, fault } = readJson(body);
  if (fault !== undefined) return { fault };
  if (!Array.isArray(value)) return { items: [{ index: 0, bytes: body }] };
  return { items: value.map((element, index) => ({ index, bytes: Buffer.from(JSON.stringify(element)) })) };
}

function linesOf(body: Buffer): Item[] {
  const items: Item[] = [];
  let from = 0;
  while (from < body.length) {
    const end = body.indexOf(0x0a, from);
    const to = end === -1 ? body.length : end;
    const bytes = body.subarray(from, to);
    if (bytes.some((byte) => byte > 0x20)) items.push({ index: items.length, bytes });
    from = to + 1;
  }
  return items;
}
