// Reads what the aggregator and the detector keep; writes nothing. Counters are summed over the partitions.
import type { Note } from '@gapwatch/contracts';
import {
  type AlertDocument,
  type Belief,
  type Beliefs,
  beliefKey,
  type Cell,
  cellOf,
  type IssueDocument,
  issuesAt,
  metaKey,
  type PartitionMeta,
  stageKey,
} from '@gapwatch/core';
import type { PartitionState, StateStore, StoredDocument } from '@gapwatch/storage';

/** What all partitions together know: times are milliseconds UTC, 0 and -1 where there is nothing yet. */
export type Overview = {
  readonly logTime: number;
  readonly newestStatement: number;
  readonly stages: ReadonlyMap<string, { readonly first: number; readonly last: number }>;
};

/** What the detector says of a stage; figures are shares of unhappy customers. */
export type StageDescription = {
  readonly state: 'learning' | 'watching' | 'open';
  /** while learning: the hour since 1970 at which it ends */
  readonly until?: number | null;
  readonly before?: number | null;
  readonly evidence?: number;
  readonly threshold?: number;
};
export type DescribedStage = { readonly describe: StageDescription; readonly alert: string | null };

/** Cells asked of a partition at a time. */
const cellsAtOnce = 5_000;

function parse<T>(stored: StoredDocument | null | undefined): T | null {
  return stored ? (JSON.parse(stored.value) as T) : null;
}

export class StateReader {
  readonly #aggregator: readonly PartitionState[];
  readonly #detector: PartitionState;
  #alerts: { position: number; documents: Promise<readonly AlertDocument[]> } | null = null;

  constructor(state: StateStore, partitions: number) {
    this.#aggregator = Array.from({ length: partitions }, (_, partition) => state.partition('aggregator', partition));
    this.#detector = state.partition('detector', 0);
  }

  /** Changes whenever anything that is read here may have changed. */
  async version(): Promise<string> {
    const positions = await Promise.all([...this.#aggregator, this.#detector].map((state) => state.position()));
    return positions.join(' ');
  }

  async overview(): Promise<Overview> {
    const metas = await this.#ofEachPartition<PartitionMeta>(metaKey);
    const stages = new Map<string, { first: number; last: number }>();
    for (const [stage, { first, last }] of metas.flatMap((meta) => Object.entries(meta.stages))) {
      const known = stages.get(stage) ?? { first, last };
      stages.set(stage, { first: Math.min(known.first, first), last: Math.max(known.last, last) });
    }
    let newestStatement = -1;
    for (const { last } of stages.values()) newestStatement = Math.max(newestStatement, last);
    return { logTime: Math.max(0, ...metas.map(({ logTime }) => logTime)), newestStatement, stages };
  }

  async #ofEachPartition<T>(key: string): Promise<T[]> {
    const found = await Promise.all(this.#aggregator.map(async (state) => parse<T>((await state.documents([key]))[0])));
    return found.filter((one) => one !== null);
  }

  /** One cell a key, in the order of the keys; all zero where nothing is known. */
  async cells(keys: readonly string[]): Promise<Cell[]> {
    const sums = keys.map(() => [] as number[]);
    for (let first = 0; first < keys.length; first += cellsAtOnce) {
      const part = keys.slice(first, first + cellsAtOnce);
      for (const state of this.#aggregator) addCells(sums, first, await state.cells(part));
    }
    return sums.map(cellOf);
  }

  async beliefs(stage: string): Promise<readonly Belief[]> {
    return (await this.#ofEachPartition<Beliefs>(beliefKey(stage))).flatMap(({ beliefs }) => beliefs);
  }

  /** The open issues at a stage. */
  async issues(stage: string): Promise<readonly IssueDocument[]> {
    const found: IssueDocument[] = [];
    for (const state of this.#aggregator) {
      for await (const { value } of state.scan(issuesAt(stage))) found.push(JSON.parse(value) as IssueDocument);
    }
    return found;
  }

  async described(stages: readonly string[]): Promise<readonly (DescribedStage | null)[]> {
    return (await this.#detector.documents(stages.map(stageKey))).map((stored) => parse<DescribedStage>(stored));
  }

  /** Every alert, read again only when the detector has moved on. */
  async alerts(): Promise<readonly AlertDocument[]> {
    const position = await this.#detector.position();
    if (this.#alerts?.position === position) return this.#alerts.documents;
    const documents = this.#scanAlerts();
    const reading = { position, documents };
    this.#alerts = reading;
    documents.catch(() => {
      if (this.#alerts === reading) this.#alerts = null;
    });
    return documents;
  }

  /** Every note, in order of the time that it marks. */
  async notes(): Promise<readonly Note[]> {
    const notes: Note[] = [];
    for await (const stored of this.#detector.scan('note|')) notes.push(JSON.parse(stored.value) as Note);
    return notes;
  }

  async #scanAlerts(): Promise<readonly AlertDocument[]> {
    const documents: AlertDocument[] = [];
    for await (const stored of this.#detector.scan('alert|')) documents.push(JSON.parse(stored.value) as AlertDocument);
    return documents;
  }
}

function addCells(sums: number[][], first: number, cells: readonly (readonly number[] | null)[]): void {
  cells.forEach((fields, index) => {
    const sum = sums[first + index] ?? [];
    fields?.forEach((field, place) => {
      sum[place] = (sum[place] ?? 0) + field;
    });
  });
}
