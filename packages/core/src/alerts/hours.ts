// Hours close by agreement of the partitions that the statements come from: when all have passed an hour, or one hour
// after the first of them has, so that one that stands still delays an alert and never prevents it.
import type { BeliefChange, FrictionHour, VoteChange } from '@gapwatch/contracts';
import { hourMs } from '../friction/time.ts';

/** What the partitions have said so far. Hours are whole hours since 1970 UTC. */
export type Agreement = {
  partitions: number;
  /** every hour before this one is closed */
  closed: number;
  /** per partition: up to which hour it is through, and the log time at which it was */
  passed: Record<string, [upTo: number, at: number][]>;
  /** the furthest that any partition was, and the log time at which it said so; both rise */
  leaders: [upTo: number, time: number][];
  /** votes by the first hour at whose end they were known */
  waiting: Record<string, VoteChange[]>;
  /** claims of the company likewise, with the partition that told of them */
  claims: Record<string, WaitingClaim[]>;
};

export type WaitingClaim = BeliefChange & { partition: number };

export function newAgreement(): Agreement {
  return { partitions: 0, closed: 0, passed: {}, leaders: [], waiting: {}, claims: {} };
}

/** Hears one partition. `time`: record time in milliseconds. */
export function hear(agreement: Agreement, record: FrictionHour, time: number): void {
  const { partition, partitions, upTo, votes } = record;
  agreement.partitions = partitions;
  const passed = agreement.passed[partition] ?? [];
  if ((passed.at(-1)?.[0] ?? 0) < upTo) passed.push([upTo, Date.parse(record.at)]);
  agreement.passed[partition] = passed;
  const [furthest, saidAt] = agreement.leaders.at(-1) ?? [0, 0];
  if (furthest < upTo) agreement.leaders.push([upTo, Math.max(saidAt, time)]);
  const known = Math.max(upTo - 1, 0);
  const claims = (record.beliefs ?? []).map((belief) => ({ ...belief, partition }));
  if (claims.length > 0) agreement.claims[known] = [...(agreement.claims[known] ?? []), ...claims];
  if (votes.length === 0) return;
  agreement.waiting[known] = [...(agreement.waiting[known] ?? []), ...votes];
}

/** Hours that may be closed now: `upTo` excluded, and the log time at which the last partition was through. */
export type Closing = { readonly from: number; readonly upTo: number; readonly at: number };

/** The next step of closing, or null when no hour is ready. `time`: record time of the newest friction record. */
export function nextClosing(agreement: Agreement, time: number): Closing | null {
  const agreed = agreedHour(agreement, time);
  if (agreed <= agreement.closed) return null;
  return { from: agreement.closed, upTo: agreed, at: passedAt(agreement, agreed) };
}

function agreedHour(agreement: Agreement, time: number): number {
  const { partitions, passed, leaders } = agreement;
  let least = Number.POSITIVE_INFINITY;
  for (let partition = 0; partition < partitions; partition += 1) {
    least = Math.min(least, passed[partition]?.at(-1)?.[0] ?? 0);
  }
  return Math.max(Number.isFinite(least) ? least : 0, overdueHour(leaders, time));
}

/** The furthest that was said an hour ago. From the front: what is overdue is closed at once, and seldom anything is. */
function overdueHour(leaders: Agreement['leaders'], time: number): number {
  let overdue = 0;
  for (const [upTo, saidAt] of leaders) {
    if (saidAt > time - hourMs) break;
    overdue = upTo;
  }
  return overdue;
}

/** The log time at which the last of the partitions that are through was through this hour. */
function passedAt(agreement: Agreement, upTo: number): number {
  let at = 0;
  for (const passed of Object.values(agreement.passed)) {
    const first = passed.find(([hour]) => hour >= upTo);
    if (first !== undefined) at = Math.max(at, first[1]);
  }
  return at;
}

/** Takes what was known before an hour, by the hour at whose end it was. */
function takeKnown<T>(waiting: Record<string, T[]>, upTo: number): [known: number, items: T[]][] {
  const taken: [number, T[]][] = [];
  // keys that are whole numbers from 0 on come in their order
  for (const known of Object.keys(waiting)) {
    if (Number(known) >= upTo) break;
    taken.push([Number(known), waiting[known] ?? []]);
    delete waiting[known];
  }
  return taken;
}

/** Takes the claims that were known when the last of these hours closed, by the hour at whose end they were. */
export function takeClaims({ claims }: Agreement, { upTo }: Closing): [known: number, claims: WaitingClaim[]][] {
  return takeKnown(claims, upTo);
}

/** Takes what was known when the last of these hours closed, and marks them closed. */
export function takeWaiting(agreement: Agreement, closing: Closing): VoteChange[] {
  const votes = takeKnown(agreement.waiting, closing.upTo).flatMap(([, known]) => known);
  agreement.closed = closing.upTo;
  for (const passed of Object.values(agreement.passed)) {
    while (passed.length > 1 && (passed[1]?.[0] ?? 0) <= closing.upTo) passed.shift();
  }
  agreement.leaders = agreement.leaders.filter(([upTo]) => upTo > closing.upTo);
  return votes;
}
