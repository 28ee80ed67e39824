export * from './clock.ts';
export * from './configuration/index.ts';
export * from './http/index.ts';
export * from './logger.ts';
export * from './metrics.ts';
export * from './retry.ts';
export type * from './service.ts';
export * from './sqlite.ts';
export * from './sqlite-errors.ts';
