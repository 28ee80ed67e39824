// Dead letters for a person at a terminal: the reason first, since that is what must be mended.
import type { DeadLetter } from '@gapwatch/contracts';
import type { Mark } from '../dead-letters/marks.ts';
import { onOneLine } from './output.ts';

/** One letter in one line. */
export function letterLine({ id, at, reason }: DeadLetter, replayed: Mark | null): string {
  const sent = replayed === null ? '' : `  [replayed ${replayed.at}]`;
  return onOneLine(`${at}  ${id}  ${reason.code}: ${reason.message}${sent}`);
}

/** Lines without their ends; the payload is the last. */
export function letterLines(
  { id, at, service, origin, reason }: DeadLetter,
  source: string | null,
  replayed: Mark | null,
  payload: string,
): string[] {
  const { topic, partition, offset } = origin;
  return [
    `${reason.code}: ${reason.message}`,
    `  dead letter ${id}`,
    `  from ${topic}/${partition} at ${offset}${source === null ? '' : `, source ${source}`}, by the ${service}, ${at}`,
    replayed === null ? '  not replayed yet' : `  replayed ${replayed.at} by ${replayed.by}`,
    payload,
  ].map(onOneLine);
}
