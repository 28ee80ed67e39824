// What those who fold a log know of sources and stages, asked before something is appended that they do not know: nobody would
// read it, or it would count where nobody meant it.
import { setTimeout as pause } from 'node:timers/promises';
import type { AcceptedSignal, Configuration, SourceSettings, Stage } from '@gapwatch/contracts';
import { stageWarnings } from '@gapwatch/core';
import { UsageError } from '../terminal/output.ts';
import type { Place } from './place.ts';
import { announcedConfiguration, topicOf } from './topics.ts';

/** `how`: what a person does so that those who fold take another configuration. */
export type InForce = { readonly configuration: Pick<Configuration, 'sources' | 'stages'>; readonly how: string };

const lookEveryMs = 20;

/** Of a start on the directory: the first one of all announces it when what it plays is written. `check` throws once it has ended. */
export async function inForceOfStart(place: Pick<Place, 'log' | 'state'>, check: () => void): Promise<InForce> {
  for (;;) {
    const found = await announcedConfiguration(place);
    if (found !== null) return { configuration: found.configuration, how: 'stop the running start and start it again' };
    check();
    await pause(lookEveryMs);
  }
}

/** @throws UsageError for a source that nobody reads there, or that is read from another topic */
export function checkSource(source: SourceSettings, { configuration: { sources }, how }: InForce): void {
  const known = sources.find(({ id }) => id === source.id);
  if (known === undefined) {
    const ids = sources.map(({ id }) => id).join(', ');
    throw new UsageError(
      `no source ${source.id} is in force where this is folded; there are ${ids}: name one of them with --source, or configure ${source.id}, then ${how}`,
    );
  }
  if (topicOf(known) === topicOf(source)) return;
  throw new UsageError(
    `the source ${source.id} is read from ${topicOf(known)} where this is folded, and here it is ${topicOf(source)}: ${how}, or correct its topic`,
  );
}

/** Stages of a configuration file were meant: what names them may not count as unknown. @throws UsageError */
export function checkStages(own: readonly Stage[] = [], inForce: InForce): void {
  for (const { id } of own) checkStage(id, inForce);
}

/**
 * A claim on a stage that is not configured would be held against the customers of the stage unknown; what customers say there
 * counts as unknown. @throws UsageError for such a claim. Answers the warnings for the others.
 */
export function checkSignal(signal: AcceptedSignal, inForce: InForce): readonly string[] {
  const { stages = null } = inForce.configuration;
  if (signal.kind === 'belief' && signal.stage !== undefined) checkStage(signal.stage, inForce, `${signal.subject}: `);
  return stageWarnings(signal, stages);
}

function checkStage(stage: string, { configuration: { stages }, how }: InForce, where = ''): void {
  if (stages === undefined || stages.some(({ id }) => id === stage)) return;
  const ids = stages.map(({ id }) => id).join(', ');
  throw new UsageError(
    `${where}no stage ${stage} is in force where this is folded; there are ${ids}: correct its name, or add it to stages, then ${how}`,
  );
}
