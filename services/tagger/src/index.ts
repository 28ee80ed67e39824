// The tagger: payloads of `raw.*` into `signals`, redacted, placed and tagged. It keeps nothing but its position.
// Delivery: what came in comes out once, as signals, as a skip with a named reason, or as a dead letter.
import { type LogRecord, rawTopic } from '@gapwatch/contracts';
import { type Intake, takeIn } from '@gapwatch/core';
import type { Service } from '@gapwatch/runtime';
import { FoldedPartition, type StateFold, type StateStore } from '@gapwatch/storage';
import { createLoop, type LoopSettings } from '@gapwatch/transport';

export type TaggerDependencies = {
  readonly loop: LoopSettings;
  readonly state: StateStore;
  /** the configured sources by the raw topic that they are read from */
  readonly intakes: ReadonlyMap<string, Intake>;
  /** told once of each thing worth a warning */
  readonly warn: (sourceId: string, warning: string) => void;
};

/** Where the position of the tagger in a raw topic is kept. */
export function namespaceOf(topic: string): string {
  return `tagger.${topic}`;
}

function foldOf(intake: Intake, warn: TaggerDependencies['warn']): StateFold<LogRecord> {
  return {
    read: (record) => ({ input: record }),
    documentsNeeded: () => [],
    fold: (records, workspace) => {
      for (const record of records) {
        const { outputs, rejections, skips, warnings } = takeIn(record, intake);
        for (const output of outputs) workspace.emit(output);
        for (const reason of skips) workspace.count(`skipped-${reason}`);
        for (const { code, message } of rejections) workspace.reject({ record, code, message });
        for (const warning of warnings) warn(intake.sourceId, warning);
      }
    },
  };
}

export function create({ loop, state, intakes, warn }: TaggerDependencies): Service {
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
      return new FoldedPartition(
        state.partition(namespaceOf(topic), partition),
        foldOf(intake, warnOnce),
        partition,
        1,
      );
    },
  });
}

/** The raw topic of each source: the one that it names, else its own. */
export function intakesByTopic(intakes: readonly (Intake & { readonly topic?: string })[]): Map<string, Intake> {
  return new Map(intakes.map((intake) => [intake.topic ?? rawTopic(intake.sourceId), intake]));
}
