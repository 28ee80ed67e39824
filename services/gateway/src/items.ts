// The payloads of one request: a JSON object, a JSON array of them, or NDJSON.
import { type JsonFault, readJson } from '@gapwatch/contracts';

export type ItemFault = { readonly index: number; readonly code: string; readonly message: string };
export type Item =
  | { readonly index: number; readonly bytes: Uint8Array }
  | { readonly index: number; readonly fault: { readonly code: string; readonly message: string } };

/** Faults of single items stand among the items; a body that cannot be read at all is one fault. */
export function itemsOf(body: Buffer, isLines: boolean): { items: Item[] } | { fault: JsonFault } {
  if (isLines) return { items: linesOf(body) };
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
