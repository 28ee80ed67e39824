// From the text of a cell to a value. A cell that cannot be read for sure is refused with what to write.
import type { CellType } from './fields.ts';

/** The trimmed text of a value: empty where there is none; null for a list or an object, which has no text of its own. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value.trim();
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? null : String(value);
}

export type CellReading = { readonly value: string | number | boolean } | { readonly fault: string };

const truths: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['0', false],
]);

/** Reads a trimmed, not empty cell. Times and ratings have readers of their own: they need a format, or a scale. */
export function readCell(text: string, type: Exclude<CellType, 'time' | 'rating'>): CellReading {
  if (type === 'text') return { value: text };
  if (type === 'word') return { value: text.toLowerCase() };
  if (type === 'truth') return readTruth(text);
  const reading = readNumber(text);
  if (type === 'whole' && 'value' in reading && !Number.isSafeInteger(reading.value)) {
    return { fault: `${JSON.stringify(text)} is no whole number` };
  }
  return reading;
}

function readTruth(text: string): CellReading {
  const value = truths.get(text.toLowerCase());
  return value === undefined
    ? {
        fault: `${JSON.stringify(text.slice(0, 40))} is neither yes nor no: translate it with map: { … : yes, … : no }`,
      }
    : { value };
}

function readNumber(text: string): CellReading {
  if (/^[+-]?\d+[.,]\d{3}$/.test(text) && text.includes(',')) {
    return { fault: `${JSON.stringify(text)} may be thousands or a fraction: write it without the comma` };
  }
  const shown = JSON.stringify(text.slice(0, 40));
  if (!/^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d{1,3})?$/.test(text))
    return { fault: `${shown} is no number: translate it with map` };
  const value = Number(text.replace(',', '.'));
  return Number.isFinite(value) ? { value } : { fault: `${shown} is too large` };
}
