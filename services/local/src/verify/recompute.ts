// Every window of one partition, computed from its log in one batch: first what holds in the end, then the counts.
// It shares no code with the fold on purpose: two ways to the same figures, so that a mistake in one shows.
import {
  type ConfigurationInput,
  durationMs,
  type LogRecord,
  type SignalsRecord,
  type TaggedSignal,
} from '@gapwatch/contracts';
import { CustomerLedger, type Finding } from './ledger.ts';
import { type Saying, sayingOf } from './sayings.ts';

const hour = 3_600_000;
const ahead = 24 * hour;
/** 1970-01-05 was a Monday */
const monday = 4 * 24 * hour;

type Marker = { version: number; inclusive: boolean };
type Subject = { touched: number; current: Statement | null; markers: Marker[] };
type Statement = {
  signal: TaggedSignal['signal'];
  friction: number;
  at: number;
  segments: string[];
  subject: Subject;
  /** what the ledger follows of it */
  saying: Saying | null;
};
/** One voice in one window. */
type Voice = { statements: Statement[]; findings: Finding[] };

/** Statements that hold after the last record, and the cells that they make, by key; cells that are zero are left out. */
export class Recomputation {
  readonly #subjects = new Map<string, Subject>();
  /** statements of subjects that were forgotten: nothing changes them any more, but they still count */
  readonly #settled: Statement[] = [];
  /** statements that the ledger follows, by customer; a chapter is closed where all that was said before is forgotten */
  readonly #followed = new Map<string, Set<Statement>>();
  readonly #closed: { customer: string; statements: Statement[] }[] = [];
  readonly #seen = new Map<string, [number, number]>();
  #now = 0;
  #lateness = durationMs('35d');
  #segments: readonly string[] = [];
  #ticked = 0;
  readonly #replies = new Map<string, number>();

  take(record: LogRecord, content: SignalsRecord): void {
    this.#now = Math.max(this.#now, record.time);
    if (content.type === 'tick') this.#ticked = this.#now;
    if (content.type === 'tick') return;
    if (content.type === 'configuration') {
      this.#configure(content.configuration as ConfigurationInput);
      return;
    }
    if (this.#isRepeat(content.origin)) return;
    if (content.type === 'supersede') {
      const subject = this.#subject(`${content.source}|${content.subject}`);
      this.#mark(subject, content.version, content.op === 'delete');
    } else this.#takeSignal(content);
  }

  #configure({ lateness = '35d', segments = [], stages = [] }: ConfigurationInput): void {
    this.#lateness = durationMs(lateness);
    this.#segments = segments;
    this.#replies.clear();
    for (const { id, promises = [] } of stages) {
      const shortest = Math.min(...promises.map(({ within }) => durationMs(within)));
      if (Number.isFinite(shortest)) this.#replies.set(id, shortest);
    }
  }

  #isRepeat(origin: TaggedSignal['origin']): boolean {
    const place = `${origin.topic} ${origin.partition}`;
    const [offset, index] = this.#seen.get(place) ?? [-1, -1];
    if (origin.offset < offset || (origin.offset === offset && origin.index <= index)) return true;
    this.#seen.set(place, [origin.offset, origin.index]);
    return false;
  }

  /** The subject as it is known now; one that was not touched for too long is settled and begins anew. */
  #subject(id: string): Subject {
    const known = this.#subjects.get(id);
    if (known !== undefined && known.touched + this.#lateness >= this.#now) return known;
    if (known?.current) this.#settled.push(known.current);
    const fresh: Subject = { touched: Number.NEGATIVE_INFINITY, current: null, markers: [] };
    this.#subjects.set(id, fresh);
    return fresh;
  }

  #mark(subject: Subject, version: number | null, inclusive: boolean): void {
    const marker = { version: version ?? Number.POSITIVE_INFINITY, inclusive };
    subject.markers.push(marker);
    subject.touched = this.#now;
    if (subject.current !== null && isCovered(subject.current.signal.version ?? 0, [marker])) {
      this.#unfollow(subject.current);
      subject.current = null;
    }
  }

  #takeSignal(content: TaggedSignal): void {
    const { signal } = content;
    const at = Date.parse(signal.occurredAt);
    if (at > this.#now + ahead) return;
    const id = `${signal.source}|${signal.subject}`;
    const subject = this.#subject(id);
    const isNew = subject.touched === Number.NEGATIVE_INFINITY;
    if (signal.op === 'delete') {
      if (isNew || !this.#isPointless(subject, signal.version)) this.#mark(subject, signal.version, true);
      return;
    }
    const { current } = subject;
    const version = signal.version ?? 0;
    if (isCovered(version, subject.markers)) return;
    if (current !== null && version <= (current.signal.version ?? 0)) return;
    const isHere = current?.signal.occurredAt === signal.occurredAt && current?.signal.customer === signal.customer;
    if (!content.backfill && at < this.#now - this.#lateness && !isHere) {
      if (isNew) this.#subjects.delete(id);
      return;
    }
    const statement = this.#statement(content, subject);
    if (current !== null) this.#unfollow(current);
    subject.current = statement;
    subject.touched = this.#now;
    if (statement.saying !== null) this.#follow(statement);
  }

  /** Whether a delete says nothing new: it touches nothing then, so that it does not prolong the memory of the subject. */
  #isPointless(subject: Subject, version: number | null): boolean {
    if (version === null) return subject.markers.some(({ version: upTo }) => upTo === Number.POSITIVE_INFINITY);
    const isMarked = subject.markers.some(
      (marker) => marker.version > version || (marker.inclusive && marker.version === version),
    );
    return isMarked || (subject.current !== null && (subject.current.signal.version ?? 0) > version);
  }

  #statement(content: TaggedSignal, subject: Subject): Statement {
    const { signal, friction } = content;
    const segments = this.#segments.flatMap((name) =>
      signal.segment?.[name] === undefined ? [] : [`${name}:${signal.segment[name]}`],
    );
    const at = Date.parse(signal.occurredAt);
    const saying = sayingOf(content, segments, this.#replies.get(signal.stage ?? 'unknown'));
    const isFollowed = saying !== null && !this.#isSettled(signal.customer ?? '', at);
    return { signal, friction, at, segments, subject, saying: isFollowed ? saying : null };
  }

  /** Whether the customer's ledger is closed up to a time and goes on from what it knew then. */
  #isSettled(customer: string, at: number): boolean {
    const followed = this.#followed.get(customer);
    if (followed === undefined || at >= this.#ticked - this.#lateness) return false;
    const alive = [...followed].filter(({ subject }) => subject.touched + this.#lateness >= this.#ticked);
    const until = alive.reduce((earliest, one) => Math.min(earliest, one.at), this.#ticked - this.#lateness);
    const earlier = [...followed].filter((one) => one.at < until);
    if (at >= until || earlier.length === 0) return false;
    if (new CustomerLedger(sayingsOf(earlier)).isRemembered(until)) return true;
    this.#closed.push({ customer, statements: earlier });
    for (const one of earlier) followed.delete(one);
    return false;
  }

  #follow(statement: Statement): void {
    const customer = statement.signal.customer ?? '';
    const followed = this.#followed.get(customer) ?? new Set();
    this.#followed.set(customer, followed.add(statement));
  }

  #unfollow(statement: Statement): void {
    this.#followed.get(statement.signal.customer ?? '')?.delete(statement);
  }

  #findings(): [customer: string, finding: Finding][] {
    const open = [...this.#followed].map(([customer, followed]) => ({ customer, statements: [...followed] }));
    return [...this.#closed, ...open].flatMap(({ customer, statements }) =>
      new CustomerLedger(sayingsOf(statements))
        .findings(this.#ticked)
        .map((finding): [string, Finding] => [customer, finding]),
    );
  }

  /** The cells of all windows: key as in the state, fields in its order. */
  cells(): Map<string, number[]> {
    const statements = [...this.#settled];
    for (const { current } of this.#subjects.values()) if (current !== null) statements.push(current);
    const groups = new Map<string, Map<string, Voice>>();
    statements.forEach((statement, index) => {
      if (!counts(statement)) return;
      const { customer, stage = 'unknown' } = statement.signal;
      const who = customer === null ? `anonymous ${index}` : `customer ${customer}`;
      for (const key of windowKeys({ ...statement, stage })) voiceIn(groups, key, who).statements.push(statement);
    });
    for (const [customer, finding] of this.#findings()) {
      for (const key of windowKeys(finding)) voiceIn(groups, key, `customer ${customer}`).findings.push(finding);
    }
    const cells = [...groups].map(([key, voices]) => [key, countWindow(voices)] as const);
    return new Map(cells.filter(([, fields]) => fields.some((field) => field !== 0)));
  }
}

function sayingsOf(statements: readonly Statement[]): Saying[] {
  return statements.flatMap(({ saying }) => (saying === null ? [] : [saying]));
}

function isCovered(version: number, markers: readonly Marker[]): boolean {
  return markers.some((marker) => version < marker.version || (marker.inclusive && version === marker.version));
}

function isSpoken({ signal }: Statement): boolean {
  return ['feedback', 'ticket', 'review'].includes(signal.kind) && (signal.author ?? 'customer') === 'customer';
}

function isVisit({ signal }: Statement): boolean {
  return signal.kind === 'lifecycle' && signal.lifecycle?.event === 'active' && signal.stage !== undefined;
}

function counts(statement: Statement): boolean {
  return isSpoken(statement) || isVisit(statement);
}

function windowKeys({ at, segments, stage }: Pick<Finding, 'at' | 'segments' | 'stage'>): string[] {
  const day = Math.floor(at / (24 * hour)) * 24 * hour;
  const week = Math.floor((at - monday) / (168 * hour)) * 168 * hour + monday;
  const starts: [string, number][] = [
    ['1h', Math.floor(at / hour)],
    ['1d', day / hour],
    ['7d', week / hour],
  ];
  const plain = (text: string) => text.replaceAll('%', '%25').replaceAll('|', '%7C');
  return starts.flatMap(([step, start]) =>
    ['', ...segments].map((segment) => `${step}|${plain(stage)}|${plain(segment)}|${start}`),
  );
}

function voiceIn(groups: Map<string, Map<string, Voice>>, key: string, who: string): Voice {
  const voices = groups.get(key) ?? new Map<string, Voice>();
  groups.set(key, voices);
  const voice = voices.get(who) ?? { statements: [], findings: [] };
  voices.set(who, voice);
  return voice;
}

function countWindow(voices: ReadonlyMap<string, Voice>): number[] {
  const sums = [0, 0, 0, 0, 0, 0, 0, 0];
  for (const voice of voices.values()) {
    countVoice(voice).forEach((field, index) => {
      sums[index] = (sums[index] ?? 0) + field;
    });
  }
  return sums;
}

/** What one voice adds: statements, customers, unhappy, anonymous statements and unhappy, thousandths, present, active. */
function countVoice({ statements, findings }: Voice): number[] {
  const spoken = statements.filter(isSpoken);
  if (statements[0]?.signal.customer === null) {
    const unhappy = spoken.filter(({ friction }) => friction > 0.5).length;
    return [spoken.length, 0, 0, spoken.length, unhappy, 0, 0, 0];
  }
  const heard = [
    ...spoken.map(({ signal, friction }) => ({ contact: signal.contact ?? '', friction })),
    ...findings.map(({ contact }) => ({ contact, friction: 0.75 })),
  ];
  const contacts = new Set(heard.map(({ contact }) => contact));
  const worst = [...contacts]
    .map((contact) => Math.max(...heard.filter((one) => one.contact === contact).map(({ friction }) => friction)))
    .sort((one, other) => one - other);
  const friction = worst.length === 0 ? 0 : worst.reduce((sum, one) => sum + one, 0) / worst.length;
  const customers = heard.length > 0 ? 1 : 0;
  const active = statements.some(isVisit) ? 1 : 0;
  return [spoken.length, customers, friction > 0.5 ? 1 : 0, 0, 0, Math.round(friction * 1_000), 1, active];
}
