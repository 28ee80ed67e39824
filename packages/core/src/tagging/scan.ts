/**
 * One pass over a text: words as keys, emoji and emoticons, clauses, sentences, and what punctuation says.
 * Links, handles, mark-up and redaction marks are passed over. Linear in the text, and never throws.
 */
import { EMPTY_KEY, extendKey } from './hash.ts';

export const CLAUSE_START = 1;
export const SENTENCE_START = 2;
export const CAPITALS = 4;
export const EMOJI = 8;

/** Beyond this a text has said what it has to say; the rest is not read. */
export const MAX_TOKENS = 4096;

export type Tokens = {
  count: number;
  words: number;
  sentences: number;
  exclamations: number;
  keys: Int32Array;
  flags: Uint8Array;
  /** sentence of each token */
  sentence: Int32Array;
  /** per sentence: 1 where it ends in a question mark */
  question: Uint8Array;
  /** where the reading stopped, in UTF-16 units */
  end: number;
};

export function createTokens(): Tokens {
  return {
    count: 0,
    words: 0,
    sentences: 0,
    exclamations: 0,
    keys: new Int32Array(MAX_TOKENS + 2),
    flags: new Uint8Array(MAX_TOKENS + 2),
    sentence: new Int32Array(MAX_TOKENS + 2),
    question: new Uint8Array(MAX_TOKENS + 2),
    end: 0,
  };
}

const OTHER = 0;
const LETTER = 1;
const DIGIT = 2;
const SPACE = 3;
const STOP = 4;
const COMMA = 5;
const APOSTROPHE = 6;
const IGNORED = 7;
const TABLE_SIZE = 0x3000;

const TYPES = new Uint8Array(TABLE_SIZE);
const LOWER = new Uint16Array(TABLE_SIZE);
fillTables();

function fillTables(): void {
  const letter = /[\p{L}\p{M}]/u;
  for (let code = 0; code < TABLE_SIZE; code++) {
    const character = String.fromCharCode(code);
    const lower = character.toLowerCase();
    LOWER[code] = lower.length === 1 ? lower.charCodeAt(0) : code;
    if (letter.test(character)) TYPES[code] = LETTER;
  }
  setType('0123456789', DIGIT);
  setType(' \t\u00a0\u2002\u2003\u2009\u202f', SPACE);
  setType('.!?\n\r\u2026\u00bf\u00a1', STOP);
  setType(',;:()[]{}"\u201c\u201d\u201e\u00ab\u00bb\u2013\u2014/|*', COMMA);
  setType("'\u2019\u02bc`\u00b4", APOSTROPHE);
  setType('\u200d\u200b\u200c\u00ad\u2060', IGNORED);
}

function setType(characters: string, type: number): void {
  for (let i = 0; i < characters.length; i++) TYPES[characters.charCodeAt(i)] = type;
}

function typeOf(code: number): number {
  if (code < TABLE_SIZE) return TYPES[code] as number;
  if (code >= 0x3040 && code <= 0xd7ff) return LETTER;
  if (code === 0x3002 || code === 0xff01 || code === 0xff1f) return STOP;
  return OTHER;
}

const NUMBER_KEY = extendKey(EMPTY_KEY, 0x23);
const LETTER_N = 0x6e;
const LETTER_T = 0x74;

/** Reads `text` into `tokens`, which is overwritten. */
export function scan(text: string, tokens: Tokens): Tokens {
  tokens.count = tokens.words = tokens.sentences = tokens.exclamations = 0;
  tokens.question[0] = 0;
  let pending = CLAUSE_START | SENTENCE_START;
  let at = 0;
  const length = text.length;
  while (at < length && tokens.count < MAX_TOKENS) {
    const code = text.charCodeAt(at);
    const type = typeOf(code);
    if (type === LETTER) {
      if (code === 0x68 && text.startsWith('http', at)) at = skipToSpace(text, at);
      else {
        at = readWord(text, at, tokens, pending);
        pending = 0;
      }
    } else if (type === SPACE || type === IGNORED || type === APOSTROPHE) at++;
    else if (type === DIGIT) {
      at = readNumber(text, at, tokens, pending);
      pending = 0;
    } else if (type === STOP) {
      endSentence(code, tokens);
      pending |= CLAUSE_START | SENTENCE_START;
      at++;
    } else {
      const next = readMark(text, at, code, tokens, pending);
      if (next > 0) {
        pending = 0;
        at = next;
      } else {
        if (type === COMMA) pending |= CLAUSE_START;
        at = next < 0 ? -next : at + 1;
      }
    }
  }
  tokens.end = at;
  tokens.sentences = tokens.count === 0 ? 0 : (tokens.sentence[tokens.count - 1] as number) + 1;
  return tokens;
}

function endSentence(code: number, tokens: Tokens): void {
  if (code === 0x21) tokens.exclamations++;
  else if ((code === 0x3f || code === 0xff1f) && tokens.count > 0) {
    tokens.question[tokens.sentence[tokens.count - 1] as number] = 1;
  }
}

function push(tokens: Tokens, key: number, flags: number): void {
  const at = tokens.count++;
  const last = at === 0 ? 0 : (tokens.sentence[at - 1] as number);
  const sentence = at > 0 && flags & SENTENCE_START ? last + 1 : last;
  if (sentence !== last) tokens.question[sentence] = 0;
  tokens.keys[at] = key;
  tokens.flags[at] = flags;
  tokens.sentence[at] = sentence;
}

/** Three equal letters in a row count as two ('sooo' is 'soo'); "n't" joins its word, any other apostrophe parts two. */
function readWord(text: string, start: number, tokens: Tokens, pending: number): number {
  let key = EMPTY_KEY;
  let at = start;
  let capitals = 0;
  let previous = 0;
  let before = 0;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const type = typeOf(code);
    if (type !== LETTER) {
      if (type === IGNORED) continue;
      if (type !== APOSTROPHE || previous !== LETTER_N || (text.charCodeAt(at + 1) | 32) !== LETTER_T) break;
      continue;
    }
    const lower = code < TABLE_SIZE ? (LOWER[code] as number) : code;
    if (lower !== code) capitals++;
    if (lower === previous && lower === before) continue;
    before = previous;
    previous = lower;
    key = extendKey(key, lower);
  }
  tokens.words++;
  push(tokens, key, pending | (capitals > 2 && capitals >= at - start - 1 ? CAPITALS : 0));
  return at;
}

function readNumber(text: string, start: number, tokens: Tokens, pending: number): number {
  let at = start;
  let key = EMPTY_KEY;
  for (; at < text.length && typeOf(text.charCodeAt(at)) === DIGIT; at++) key = extendKey(key, text.charCodeAt(at));
  push(tokens, at - start > 2 ? NUMBER_KEY : key, pending);
  return at;
}

function skipToSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && text.charCodeAt(at) > 0x20) at++;
  return at;
}

/** Emoji, emoticons, handles and mark-up. Positive: the place after a token made; negative: a place to go on from; 0: neither. */
function readMark(text: string, at: number, code: number, tokens: Tokens, pending: number): number {
  if (code >= 0xd800 && code <= 0xdbff) return readSurrogate(text, at, tokens, pending);
  if (code >= 0x2600 && code <= 0x27bf) return pushEmoji(tokens, code, pending, at + 1);
  if (code === 0x3a || code === 0x3b || code === 0x3d) return readEmoticon(text, at, tokens, pending);
  if (code === 0x3c) return readAngle(text, at, tokens, pending);
  if (code === 0x40) return -skipToSpace(text, at);
  return 0;
}

function pushEmoji(tokens: Tokens, codePoint: number, pending: number, next: number): number {
  push(tokens, emojiKey(codePoint), pending | EMOJI);
  return next;
}

export function emojiKey(codePoint: number): number {
  return extendKey(extendKey(EMPTY_KEY, 0xfe0f), codePoint);
}

function readSurrogate(text: string, at: number, tokens: Tokens, pending: number): number {
  const codePoint = text.codePointAt(at) as number;
  if (codePoint < 0x10000) return 0;
  if (codePoint >= 0x1f3fb && codePoint <= 0x1f3ff) return -(at + 2);
  return pushEmoji(tokens, codePoint, pending, at + 2);
}

const SMILE = 0x1f642;
const FROWN = 0x1f641;
const SKEPTIC = 0x1f615;
const HEART = 0x2764;

function readEmoticon(text: string, start: number, tokens: Tokens, pending: number): number {
  let at = start + 1;
  const nose = text.charCodeAt(at);
  if (nose === 0x2d || nose === 0x27 || nose === 0x6f) at++;
  const mouth = text.charCodeAt(at);
  const face = FACES[String.fromCharCode(mouth)];
  if (face === undefined || typeOf(text.charCodeAt(at + 1)) === LETTER) return 0;
  if (face === SKEPTIC && text.charCodeAt(at + 1) === 0x2f) return 0;
  return pushEmoji(tokens, face, pending, at + 1);
}

const FACES: Record<string, number | undefined> = {
  ')': SMILE,
  D: SMILE,
  P: SMILE,
  ']': SMILE,
  '(': FROWN,
  '[': FROWN,
  '/': SKEPTIC,
  '|': SKEPTIC,
};
Object.setPrototypeOf(FACES, null);

function readAngle(text: string, at: number, tokens: Tokens, pending: number): number {
  if (text.charCodeAt(at + 1) === 0x33) return pushEmoji(tokens, HEART, pending, at + 2);
  for (let end = at + 1; end < at + 14; end++) if (text.charCodeAt(end) === 0x3e) return -(end + 1);
  return 0;
}
