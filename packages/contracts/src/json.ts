// Reading JSON that a stranger wrote: size and nesting are limited before the parser sees it.
import { limits } from './signal.ts';

export type JsonFault = { readonly code: 'not-json' | 'not-utf8' | 'too-large' | 'too-deep'; readonly message: string };
export type JsonReading =
  | { readonly value: unknown; readonly fault?: undefined }
  | { readonly value?: undefined; readonly fault: JsonFault };

const quote = 0x22;
const backslash = 0x5c;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** Deepest nesting of brackets outside strings. One pass over the bytes; the text need not be valid JSON. */
export function jsonDepth(bytes: Uint8Array): number {
  const end = bytes.length;
  let depth = 0;
  let deepest = 0;
  for (let index = 0; index < end; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte === quote) {
      // a loop of its own for strings, which are most of any record
      for (index += 1; index < end && bytes[index] !== quote; index += 1) if (bytes[index] === backslash) index += 1;
    } else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
  return deepest;
}

/** Parses bytes as JSON within the limits. Never throws: a fault says what is wrong and what to do. */
export function readJson(bytes: Uint8Array, maxBytes: number = limits.recordBytes): JsonReading {
  if (bytes.length > maxBytes) {
    return { fault: { code: 'too-large', message: `${bytes.length} bytes; at most ${maxBytes} are taken: split it` } };
  }
  if (jsonDepth(bytes) > limits.jsonDepth) {
    return { fault: { code: 'too-deep', message: `nested deeper than ${limits.jsonDepth} levels: flatten it` } };
  }
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return { fault: { code: 'not-utf8', message: 'not UTF-8: save it as UTF-8' } };
  }
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { fault: { code: 'not-json', message: `no JSON: ${(error as Error).message}` } };
  }
}
