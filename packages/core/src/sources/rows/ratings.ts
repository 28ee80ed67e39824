// Ratings as people write them: a number, one out of so many, stars, a share of a hundred.
import { type CellReading, readCell } from './cells.ts';

/** `of`: the best that the cell itself says there is. */
export type RatingReading = { readonly value: number; readonly of?: number } | { readonly fault: string };

const plain = /^[\d.,+-]+$/;
const outOf = /^(\S+)\s*(?:\/|out of|of|von|sur|de|di|su)\s*(\d+)$/i;
const unit = /^(\S+?)\s*(?:stars?|points?|★|⭐)$/iu;
/** as survey tools write an answer with its label: `10 - Extremely likely` */
const labelled = /^(\S+?)\s*[-–—=:]\s*\p{L}/u;
const share = /^(\S+?)\s*%$/;
const drawn = /^([★⭐]+)(☆*)$/u;

/** Reads a trimmed, not empty cell: `4`, `4,5`, `4/5`, `4 out of 5`, `4 stars`, `★★★★☆`, `80 %`, `4 - Good`. */
export function readRating(text: string): RatingReading {
  if (plain.test(text)) return withBest(readCell(text, 'number'));
  const [, filled = '', empty = ''] = drawn.exec(text.replaceAll('\uFE0F', '')) ?? [];
  const stars = [...filled].length;
  if (stars > 0) return { value: stars, ...(empty !== '' && { of: stars + empty.length }) };
  const [, part = '', whole = ''] = outOf.exec(text) ?? [];
  if (whole !== '') return withBest(readCell(part, 'number'), Number(whole));
  const [, percent = ''] = share.exec(text) ?? [];
  if (percent !== '') return withBest(readCell(percent, 'number'), 100);
  const [, count = text] = unit.exec(text) ?? labelled.exec(text) ?? [];
  return withBest(readCell(count, 'number'));
}

function withBest(reading: CellReading, of?: number): RatingReading {
  if ('fault' in reading) return reading;
  return { value: reading.value as number, ...(of !== undefined && { of }) };
}
