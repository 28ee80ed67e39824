// What a version of a subject means, given what is held of the subject. One pure decision, with a named outcome.
import type { TaggedSignal } from '@gapwatch/contracts';
import { dayMs } from '../friction/time.ts';
import { type Held, heldUntil, type SubjectIndex } from './held.ts';

/** `accepted` changes the state; every other outcome is without effect and is counted under its name. */
export type Outcome = 'accepted' | 'repeated' | 'older-version' | 'conflicting' | 'too-late' | 'in-the-future';

export type Known = {
  readonly index: SubjectIndex | undefined;
  readonly held: Held | undefined;
  /** key of the holder that the signal would come to */
  readonly holder: string;
};

/** How far ahead of the log a statement may lie, milliseconds. */
const aheadMs = dayMs;

export function decideOutcome(record: TaggedSignal, known: Known, now: number, latenessMs: number): Outcome {
  const { signal } = record;
  const at = Date.parse(signal.occurredAt);
  if (at > now + aheadMs) return 'in-the-future';
  const { index, held } = known;
  const isKnown = index !== undefined && heldUntil(index.touched, latenessMs) >= now;
  if (signal.op === 'delete') return isKnown ? decideDelete(record, index, held) : 'accepted';
  if (isKnown && isSuperseded(signal.version ?? 0, index)) return 'older-version';
  const outcome = isKnown && held !== undefined ? decideUpsert(record, held) : 'accepted';
  return outcome === 'accepted' && !record.backfill && isTooLate(at, known, now, latenessMs) ? 'too-late' : outcome;
}

/**
 * An old time is open only to a version of a statement that is held right there: everything else of that customer and
 * week may have been let go, so that what comes anew could not be told from what was counted.
 */
function isTooLate(at: number, { index, held, holder }: Known, now: number, latenessMs: number): boolean {
  if (at >= now - latenessMs) return false;
  return held === undefined || held.at !== at || index?.holder !== holder;
}

/** Whether a marker says that this version no longer holds. A delete wins over an upsert of the same version. */
export function isSuperseded(version: number, index: SubjectIndex): boolean {
  const { marker } = index;
  if (marker === undefined) return false;
  if (marker.version === null) return true;
  return marker.op === 'delete' ? version <= marker.version : version < marker.version;
}

function decideUpsert(record: TaggedSignal, held: Held): Outcome {
  const version = record.signal.version ?? 0;
  if (version > held.version) return 'accepted';
  if (version < held.version) return 'older-version';
  return record.content === held.content ? 'repeated' : 'conflicting';
}

function decideDelete(record: TaggedSignal, index: SubjectIndex, held: Held | undefined): Outcome {
  const { version } = record.signal;
  const { marker } = index;
  if (marker?.op === 'delete') {
    if (marker.version === version) return 'repeated';
    if (marker.version === null || (version !== null && version < marker.version)) return 'older-version';
  }
  if (version === null) return 'accepted';
  if (marker !== undefined && marker.version !== null && version < marker.version) return 'older-version';
  return held !== undefined && held.version > version ? 'older-version' : 'accepted';
}
