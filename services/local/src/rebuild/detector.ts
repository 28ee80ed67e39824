// The detector's part of a rebuild: what the partitions say now, and the new normals that people took then, folded into
// a new namespace. What it decides is written to no topic.
import { type FrictionCommand, type LogRecord, schemaVersions, topicNames } from '@gapwatch/contracts';
import {
  type AlertDocument,
  alertKey,
  appliedReasons,
  type Detected,
  type DetectorMeta,
  detectorKey,
  type StageDocument,
  stageKey,
} from '@gapwatch/core';
import { fold } from '@gapwatch/detector';
import { FoldedPartition, type PartitionState } from '@gapwatch/storage';
import type { Said } from './signals.ts';

/** A person took the level of a stage for normal. `at`: log time, milliseconds UTC. */
type Accepted = { readonly at: number; readonly stage: string; readonly id: string; readonly by: string };

export async function readDetected(state: PartitionState): Promise<Detected> {
  const [meta] = await state.documents([detectorKey]);
  return {
    meta: meta ? (JSON.parse(meta.value) as DetectorMeta) : null,
    stages: await scanned<StageDocument>(state, stageKey('')),
    alerts: await scanned<AlertDocument>(state, alertKey('')),
  };
}

async function scanned<T>(state: PartitionState, prefix: string): Promise<Map<string, T>> {
  const found = new Map<string, T>();
  for await (const { key, value } of state.scan(prefix)) found.set(key.slice(prefix.length), JSON.parse(value) as T);
  return found;
}

/** In the order in which they were taken. */
function acceptedOf({ alerts }: Detected): Accepted[] {
  const accepted = [...alerts.values()].flatMap(({ record: { stage }, history }) =>
    history.flatMap(({ command, reason, at }) =>
      command?.action === 'accept' && reason === appliedReasons.accept
        ? [{ at: Date.parse(at), stage, id: command.id, by: command.by }]
        : [],
    ),
  );
  return accepted.sort((one, other) => one.at - other.at);
}

const chunkRecords = 200;
const encoder = new TextEncoder();
const headers = { schema: schemaVersions.friction };

/** Folds what was said into an empty state, which stays at position 0: nothing of the topic `friction` is read. */
export async function foldDetectorAgain(
  said: AsyncIterable<Said>,
  state: PartitionState,
  { before, configuration }: { before: Detected; configuration: string },
): Promise<void> {
  const detector = new Detector(state);
  await detector.take({ time: 0, value: configuration });
  const accepted = acceptedOf(before);
  for await (const one of said) {
    while ((accepted[0]?.at ?? Number.POSITIVE_INFINITY) < one.time) await detector.accept(accepted.shift()!);
    await detector.take(one);
  }
  for (const one of accepted) await detector.accept(one);
  await detector.flush();
}

class Detector {
  readonly #state: PartitionState;
  readonly #folded: FoldedPartition<unknown>;
  #records: LogRecord[] = [];
  #offset = 0;

  constructor(state: PartitionState) {
    this.#state = state;
    this.#folded = new FoldedPartition(state, fold, 0, 1) as FoldedPartition<unknown>;
  }

  async take({ time, value }: Said): Promise<void> {
    const place = { topic: topicNames.friction, partition: 0, offset: this.#offset };
    this.#offset += 1;
    this.#records.push({ ...place, time, key: null, value: encoder.encode(value), headers });
    if (this.#records.length >= chunkRecords) await this.flush();
  }

  async flush(): Promise<void> {
    const step = await this.#folded.step({ from: 0, next: 0, records: this.#records });
    const { outcome } = await step.commit();
    if (outcome !== 'applied') throw new Error('another process folds the detector of the rebuild too');
    this.#records = [];
  }

  /** Says to the episode of today what was said to that of then; where the stage has none now there is nothing to accept. */
  async accept({ at, stage, id, by }: Accepted): Promise<void> {
    await this.flush();
    const alert = (await this.#read<StageDocument>(stageKey(stage)))?.alert ?? null;
    const document = alert === null ? null : await this.#read<AlertDocument>(alertKey(alert));
    if (document === null) return;
    const { record } = document;
    const time = new Date(at).toISOString();
    const said = { id, alert: record.id, sequence: record.sequence, action: 'accept', by, at: time } as const;
    const command: FrictionCommand = {
      type: 'command',
      origin: { topic: topicNames.commands, partition: 0, offset: this.#offset, index: 0 },
      command: { type: 'command', ...said },
    };
    await this.take({ time: at, value: JSON.stringify(command) });
    await this.flush();
  }

  async #read<T>(key: string): Promise<T | null> {
    const [stored] = await this.#state.documents([key]);
    return stored ? (JSON.parse(stored.value) as T) : null;
  }
}
