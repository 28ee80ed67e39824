export { openS3Archive, type S3ArchiveOptions } from './archive.ts';
export { S3Away, S3Refused } from './faults.ts';
