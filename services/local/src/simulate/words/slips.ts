// How people really type: small letters, lost stops, swapped letters, an emoji, a raised voice.
import type { Random } from '../random.ts';
import type { Tone } from './compose.ts';

const emoji: Readonly<Record<Tone, readonly string[]>> = {
  unhappy: ['😡', '😤', '🙄', '😞', '🤦', ':('],
  planted: ['😡', '🙄', '😞', '🚚', '🤷', ':-('],
  happy: ['😊', '👍', '🎉', '❤️', '🙏', ':)'],
  neutral: ['🙂', '🤷', '👋'],
  question: ['🙂', '🤔', '🙏'],
};

/** Swaps or drops one letter inside a longer word; the first and the last stay, as they mostly do. */
function mistyped(text: string, random: Random): string {
  const words = text.split(' ');
  const place = random.below(words.length);
  const word = words[place] as string;
  if (!/^\p{L}{5,}$/u.test(word)) return text;
  const at = 1 + random.below(word.length - 3);
  const swapped = `${word.slice(0, at)}${word[at + 1]}${word[at]}${word.slice(at + 2)}`;
  words[place] = random.chance(0.5) ? swapped : word.slice(0, at) + word.slice(at + 1);
  return words.join(' ');
}

function louder(text: string, random: Random): string {
  return random.chance(0.3) ? text.toUpperCase() : text.replace(/\.$/, random.chance(0.5) ? '!!' : '!');
}

/** The text as it was typed; most of it stays as it was. */
export function typed(text: string, random: Random, tone: Tone): string {
  let result = text;
  if (random.chance(0.2)) result = mistyped(result, random);
  if (random.chance(0.12)) result = result.toLowerCase();
  if (random.chance(0.15)) result = result.replace(/[.]$/, '');
  if (tone !== 'neutral' && tone !== 'question' && random.chance(0.08)) result = louder(result, random);
  if (random.chance(0.1)) result = `${result} ${random.pick(emoji[tone])}`;
  return result;
}
