// Builds what people say: a clause about the stage, put into one of many shapes, in a tone, now and then with a slip.
// The same draws give the same text.
import type { Random } from '../random.ts';
import type { Bank, Manner, Words } from './bank.ts';
import { english } from './english.ts';
import { french } from './french.ts';
import { german } from './german.ts';
import { typed } from './slips.ts';
import { spanish } from './spanish.ts';

const vocabulary: Readonly<Record<string, Words>> = { en: english, de: german, es: spanish, fr: french };
export const spokenLanguages = Object.keys(vocabulary);

/** `planted`: speaks of what has lately gone wrong at the stage. */
export type Tone = 'unhappy' | 'planted' | 'happy' | 'neutral' | 'question';
/** Where it is said: a long ticket, a short answer to a survey, a public review. */
export type Form = 'ticket' | 'answer' | 'review';
export type Voice = { random: Random; language: string; stage: string };
/** Words of a conversation that hang on its course and not on the stage. */
export type Turn = 'chasing' | 'reopening' | 'thanking' | 'answering' | 'promising' | 'solving' | 'receipt';

const names = ['Anna', 'Tom', 'Priya', 'Lucas', 'Marta', 'Jonas', 'Claire', 'Omar', 'Ines', 'Kate', 'Ben', 'Sofia'];
const months = ['January', 'March', 'May', 'June', 'August', 'October'];
const towns = ['Leeds', 'Cardiff', 'Boston', 'Bath', 'Denver', 'York', 'Lyon', 'Bremen'];
const counts = ['two', 'three', 'four', 'five', 'six'];
const ordinals: Readonly<Record<string, readonly string[]>> = {
  en: ['second', 'third', 'fourth', 'fifth'],
  de: ['zweiten', 'dritten', 'vierten'],
  es: ['dos', 'tres', 'cuatro'],
  fr: ['deux', 'trois', 'quatre'],
};

function slot(name: string, { random, language }: Voice, manner: Manner): string {
  switch (name) {
    case 'days':
      return String(3 + random.below(18));
    case 'minutes':
      return String(15 + 5 * random.below(12));
    case 'times':
      return random.pick(ordinals[language] ?? ordinals.en!);
    case 'count':
      return random.pick(counts);
    case 'amount':
      return language === 'en' ? `£${5 + random.below(90)}` : `${5 + random.below(90)} €`;
    case 'order':
      return String(100_000 + random.below(900_000));
    case 'weekday':
      return random.pick(manner.weekdays);
    case 'thing':
      return random.pick(manner.things);
    case 'month':
      return random.pick(months);
    case 'town':
      return random.pick(towns);
    case 'name':
      return random.pick(names);
    // Numbers and domains that are set aside for stories and documentation.
    case 'phone':
      return `07700 900${String(random.below(1_000)).padStart(3, '0')}`;
    case 'email':
      return `${random.pick(names).toLowerCase()}.${random.below(100)}@example.com`;
    default:
      throw new Error(`no such slot: ${name}`);
  }
}

/** Raises the first letter, also behind the opening marks of Spanish. */
const capital = (text: string): string => text.replace(/^[¿¡]?\p{Ll}/u, (head) => head.toUpperCase());
const sentence = (clause: string): string => (/[.!?…]$/.test(clause) ? clause : `${clause}.`);
const asked = (clause: string): string => (clause.endsWith('?') ? clause : `${clause}?`);

function bankOf(words: Words, stage: string): Bank {
  return words.stages[stage] ?? words.general;
}

/** One clause of the stage; now and then one that could be said anywhere. */
function clause(words: Words, voice: Voice, what: 'troubles' | 'praises' | 'questions' | 'remarks'): string {
  const bank = voice.random.chance(0.1) ? words.general : bankOf(words, voice.stage);
  return voice.random.pick(bank[what]);
}

function trouble(words: Words, voice: Voice, planted: boolean): string {
  const fresh = bankOf(words, voice.stage).fresh;
  if (planted && fresh !== undefined && voice.random.chance(0.7)) return voice.random.pick(fresh);
  return clause(words, voice, 'troubles');
}

const frameShare = 0.3;

/** The clause as it is, or led in by a frame. */
function framed(clause: string, frames: readonly string[], random: Random): string {
  return random.chance(frameShare) ? random.pick(frames).replace('{clause}', () => clause) : clause;
}

function filled(pattern: string, words: Words, voice: Voice, planted = false): string {
  const nested = pattern.replace(/\{(praise|trouble|Trouble)\}/g, (_, name: string) => {
    if (name === 'praise') return clause(words, voice, 'praises');
    const text = trouble(words, voice, planted);
    return name === 'trouble' ? text : capital(text);
  });
  return nested.replace(/\{(\w+)\}/g, (_, name: string) => slot(name, voice, words.manner));
}

function unhappy(words: Words, voice: Voice, form: Form, planted: boolean): string[] {
  const { random } = voice;
  const { manner } = words;
  if (form === 'answer' && random.chance(0.2)) return [random.pick(manner.curt.unhappy)];
  if (random.chance(0.12)) return [sentence(random.pick(manner.mixed.unhappy))];
  const parts = [sentence(framed(trouble(words, voice, planted), manner.frames.unhappy, random))];
  if (random.chance(form === 'answer' ? 0.12 : 0.3)) parts.push(sentence(trouble(words, voice, planted)));
  if (random.chance(form === 'answer' ? 0.2 : 0.4)) parts.push(sentence(random.pick(manner.consequences)));
  if (form === 'ticket' && random.chance(0.6)) parts.push(sentence(random.pick(manner.asks)));
  if (form === 'review' && random.chance(0.15)) parts.unshift(sentence(random.pick(manner.curt.unhappy)));
  return parts;
}

function happy(words: Words, voice: Voice, form: Form): string[] {
  const { random } = voice;
  const { manner } = words;
  if (form === 'answer' && random.chance(0.3)) return [random.pick(manner.curt.happy)];
  if (random.chance(0.15)) return [sentence(random.pick(manner.mixed.happy))];
  const parts = [sentence(framed(clause(words, voice, 'praises'), manner.frames.happy, random))];
  if (random.chance(0.3)) parts.push(sentence(clause(words, voice, 'praises')));
  if (random.chance(0.2)) parts.unshift(sentence(clause(words, voice, 'remarks')));
  return parts;
}

function neutral(words: Words, voice: Voice, form: Form): string[] {
  const { random } = voice;
  if (form === 'answer' && random.chance(0.4)) return [random.pick(words.manner.curt.neutral)];
  const parts = [sentence(clause(words, voice, 'remarks'))];
  if (random.chance(0.3)) parts.push(sentence(random.pick(words.manner.curt.neutral)));
  return parts;
}

function question(words: Words, voice: Voice): string[] {
  const { random } = voice;
  const parts = [asked(framed(clause(words, voice, 'questions'), words.manner.frames.question, random))];
  if (random.chance(0.35)) parts.unshift(sentence(clause(words, voice, 'remarks')));
  if (random.chance(0.15)) parts.push(asked(clause(words, voice, 'questions')));
  return parts;
}

function body(words: Words, voice: Voice, tone: Tone, form: Form): string[] {
  if (tone === 'happy') return happy(words, voice, form);
  if (tone === 'neutral') return neutral(words, voice, form);
  if (tone === 'question') return question(words, voice);
  return unhappy(words, voice, form, tone === 'planted');
}

/** Nobody says the same sentence twice, not even when it was led in differently. */
function unrepeated(parts: readonly string[]): string[] {
  return parts.filter((part, index) => !parts.slice(0, index).some((earlier) => earlier.endsWith(part)));
}

function wordsOf(language: string): Words {
  return vocabulary[language] ?? english;
}

/** What a customer says of a stage. Languages without words of their own fall back to English. */
export function compose(voice: Voice, tone: Tone, form: Form): string {
  const words = wordsOf(voice.language);
  const parts = unrepeated(body(words, voice, tone, form));
  if (form === 'ticket') {
    if (voice.random.chance(0.55)) parts.unshift(`${voice.random.pick(words.manner.greetings)},`);
    if (voice.random.chance(0.5)) parts.push(voice.random.pick(words.manner.closings));
  }
  const separator = form === 'ticket' && voice.random.chance(0.25) ? '\n' : ' ';
  const spoken = parts.map((part) => capital(filled(part, words, voice, tone === 'planted')));
  return typed(spoken.join(separator), voice.random, tone);
}

/** What is said in the course of a conversation, by the customer or by staff. */
export function turn(voice: Voice, what: Turn, planted = false): string {
  const words = wordsOf(voice.language);
  const text = filled(voice.random.pick(words.manner[what]), words, voice, planted);
  const spoken = what === 'chasing' || what === 'reopening' || what === 'thanking';
  return spoken ? typed(text, voice.random, what === 'thanking' ? 'happy' : 'unhappy') : text;
}
