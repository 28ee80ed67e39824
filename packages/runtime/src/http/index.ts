export * from './auth.ts';
export * from './headers.ts';
export * from './problem.ts';
export * from './server.ts';
export * from './tokens.ts';
