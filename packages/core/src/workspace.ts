// What a fold sees of the world: documents that were loaded for it, counters it may add to, records it may write.
// Nothing here waits and nothing here fails: whoever runs the fold loads before and stores after, in one step.
import type { Output, Rejection } from '@gapwatch/contracts';

/** One service's view of one partition while a chunk is folded. Documents are plain objects; the fold may change them and must `put` them back. */
export interface Workspace {
  readonly partition: number;
  /** how many partitions the topic has that is folded */
  readonly partitions: number;
  /** a loaded document; undefined where there is none */
  get<T extends object>(key: string): T | undefined;
  /** whether the key was asked for already, found or not */
  loaded(key: string): boolean;
  /** null deletes. `due`: log time at which the document must be looked at again */
  put(key: string, document: object | null, due?: number | null): void;
  /** loaded documents that are due at or before this log time, earliest first, then by key */
  due(untilMs: number): readonly string[];
  /** adds to the counters of a cell */
  add(cell: string, fields: readonly number[]): void;
  emit(output: Output): void;
  reject(rejection: Rejection): void;
  /** one more of something that is worth a metric, such as an outcome */
  count(name: string): void;
}
