// Why a gap widened or closed again, in words: on the page as in a backtest.
import type { AlertRecord } from '@gapwatch/contracts';

const widened = {
  'experience-fell': 'Experience fell',
  'belief-rose': 'What we report rose, experience did not',
  'mix-moved': 'The mix of customers or sources moved',
} as const;

/** Of an improvement the same causes go the other way. */
const narrowed = {
  ...widened,
  'experience-fell': 'Experience rose',
  'belief-rose': 'What we report fell, experience did not',
} as const;

export function causeText({ cause, reversed }: Pick<AlertRecord, 'cause' | 'reversed'>): string {
  return (reversed ? narrowed : widened)[cause];
}
