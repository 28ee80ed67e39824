// The findings of one customer in one batch: every question is answered by looking back through what was said, with no
// state that is carried along. Quadratic at worst, and written to share nothing with the ledger of the fold.
import type { Saying } from './sayings.ts';

const day = 86_400_000;

export type Finding = {
  readonly at: number;
  readonly stage: string;
  readonly segments: readonly string[];
  readonly contact: string;
};

type Mark = {
  readonly time: number;
  readonly kind: 'problem' | 'resolved' | 'word' | 'answer' | 'solved' | 'open';
  readonly saying: Saying;
  /** marks of the same conversation before this one */
  readonly before: readonly Mark[];
  /** whether it is without effect */
  readonly isVoid: boolean;
  /** stages whose claim it contradicts */
  readonly contradicts: readonly string[];
  /** of a problem: when the issue began that it is part of */
  readonly since: number;
};

const order = (kind: Mark['kind']) => (kind === 'solved' || kind === 'open' ? 2 : kind === 'answer' ? 1 : 0);

function plainMarks(saying: Saying): Pick<Mark, 'time' | 'kind' | 'saying'>[] {
  const kind = saying.isStaff ? 'answer' : saying.isProblem ? 'problem' : saying.isResolved ? 'resolved' : 'word';
  const words = { time: saying.at, kind, saying } as const;
  if (saying.status === null) return [words];
  return [words, { time: saying.status.at, kind: saying.status.isSolved ? 'solved' : 'open', saying }];
}

export class CustomerLedger {
  readonly #marks: Mark[] = [];
  readonly #findings: Finding[] = [];

  constructor(sayings: readonly Saying[]) {
    const plain = sayings.flatMap(plainMarks).sort((one, other) => {
      const [left, right] = [one.saying, other.saying];
      const id = left.id < right.id ? -1 : left.id > right.id ? 1 : left.version - right.version;
      return one.time - other.time || order(one.kind) - order(other.kind) || id;
    });
    const conversations = new Map<string, Mark[]>();
    for (const mark of plain) {
      const { thread } = mark.saying;
      const known = thread === null ? [] : (conversations.get(thread) ?? []);
      const last = known.at(-1);
      const conversation = last !== undefined && last.time + 90 * day < mark.time ? [] : known;
      const full = this.#look(mark, conversation.slice());
      this.#marks.push(full);
      conversation.push(full);
      if (thread !== null) conversations.set(thread, conversation);
    }
  }

  /** What has passed at a time of the log. */
  findings(now: number): Finding[] {
    return [...this.#findings, ...this.#deadlines().filter(({ at }) => at <= now)];
  }

  /** Whether anything said before a time still has a bearing on it. */
  isRemembered(time: number): boolean {
    const isFresh = this.#marks.some(({ saying, time: at }) => saying.thread !== null && at + 90 * day >= time);
    const stages = new Set(this.#marks.map(({ saying }) => saying.stage));
    return (
      isFresh ||
      [...stages].some((stage) => this.#issue(stage, time) !== null) ||
      this.#deadlines().some(({ at }) => at >= time)
    );
  }

  #look({ time, kind, saying }: Pick<Mark, 'time' | 'kind' | 'saying'>, before: readonly Mark[]): Mark {
    const stages = touched(before);
    const claim = claimIn(before);
    const contradicts: string[] = [];
    let since = time;
    let isVoid = false;
    if (order(kind) === 0 && saying.isUnhappy) {
      const inThread = claim !== null && time <= claim + 14 * day;
      if (inThread || (this.#issue(saying.stage, time)?.claim ?? null) !== null) {
        this.#find(saying, time, saying);
        contradicts.push(saying.stage, ...(inThread ? stages : []));
      }
    }
    if (kind === 'problem') {
      const issue = this.#issue(saying.stage, time);
      if (claim !== null) contradicts.push(...stages);
      if (claim !== null || isRepeat(saying, before, issue)) this.#find(saying, time, saying);
      since = issue?.since ?? time;
    } else if (kind === 'open' && claim !== null) {
      this.#find(subjectOf(saying, before), time, saying);
      contradicts.push(...stages);
    } else if (kind === 'solved' && !saying.isStaff && time === saying.at) {
      isVoid = before.some(
        (mark, at) => mark.kind === 'problem' && mark.time === time && claimIn(before.slice(0, at)) !== null,
      );
    }
    return { time, kind, saying, before, isVoid, contradicts, since };
  }

  #find({ stage, segments }: Pick<Finding, 'stage' | 'segments'>, at: number, { contact }: Saying): void {
    this.#findings.push({ at, stage, segments, contact });
  }

  /** The issue that is open at a stage at a time, after everything that was looked at so far. */
  #issue(stage: string, time: number): { since: number; claim: number | null } | null {
    const last = this.#marks.findLastIndex((mark) => mark.kind === 'problem' && mark.saying.stage === stage);
    const problem = this.#marks[last];
    if (problem === undefined || time > problem.time + 180 * day) return null;
    let claim: number | null = null;
    for (const mark of this.#marks.slice(last + 1)) {
      if (claim !== null && mark.time > claim + 14 * day) return null;
      const isAbout = touched(mark.before).includes(stage);
      if (mark.kind === 'resolved' && (isAbout || mark.saying.stage === stage)) return null;
      if (mark.kind === 'solved' && !mark.isVoid && isAbout) claim ??= mark.time;
      if (mark.contradicts.includes(stage)) claim = null;
    }
    return claim !== null && time > claim + 14 * day ? null : { since: problem.since, claim };
  }

  /** Deadlines that nothing took off, passed or to come. */
  #deadlines(): Finding[] {
    return this.#marks.flatMap((mark, index) => {
      const { saying, before, kind } = mark;
      const { replyBy, promise, contact } = saying;
      const found: Finding[] = [];
      const isFirst = !sinceAnswer(before).some(({ saying: one }) => one.replyBy !== null);
      if (kind === 'problem' && replyBy !== null && isFirst && !this.#isAnswered(index, replyBy)) {
        found.push({ at: replyBy, stage: saying.stage, segments: saying.segments, contact });
      }
      if (order(kind) < 2 && promise !== null && !(promise.byReply && this.#isAnswered(index, promise.dueAt))) {
        const { stage, segments } = subjectOf(saying, before);
        found.push({ at: promise.dueAt, stage, segments, contact });
      }
      return found;
    });
  }

  #isAnswered(index: number, dueAt: number): boolean {
    const thread = this.#marks[index]?.saying.thread;
    return this.#marks.some(
      (mark, at) => at > index && mark.saying.thread === thread && mark.time <= dueAt && ends(mark),
    );
  }
}

/** Whether it ends the customer's waiting in its thread. */
function ends({ kind, isVoid }: Mark): boolean {
  return kind === 'answer' || kind === 'resolved' || (kind === 'solved' && !isVoid);
}

/** Since when a conversation is claimed to be solved; null where it is open. */
function claimIn(marks: readonly Mark[]): number | null {
  let since: number | null = null;
  for (const mark of marks.toReversed()) {
    if (mark.kind === 'problem' || mark.kind === 'open') return since;
    if (mark.kind === 'solved' && !mark.isVoid) since = mark.time;
  }
  return since;
}

/** Stages at which a conversation raised a problem. */
function touched(marks: readonly Mark[]): string[] {
  return marks.filter(({ kind }) => kind === 'problem').map(({ saying }) => saying.stage);
}

/** Problems that nobody answered. */
function sinceAnswer(marks: readonly Mark[]): Mark[] {
  return marks.slice(marks.findLastIndex(ends) + 1).filter(({ kind }) => kind === 'problem');
}

function isRepeat(saying: Saying, before: readonly Mark[], issue: { since: number } | null): boolean {
  if (issue === null) return false;
  const last = before.findLast(({ kind, saying: one }) => kind === 'problem' && one.stage === saying.stage);
  if (last === undefined || last.time < issue.since) return true;
  const [waiting] = sinceAnswer(before);
  return waiting !== undefined && saying.at - waiting.time >= day;
}

/** What staff speak about: the customer's last problem in the conversation. The status of a statement is about the same. */
function subjectOf(saying: Saying, before: readonly Mark[]): Saying {
  if (!saying.isStaff) return saying;
  const words = before.findIndex((mark) => mark.saying === saying);
  const earlier = words < 0 ? before : before.slice(0, words);
  return earlier.findLast(({ kind }) => kind === 'problem')?.saying ?? saying;
}
