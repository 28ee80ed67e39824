export { FileError } from './faults.ts';
export type { FileItem, FileOptions, FilePayload } from './payloads.ts';
export { formatOf, guessFormat, readPayloads } from './payloads.ts';
