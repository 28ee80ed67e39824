// What a backtest answers: the document of `--json`, and the same for a person.
import type { AlertRecord } from '@gapwatch/contracts';
import { cellOf, hourMs, parseCellKey, stepHours, type WindowStep } from '@gapwatch/core';
import type { ExportAccount } from '../exports/read.ts';
import type { Shows } from './shows.ts';
import { claimsOf, type Folded, type StageView } from './stages.ts';

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

export type BacktestStage = Pick<
  StageView,
  'stage' | 'name' | 'owner' | 'state' | 'learningUntil' | 'gaps' | 'usual' | 'daysHeard'
> & { statements: number; customers: number; alerts: number };

export type BacktestReport = {
  /** what this export can show, and what it lacks */
  shows: Shows;
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

/** Alerts as the report has them: without what only a log needs. */
export function alertsOf(records: Iterable<AlertRecord>): BacktestAlert[] {
  return [...records].map(({ type: _, origin, sequence, event, at, reason, configuration, budget, ...alert }) => alert);
}

/** Windows of one step out of the counters, in order of stage and time. */
export function windowsOf({ cells }: Folded, step: WindowStep, stages: readonly StageView[]): BacktestWindow[] {
  const hours = stepHours[step];
  const views = new Map(stages.map((stage) => [stage.stage, stage]));
  const windows: BacktestWindow[] = [];
  for (const [key, fields] of cells) {
    const place = parseCellKey(key);
    if (place.step !== step || place.segment !== '') continue;
    const cell = cellOf(fields);
    if (cell.statements === 0 && cell.present === 0) continue;
    const heard = cell.customers > 0 ? 1 - cell.unhappy / cell.customers : null;
    const anonymous = cell.anonymousStatements > 0 ? 1 - cell.anonymousUnhappy / cell.anonymousStatements : null;
    const exposed = cell.active > 0 ? cell.present : null;
    windows.push({
      stage: place.stage,
      from: new Date(place.start * hourMs).toISOString(),
      to: new Date((place.start + hours) * hourMs).toISOString(),
      statements: cell.statements,
      customers: cell.customers,
      unhappy: cell.unhappy,
      anonymous: { statements: cell.anonymousStatements, unhappy: cell.anonymousUnhappy },
      experience: heard ?? anonymous,
      friction: cell.customers > 0 ? cell.frictionThousandths / cell.customers / 1_000 : null,
      ...claimsOf(views.get(place.stage) ?? noClaims, place.start * hourMs, hours * hourMs),
      exposed,
      coverage: exposed === null ? null : cell.customers / exposed,
    });
  }
  return windows.sort((one, other) =>
    one.stage === other.stage ? (one.from < other.from ? -1 : 1) : one.stage < other.stage ? -1 : 1,
  );
}

const noClaims = { beliefs: [], target: null };
