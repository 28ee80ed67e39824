export type { Separator } from './csv.ts';
export type { LineFault, LineFaultCode } from './faults.ts';
export { FileError } from './faults.ts';
export type { Progress } from './open.ts';
export type { FileFormat, FileItem, FileOptions, FilePayload } from './payloads.ts';
export { fileFormats, guessFormat, readPayloads } from './payloads.ts';
