export { FileError } from './faults.ts';
export type { FileItem, FileOptions, FilePayload } from './payloads.ts';
export { formatOf, isTable, readPayloadBlocks, readPayloads } from './payloads.ts';
