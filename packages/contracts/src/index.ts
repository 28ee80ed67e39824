export * from './configuration.ts';
export * from './json.ts';
export * from './log.ts';
export * from './records.ts';
export * from './schemas.ts';
export * from './signal.ts';
export * from './tags.ts';
export * from './topics.ts';
