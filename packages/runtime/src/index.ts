export * from './clock.ts';
export * from './http/index.ts';
export * from './retry.ts';
export * from './sqlite.ts';
export * from './sqlite-errors.ts';
