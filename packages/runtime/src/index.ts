export * from './clock.ts';
export * from './retry.ts';
export * from './sqlite.ts';
export * from './sqlite-errors.ts';
