// The issue ledger of one customer: a state machine over statements in order of time. What comes out is a function of
// the set of statements that hold and of log time, so that no order of arrival matters; what is found at a time rests
// on nothing later. It goes on from a checkpoint as if it had read everything before it.
import { escapeName } from '../friction/cells.ts';
import type { Checkpoint, Issue } from './checkpoint.ts';
import { Course, type Statement } from './course.ts';

/** An open issue, for whoever asks which customers a stage has to call; `threads` as `source|thread`. */
export type IssueDocument = Issue & { readonly stage: string; readonly customer: string };

/** Where a customer's open issue at a stage lies; those of a stage lie together. */
export function issueKey(stage: string, customer: string): string {
  return `${issuesAt(stage)}${escapeName(customer)}`;
}

/** The beginning of the keys of all open issues at a stage. */
export function issuesAt(stage: string): string {
  return `issue|${escapeName(stage)}|`;
}

/**
 * Hears all statements of a customer. `now`: log time of the last tick; no deadline after it has passed. `until`: the new
 * checkpoint is made of all that lies before it. O(n log n) in the statements since the old one.
 */
export function hearAll(
  checkpoint: Checkpoint | undefined,
  statements: readonly Statement[],
  now: number,
  until: number,
): { readonly course: Course; readonly checkpoint: Checkpoint | undefined } {
  const course = new Course(checkpoint, now);
  const ordered = statements.toSorted(inOrder);
  const first = ordered.findIndex(({ at }) => at >= until);
  const settled = first < 0 ? ordered.length : first;
  for (const one of ordered.slice(0, settled)) course.hear(one);
  const next = course.checkpoint(until);
  for (const one of ordered.slice(settled)) course.hear(one);
  return { course, checkpoint: next };
}

/** By time; at one time customers speak before staff, and all words come before what a status says. */
function inOrder(one: Statement, other: Statement): number {
  if (one.at !== other.at) return one.at - other.at;
  const isStaff = Number(one.said.by !== undefined) - Number(other.said.by !== undefined);
  if (isStaff !== 0) return isStaff;
  if (one.id !== other.id) return one.id < other.id ? -1 : 1;
  return one.version - other.version;
}
