export { StorageError } from '@gapwatch/runtime';
export * from './fold.ts';
export * from './lock.ts';
export * from './memory/state.ts';
export * from './port.ts';
export * from './sqlite/state.ts';
export { cellFields, compareKeys } from './step.ts';
