export { FileError } from './faults.ts';
export type { FileItem, FileOptions, FilePayload } from './payloads.ts';
export { formatOf, namedFormat, readPayloads } from './payloads.ts';
