// What every backend of the state checks and compares alike.
import type { StateStep } from './port.ts';

/** Every cell has this many counters, whatever a step names of them. */
export const cellFields = 8;

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function checkText(what: string, text: string): void {
  if (!text.isWellFormed()) throw new TypeError(`${what} has half of a surrogate pair: ${JSON.stringify(text)}`);
}

function checkCell(key: string, fields: readonly number[]): void {
  checkText('key of a cell', key);
  if (fields.length > cellFields) throw new RangeError(`cell ${key}: ${fields.length} fields, at most ${cellFields}`);
  for (const field of fields) {
    if (!Number.isSafeInteger(field)) throw new RangeError(`cell ${key}: ${field} is no whole number`);
  }
}

/** @throws before anything is written, if the step is not one that every backend keeps alike */
export function checkStep(step: StateStep): void {
  if (!isCount(step.expected) || !isCount(step.next) || step.next < step.expected) {
    throw new RangeError(`a step goes from one position on to a later one, not from ${step.expected} to ${step.next}`);
  }
  for (const document of step.documents) {
    checkText('key of a document', document.key);
    if (document.value !== null) checkText(`document ${document.key}`, document.value);
    if (document.due !== null && !Number.isSafeInteger(document.due)) {
      throw new RangeError(`document ${document.key}: due ${document.due} is no whole number of milliseconds`);
    }
  }
  for (const [key, fields] of step.cells) checkCell(key, fields);
}

/** Order of keys: by code point, which is the order of their UTF-8 bytes. */
export function compareKeys(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    // a surrogate stands for a code point above every single unit
    if (a !== b) return (a >= 0xd800 && a < 0xe000 ? a + 0x10000 : a) - (b >= 0xd800 && b < 0xe000 ? b + 0x10000 : b);
  }
  return left.length - right.length;
}
