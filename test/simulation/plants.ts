// Mistakes that a run must find: each stands between a service and its parts, and does what a service with that mistake
// would do. None of them is in the product.
import type { LogRecord, Origin, Output } from '@gapwatch/contracts';
import type { PartitionState, StateStep, StateStore } from '@gapwatch/storage';
import type { Chunk, Log } from '@gapwatch/transport';
import type { Random } from '../../services/local/src/simulate/random.ts';
import type { Life } from './scheduler.ts';

export type Plant = {
  readonly log?: (log: Log, life: Life, random: Random) => Log;
  readonly state?: (state: StateStore, life: Life) => StateStore;
};

/** One offset in so many: a tick that lies there is gone for good, whoever reads it. */
const swallowedTicks = 20;

/** Lets a service see other records than there are. */
function reading(log: Log, change: (records: readonly LogRecord[]) => readonly LogRecord[]): Log {
  const changed = (chunk: Chunk): Chunk => ({ ...chunk, records: change(chunk.records) });
  return {
    ...log,
    consume: (options, handlers) =>
      log.consume(options, { ...handlers, chunk: (chunk) => handlers.chunk(changed(chunk)) }),
  };
}

function storing(state: StateStore, change: (own: PartitionState) => PartitionState): StateStore {
  return { ...state, partition: (namespace, partition) => change(state.partition(namespace, partition)) };
}

function withSteps(state: StateStore, change: (step: StateStep) => StateStep): StateStore {
  return storing(state, (own) => ({ ...own, apply: (step) => own.apply(change(step)) }));
}

function contentOf<T>({ value }: LogRecord): T | null {
  return value === null ? null : (JSON.parse(Buffer.from(value).toString('utf8')) as T);
}

/** An append that failed counts as done when it is repeated. */
function lostOutput(log: Log): Log {
  const begun = new WeakSet<readonly Output[]>();
  return {
    ...log,
    append: async (outputs) => {
      if (begun.has(outputs)) return [];
      begun.add(outputs);
      return log.append(outputs);
    },
  };
}

/** Origins are not looked at: a record of friction that comes again counts again. */
function doubledOutput(log: Log): Log {
  const last = new Map<string, Origin>();
  return reading(log, (records) =>
    records.map((record) => {
      const content = contentOf<{ type: string; origin: Origin }>(record);
      if (content?.type !== 'hour') return record;
      const origin = asIfNew(content.origin, last);
      return { ...record, value: Buffer.from(JSON.stringify({ ...content, origin })) };
    }),
  );
}

function asIfNew(origin: Origin, last: Map<string, Origin>): Origin {
  const before = last.get(`${origin.topic}/${origin.partition}`);
  const isNew = before === undefined || origin.offset > before.offset;
  const shown = isNew ? origin : { ...before, index: before.index + 1 };
  last.set(`${origin.topic}/${origin.partition}`, shown);
  return shown;
}

/** The position moves in a step of its own, and the documents follow in the next. */
function positionFirst(own: PartitionState): PartitionState {
  return {
    ...own,
    apply: async (step) => {
      const moved = await own.apply({ ...step, documents: [], cells: new Map() });
      return moved.outcome === 'stale' ? moved : own.apply({ ...step, expected: step.next });
    },
  };
}

function lostTick(log: Log): Log {
  return reading(log, (records) =>
    records.filter(
      (record) => record.offset % swallowedTicks !== 0 || contentOf<{ type: string }>(record)?.type !== 'tick',
    ),
  );
}

/** That a version no longer counts is forgotten at once. */
function withoutMarkers({ documents, ...step }: StateStep): StateStep {
  const forget = ({ key, value, due }: StateStep['documents'][number]) => {
    if (!key.startsWith('x|') || value === null) return { key, value, due };
    return { key, due, value: JSON.stringify({ ...JSON.parse(value), marker: undefined }) };
  };
  return { ...step, documents: documents.map(forget) };
}

/** What is taken back stays in the windows. */
function withoutRetractions({ cells, ...step }: StateStep): StateStep {
  const kept = [...cells].map(([key, fields]) => [key, fields.map((change) => Math.max(0, change))] as const);
  return { ...step, cells: new Map(kept) };
}

export const plants = {
  'an output is lost when its append is repeated': { log: lostOutput },
  'an output counts as often as it was written': {
    log: (log: Log, { service }: Life) => (service === 'detector' ? doubledOutput(log) : log),
  },
  'the position is stored before the state': { state: (state: StateStore) => storing(state, positionFirst) },
  'a tick is lost for good': { log: (log: Log, { service }: Life) => (service === 'aggregator' ? lostTick(log) : log) },
  'a marker is ignored': { state: (state: StateStore) => withSteps(state, withoutMarkers) },
  'a retraction stays in the windows': { state: (state: StateStore) => withSteps(state, withoutRetractions) },
} satisfies Record<string, Plant>;
export type PlantName = keyof typeof plants;
