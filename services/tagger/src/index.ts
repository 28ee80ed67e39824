// The tagger: payloads of `raw.*` into `signals`, redacted, placed and tagged. It keeps its position, and counts.
// Delivery: what came in comes out once, as signals, as a skip with a named reason, or as a dead letter.
import { type LogRecord, rawTopic } from '@gapwatch/contracts';
import { type CustomerSample, type Intake, intakeHeaders, sampleWith, takeIn, type Workspace } from '@gapwatch/core';
import type { Service } from '@gapwatch/runtime';
import { FoldedPartition, type StateFold, type StateStore } from '@gapwatch/storage';
import { createLoop, type LoopSettings, type Marks } from '@gapwatch/transport';
import { type History, historyKey, noteHistory } from './history.ts';

export type TaggerDependencies = {
  readonly loop: LoopSettings;
  readonly state: StateStore;
  /** the configured sources by the raw topic that they are read from */
  readonly intakes: ReadonlyMap<string, Intake>;
  /** where a topic may have held something before it was first read here: that is history */
  readonly marks?: (topic: string, partition: number) => Promise<Marks>;
  /** told once of each thing worth a warning */
  readonly warn: (sourceId: string, warning: string) => void;
};

/** Where the position of the tagger in a raw topic is kept. */
export function namespaceOf(topic: string): string {
  return `tagger.${topic}`;
}

/** What one partition of a raw topic has given so far; `lastAt` is the record time of the newest payload, RFC 3339. */
export type IntakeCounts = { readonly accepted: number; readonly rejected: number; readonly lastAt: string | null };

const noCounts: IntakeCounts = { accepted: 0, rejected: 0, lastAt: null };

/** Under which key the counts are kept, beside the position. */
export const countsKey = 'counts';

/** Whom a source names, as a sample; kept apart, since it soon changes no more. */
export type IntakeCustomers = { readonly sample: CustomerSample };

export const customersKey = 'customers';

function foldOf(intake: Intake, warn: TaggerDependencies['warn']): StateFold<LogRecord> {
  return {
    read: (record) => ({ input: record }),
    documentsNeeded: (_, workspace) => [countsKey, historyKey, customersKey].filter((key) => !workspace.loaded(key)),
    fold: (records, workspace) => {
      const { until } = workspace.get<History>(historyKey) ?? { until: 0 };
      const customers = new Set<string>();
      let { accepted, rejected, lastAt } = workspace.get<IntakeCounts>(countsKey) ?? noCounts;
      for (const record of records) {
        const { outputs, rejections, skips, warnings, customers: named } = takeIn(asHistory(record, until), intake);
        for (const output of outputs) workspace.emit(output);
        for (const customer of named) customers.add(customer);
        if (rejections.length > 0) rejected += 1;
        else accepted += 1;
        lastAt = new Date(record.time).toISOString();
        for (const reason of skips) workspace.count(`skipped-${reason}`);
        for (const { code, message } of rejections) workspace.reject({ record, code, message });
        for (const warning of warnings) warn(intake.sourceId, warning);
      }
      workspace.put(countsKey, { accepted, rejected, lastAt } satisfies IntakeCounts);
      noteCustomers(customers, workspace);
    },
  };
}

function noteCustomers(customers: ReadonlySet<string>, workspace: Workspace): void {
  const { sample } = workspace.get<IntakeCustomers>(customersKey) ?? { sample: [] };
  const next = sampleWith(sample, customers);
  if (next !== sample) workspace.put(customersKey, { sample: next } satisfies IntakeCustomers);
}

/** What a topic held before it was first read shapes windows and baselines, and pages nobody. */
function asHistory(record: LogRecord, until: number): LogRecord {
  if (record.offset >= until) return record;
  return { ...record, headers: { ...record.headers, [intakeHeaders.backfill]: 'true' } };
}

export function create({ loop, state, intakes, warn, marks }: TaggerDependencies): Service {
  const warned = new Set<string>();
  const warnOnce = (sourceId: string, warning: string) => {
    const key = `${sourceId} ${warning}`;
    if (warned.has(key)) return;
    warned.add(key);
    warn(sourceId, warning);
  };
  return createLoop({
    ...loop,
    service: 'tagger',
    topics: [...intakes.keys()],
    open: (topic, partition) => {
      const intake = intakes.get(topic);
      if (intake === undefined) throw new Error(`no source is configured for the topic ${topic}`);
      const own = state.partition(namespaceOf(topic), partition);
      const folded = new FoldedPartition(own, foldOf(intake, warnOnce), partition, 1);
      return {
        step: (chunk) => folded.step(chunk),
        forget: () => folded.forget(),
        async position() {
          if (marks !== undefined) await noteHistory(own, await marks(topic, partition));
          return folded.position();
        },
      };
    },
  });
}

/** The raw topic of each source: the one that it names, else its own. */
export function intakesByTopic(intakes: readonly (Intake & { readonly topic?: string })[]): Map<string, Intake> {
  return new Map(intakes.map((intake) => [intake.topic ?? rawTopic(intake.sourceId), intake]));
}
