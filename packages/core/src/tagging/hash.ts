/**
 * Keys of words, and a read-only table of keys. Words are never kept as strings while a text is read: a 32-bit key
 * is built from the characters as they pass, so that reading costs no allocation and one step a character.
 */

const FNV_BASIS = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;
const GOLDEN = 0x9e3779b1 | 0;

export const EMPTY_KEY: number = FNV_BASIS;

export function extendKey(key: number, code: number): number {
  return Math.imul(key ^ code, FNV_PRIME);
}

/** Key of a word given as a string; the same as the scanner builds for it. */
export function keyOf(word: string): number {
  let key = EMPTY_KEY;
  for (let i = 0; i < word.length; i++) key = extendKey(key, word.charCodeAt(i));
  return key;
}

/** Key of an ordered pair: word after word, or a mark before a word. */
export function pairKey(first: number, second: number): number {
  return Math.imul(first ^ (first >>> 15), GOLDEN) ^ Math.imul(second, FNV_PRIME);
}

export type KeyTable = { keys: Int32Array; slots: Int32Array; shift: number };

/** Open addressing at a load of at most one half; `slots` holds the row, or -1. The first of two equal keys wins. */
export function keyTable(keys: ArrayLike<number>): KeyTable {
  let bits = 4;
  while (1 << bits < keys.length * 2) bits++;
  const table = { keys: new Int32Array(1 << bits), slots: new Int32Array(1 << bits).fill(-1), shift: 32 - bits };
  for (let row = 0; row < keys.length; row++) insert(table, keys[row] as number, row);
  return table;
}

function insert(table: KeyTable, key: number, row: number): void {
  const mask = table.keys.length - 1;
  let at = Math.imul(key, GOLDEN) >>> table.shift;
  while (table.slots[at] !== -1) {
    if (table.keys[at] === (key | 0)) return;
    at = (at + 1) & mask;
  }
  table.keys[at] = key;
  table.slots[at] = row;
}

/** Row of a key, or -1. */
export function rowOf(table: KeyTable, key: number): number {
  const mask = table.keys.length - 1;
  let at = Math.imul(key, GOLDEN) >>> table.shift;
  for (;;) {
    const row = table.slots[at] as number;
    if (row === -1 || table.keys[at] === key) return row;
    at = (at + 1) & mask;
  }
}
