// What a backtest answers: the document of `--json`, and the same for a person.
import type { AlertRecord } from '@gapwatch/contracts';
import {
  type Beliefs,
  beliefFor,
  beliefKey,
  cellOf,
  type GapNeeds,
  gapNeeds,
  hourMs,
  type MemoryWorkspace,
  parseCellKey,
  type StageDescription,
  type StageDocument,
  stageKey,
  targetFor,
  type WindowStep,
} from '@gapwatch/core';
import type { ExportAccount } from '../exports/read.ts';

export type BacktestAlert = Pick<
  AlertRecord,
  | 'id'
  | 'stage'
  | 'segment'
  | 'gap'
  | 'openedAt'
  | 'onset'
  | 'closedAt'
  | 'state'
  | 'outcome'
  | 'size'
  | 'interval'
  | 'cause'
  | 'customers'
  | 'churn'
> &
  Pick<AlertRecord, 'before' | 'now' | 'evidence' | 'fragile' | 'sources' | 'onsetInterval'> &
  Pick<AlertRecord, 'gaps' | 'mix' | 'reversed' | 'follows' | 'people'>;

export type BacktestWindow = {
  stage: string;
  from: string;
  to: string;
  statements: number;
  customers: number;
  unhappy: number;
  anonymous: { statements: number; unhappy: number };
  experience: number | null;
  friction: number | null;
  belief: number | null;
  target: number | null;
  exposed: number | null;
  coverage: number | null;
};

export type BacktestStage = {
  stage: string;
  statements: number;
  customers: number;
  alerts: number;
  /** as of the end of the history */
  state: StageDescription['state'];
  learningUntil: string | null;
  /** what each gap lacks; null where it is measured */
  gaps: GapNeeds;
};

export type BacktestReport = {
  signals: {
    read: number;
    accepted: number;
    repeated: number;
    skipped: Record<string, number>;
    rejected: Record<string, number>;
  };
  from: string | null;
  to: string | null;
  stages: BacktestStage[];
  alerts: BacktestAlert[];
  windows: BacktestWindow[];
};

/** A date past this one was never meant: the stage was not heard often enough to tell. */
const latestTime = Date.UTC(9999, 0);

const skipOutcomes = ['too-late', 'older-version', 'conflicting'] as const;

/** Accounts for every line: what the files and their source said, and what the fold made of the rest. */
export function signalsOf(
  account: ExportAccount,
  outcomes: Readonly<Record<string, number>>,
): BacktestReport['signals'] {
  const skipped = { ...account.skipped };
  for (const outcome of skipOutcomes)
    if (outcomes[outcome]) skipped[outcome] = (skipped[outcome] ?? 0) + outcomes[outcome];
  const rejected = { ...account.rejected };
  const future = outcomes['in-the-future'];
  if (future) rejected['in-the-future'] = (rejected['in-the-future'] ?? 0) + future;
  return { read: account.read, accepted: outcomes.accepted ?? 0, repeated: outcomes.repeated ?? 0, skipped, rejected };
}

/** The newest state of each alert, in the order in which they opened. */
export function alertsOf(records: readonly AlertRecord[]): BacktestAlert[] {
  const newest = new Map<string, AlertRecord>();
  for (const record of records) newest.set(record.id, record);
  return [...newest.values()].map(
    ({ type: _, origin, sequence, event, at, reason, configuration, budget, ...alert }) => alert,
  );
}

/** What the detector says of a stage at the end; a stage that never voted learns still. */
export function watchOf(
  detector: MemoryWorkspace,
  stage: string,
): Pick<BacktestStage, 'state' | 'learningUntil' | 'gaps'> {
  const describe = detector.get<StageDocument>(stageKey(stage))?.describe;
  if (describe === undefined) {
    const gaps = gapNeeds({ experience: null, usual: null, belief: null, target: null });
    return { state: 'learning', learningUntil: null, gaps };
  }
  const until = describe.state === 'learning' ? describe.until * hourMs : null;
  const isKnown = until !== null && until < latestTime;
  return { state: describe.state, learningUntil: isKnown ? new Date(until).toISOString() : null, gaps: describe.gaps };
}

/** Windows of one step out of the counters, in order of stage and time. */
export function windowsOf(
  workspace: MemoryWorkspace,
  step: WindowStep,
  targets: ReadonlyMap<string, number>,
): BacktestWindow[] {
  const hours = { '1h': 1, '1d': 24, '7d': 168 }[step];
  const windows: BacktestWindow[] = [];
  for (const [key, fields] of workspace.cells) {
    const place = parseCellKey(key);
    if (place.step !== step || place.segment !== '') continue;
    const cell = cellOf(fields);
    if (cell.statements === 0 && cell.present === 0) continue;
    const heard = cell.customers > 0 ? 1 - cell.unhappy / cell.customers : null;
    const anonymous = cell.anonymousStatements > 0 ? 1 - cell.anonymousUnhappy / cell.anonymousStatements : null;
    const exposed = cell.active > 0 ? cell.present : null;
    const [fromMs, toMs] = [place.start * hourMs, (place.start + hours) * hourMs];
    const { beliefs } = workspace.get<Beliefs>(beliefKey(place.stage)) ?? { beliefs: [] };
    windows.push({
      stage: place.stage,
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      statements: cell.statements,
      customers: cell.customers,
      unhappy: cell.unhappy,
      anonymous: { statements: cell.anonymousStatements, unhappy: cell.anonymousUnhappy },
      experience: heard ?? anonymous,
      friction: cell.customers > 0 ? cell.frictionThousandths / cell.customers / 1_000 : null,
      belief: beliefFor(beliefs, fromMs, toMs)?.share ?? null,
      target: targetFor(beliefs, targets.get(place.stage) ?? null, fromMs),
      exposed,
      coverage: exposed === null ? null : cell.customers / exposed,
    });
  }
  return windows.sort((one, other) =>
    one.stage === other.stage ? (one.from < other.from ? -1 : 1) : one.stage < other.stage ? -1 : 1,
  );
}
