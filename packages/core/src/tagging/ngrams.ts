// The features by which a language is known: its words and runs of three letters, at the beginning of a text.

/** Characters that are looked at: more would only say the same again. */
const lookedAt = 100;
const ngramBits = 13;
export const ngramPlaces = 1 << ngramBits;
const mask = ngramPlaces - 1;
const prime = 0x01000193;
const wordMark = 0x57;

const letterTypes = new Uint8Array(0x250);
const lowerCodes = new Uint16Array(0x250);
for (let code = 0; code < letterTypes.length; code += 1) {
  const character = String.fromCharCode(code);
  const lower = character.toLowerCase();
  lowerCodes[code] = lower.length === 1 ? lower.charCodeAt(0) : code;
  letterTypes[code] = /\p{L}/u.test(character) ? 1 : 0;
}

export type Ngrams = { count: number; words: number; readonly places: Uint16Array };

export function createNgrams(): Ngrams {
  return { count: 0, words: 0, places: new Uint16Array(lookedAt * 2 + 8) };
}

function place(hash: number): number {
  return (hash ^ (hash >>> ngramBits) ^ (hash >>> 23)) & mask;
}

/** Reads the Latin letters at the beginning of `text` into `ngrams`, which is overwritten. */
export function readNgrams(text: string, ngrams: Ngrams): Ngrams {
  ngrams.count = 0;
  ngrams.words = 0;
  const end = Math.min(text.length, lookedAt);
  let word = 0;
  let first = 0x20;
  let second = 0x20;
  for (let at = 0; at <= end; at += 1) {
    const code = at < end ? text.charCodeAt(at) : 0x20;
    const isLetter = code < letterTypes.length && letterTypes[code] === 1;
    const lower = isLetter ? (lowerCodes[code] as number) : 0x20;
    if (!isLetter && second === 0x20) continue;
    const hash = Math.imul(Math.imul(Math.imul(first, prime) ^ second, prime) ^ lower, prime);
    ngrams.places[ngrams.count++] = place(hash);
    if (isLetter) word = Math.imul(word ^ lower, prime) + 1;
    else {
      ngrams.places[ngrams.count++] = place(Math.imul(word ^ wordMark, prime));
      ngrams.words += 1;
      word = 0;
    }
    first = isLetter ? second : 0x20;
    second = lower;
  }
  return ngrams;
}
