export * from './auth.ts';
export * from './headers.ts';
export * from './outgoing.ts';
export * from './outgoing-guard.ts';
export * from './problem.ts';
export * from './server.ts';
export * from './standard-webhooks.ts';
export * from './tokens.ts';
