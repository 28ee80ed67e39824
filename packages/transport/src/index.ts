export { StorageError } from '@gapwatch/runtime';
export * from './embedded/log.ts';
export * from './memory/log.ts';
export * from './partitioner.ts';
export * from './port.ts';
