export { FileError } from './faults.ts';
export type { FileItem, FileOptions, FilePayload } from './payloads.ts';
export { guessFormat, readPayloads } from './payloads.ts';
