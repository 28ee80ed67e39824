// Every window of one partition, computed from its log in one batch: first what holds in the end, then the counts.
// It shares no code with the fold on purpose: two ways to the same figures, so that a mistake in one shows.
import { durationMs, type LogRecord, type SignalsRecord, type TaggedSignal } from '@gapwatch/contracts';

const hour = 3_600_000;
const ahead = 24 * hour;
/** 1970-01-05 was a Monday */
const monday = 4 * 24 * hour;

type Marker = { version: number; inclusive: boolean };
type Subject = { touched: number; current: TaggedSignal | null; markers: Marker[] };
type Statement = { signal: TaggedSignal['signal']; friction: number; at: number; segments: string[] };

/** Statements that hold after the last record, and the cells that they make, by key; cells that are zero are left out. */
export class Recomputation {
  readonly #subjects = new Map<string, Subject>();
  /** statements of subjects that were forgotten: nothing changes them any more, but they still count */
  readonly #settled: Statement[] = [];
  readonly #seen = new Map<string, [number, number]>();
  #now = 0;
  #lateness = durationMs('35d');
  #segments: readonly string[] = [];

  take(record: LogRecord, content: SignalsRecord): void {
    this.#now = Math.max(this.#now, record.time);
    if (content.type === 'tick') return;
    if (content.type === 'configuration') {
      const { lateness = '35d', segments = [] } = content.configuration as { lateness?: string; segments?: string[] };
      this.#lateness = durationMs(lateness);
      this.#segments = segments;
      return;
    }
    if (this.#isRepeat(content.origin)) return;
    if (content.type === 'supersede') {
      const subject = this.#subject(`${content.source}|${content.subject}`);
      this.#mark(subject, content.version, content.op === 'delete');
    } else this.#takeSignal(content);
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
    if (known?.current) this.#settled.push(this.#statement(known.current));
    const fresh: Subject = { touched: Number.NEGATIVE_INFINITY, current: null, markers: [] };
    this.#subjects.set(id, fresh);
    return fresh;
  }

  #mark(subject: Subject, version: number | null, inclusive: boolean): void {
    const marker = { version: version ?? Number.POSITIVE_INFINITY, inclusive };
    subject.markers.push(marker);
    subject.touched = this.#now;
    if (subject.current !== null && isCovered(subject.current.signal.version ?? 0, [marker])) subject.current = null;
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
    subject.current = content;
    subject.touched = this.#now;
  }

  /** Whether a delete says nothing new: it touches nothing then, so that it does not prolong the memory of the subject. */
  #isPointless(subject: Subject, version: number | null): boolean {
    if (version === null) return subject.markers.some(({ version: upTo }) => upTo === Number.POSITIVE_INFINITY);
    const isMarked = subject.markers.some(
      (marker) => marker.version > version || (marker.inclusive && marker.version === version),
    );
    return isMarked || (subject.current !== null && (subject.current.signal.version ?? 0) > version);
  }

  #statement({ signal, friction }: TaggedSignal): Statement {
    const segments = this.#segments.flatMap((name) =>
      signal.segment?.[name] === undefined ? [] : [`${name}:${signal.segment[name]}`],
    );
    return { signal, friction, at: Date.parse(signal.occurredAt), segments };
  }

  /** The cells of all windows: key as in the state, fields in its order. */
  cells(): Map<string, number[]> {
    const statements = [...this.#settled];
    for (const { current } of this.#subjects.values()) if (current !== null) statements.push(this.#statement(current));
    const groups = new Map<string, Map<string, Statement[]>>();
    statements.forEach((statement, index) => {
      if (!counts(statement)) return;
      const who = statement.signal.customer === null ? `anonymous ${index}` : `customer ${statement.signal.customer}`;
      for (const key of windowKeys(statement)) append(groups, key, who, statement);
    });
    const cells = [...groups].map(([key, voices]) => [key, countWindow(voices)] as const);
    return new Map(cells.filter(([, fields]) => fields.some((field) => field !== 0)));
  }
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

function windowKeys({ at, segments, signal }: Statement): string[] {
  const day = Math.floor(at / (24 * hour)) * 24 * hour;
  const week = Math.floor((at - monday) / (168 * hour)) * 168 * hour + monday;
  const starts: [string, number][] = [
    ['1h', Math.floor(at / hour)],
    ['1d', day / hour],
    ['7d', week / hour],
  ];
  const plain = (text: string) => text.replaceAll('%', '%25').replaceAll('|', '%7C');
  const stage = plain(signal.stage ?? 'unknown');
  return starts.flatMap(([step, start]) =>
    ['', ...segments].map((segment) => `${step}|${stage}|${plain(segment)}|${start}`),
  );
}

function append(groups: Map<string, Map<string, Statement[]>>, key: string, who: string, statement: Statement): void {
  const voices = groups.get(key) ?? new Map<string, Statement[]>();
  groups.set(key, voices);
  voices.set(who, [...(voices.get(who) ?? []), statement]);
}

function countWindow(voices: ReadonlyMap<string, readonly Statement[]>): number[] {
  const sums = [0, 0, 0, 0, 0, 0, 0, 0];
  for (const statements of voices.values()) {
    countVoice(statements).forEach((field, index) => {
      sums[index] = (sums[index] ?? 0) + field;
    });
  }
  return sums;
}

/** What one voice adds: statements, customers, unhappy, anonymous statements and unhappy, thousandths, present, active. */
function countVoice(statements: readonly Statement[]): number[] {
  const spoken = statements.filter(isSpoken);
  if (statements[0]?.signal.customer === null) {
    const unhappy = spoken.filter(({ friction }) => friction > 0.5).length;
    return [spoken.length, 0, 0, spoken.length, unhappy, 0, 0, 0];
  }
  const contacts = new Set(spoken.map(({ signal }) => signal.contact ?? ''));
  const worst = [...contacts].map((contact) =>
    Math.max(...spoken.filter(({ signal }) => (signal.contact ?? '') === contact).map(({ friction }) => friction)),
  );
  const friction = worst.length === 0 ? 0 : worst.reduce((sum, one) => sum + one, 0) / worst.length;
  const heard = spoken.length > 0 ? 1 : 0;
  const active = statements.some(isVisit) ? 1 : 0;
  return [spoken.length, heard, friction > 0.5 ? 1 : 0, 0, 0, Math.round(friction * 1_000), 1, active];
}
