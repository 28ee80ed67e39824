import { describe, expect, it } from 'vitest';
import { Random } from '../random.ts';
import { compose, type Form, spokenLanguages, type Tone, type Turn, turn } from './compose.ts';

const tones: Tone[] = ['unhappy', 'planted', 'happy', 'neutral', 'question'];
const forms: Form[] = ['ticket', 'answer', 'review'];
const turns: Turn[] = ['chasing', 'reopening', 'thanking', 'answering', 'promising', 'solving', 'receipt'];
const stages = ['discover', 'buy', 'delivery', 'use', 'support', 'renew', 'stage-001'];

function texts(count: number, stage: string, tone: Tone, form: Form, language = 'en'): string[] {
  const random = new Random(1);
  return Array.from({ length: count }, () => compose({ random, language, stage }, tone, form));
}

/** The share of the texts that hold each word. */
function sharesOfWords(list: readonly string[]): Map<string, number> {
  const shares = new Map<string, number>();
  for (const text of list)
    for (const word of new Set(text.toLowerCase().split(/[^\p{L}]+/u)))
      shares.set(word, (shares.get(word) ?? 0) + 1 / list.length);
  return shares;
}

describe('compose', () => {
  it.each(spokenLanguages)('leaves nothing unfilled or empty in %s', (language) => {
    for (const stage of stages)
      for (const tone of tones)
        for (const form of forms)
          for (const text of texts(60, stage, tone, form, language)) {
            expect(text.trim()).not.toBe('');
            expect(text).not.toMatch(/[{}]|undefined/);
          }
  });

  it('says the same for the same draws', () => {
    expect(texts(100, 'buy', 'unhappy', 'ticket')).toEqual(texts(100, 'buy', 'unhappy', 'ticket'));
  });

  it.each(stages)('has many ways to complain about %s', (stage) => {
    const distinct = new Set(texts(1_000, stage, 'unhappy', 'ticket'));
    expect(distinct.size).toBeGreaterThan(900);
  });

  it('has no word by which most complaints give themselves away', () => {
    const complaints = stages.flatMap((stage) => texts(300, stage, 'unhappy', 'review'));
    const others = stages.flatMap((stage) => [
      ...texts(150, stage, 'happy', 'review'),
      ...texts(150, stage, 'question', 'review'),
    ]);
    const inComplaints = sharesOfWords(complaints);
    const inOthers = sharesOfWords(others);
    for (const [word, share] of inComplaints) expect(share - (inOthers.get(word) ?? 0), word).toBeLessThan(0.35);
  });

  it('speaks of what is new at the stage where something was planted', () => {
    const about = (tone: Tone): number =>
      texts(1_000, 'delivery', tone, 'ticket').filter((text) => /resched|no driver|new co/i.test(text)).length;
    expect(about('planted')).toBeGreaterThan(400);
    expect(about('unhappy')).toBe(0);
  });

  it('falls back to English', () => {
    expect(texts(20, 'use', 'happy', 'answer', 'xx')).toEqual(texts(20, 'use', 'happy', 'answer', 'en'));
  });
});

it.each(spokenLanguages)('leaves nothing unfilled in a conversation in %s', (language) => {
  const random = new Random(2);
  for (const what of turns)
    for (let again = 0; again < 100; again++)
      expect(turn({ random, language, stage: 'use' }, what)).toMatch(/^[^{}]+$/);
});
