export { StorageError } from '@gapwatch/runtime';
export * from './dead-letters.ts';
export * from './embedded/log.ts';
export * from './loop.ts';
export * from './memory/log.ts';
export type { LoopLogger, PartitionWork, Step } from './partition-loop.ts';
export * from './partitioner.ts';
export * from './port.ts';
export * from './ticker.ts';
