// The contract of the archive on a real S3 server.
import { DeleteObjectsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, describe } from 'vitest';
import { archiveContract } from '../../packages/storage/src/archive/contract.ts';
import { openS3Archive } from '../../packages/storage/src/s3/index.ts';
import { startS3, testBucket, withS3 } from '../parts/s3.ts';

const part = await startS3();
Object.assign(process.env, part?.environment);
afterAll(() => part?.stop());

async function empty(): Promise<void> {
  const client = new S3Client({ endpoint: part?.endpoint ?? '', forcePathStyle: true });
  for (let isMore = true; isMore; ) {
    const { Contents = [], IsTruncated = false } = await client.send(new ListObjectsV2Command({ Bucket: testBucket }));
    const Objects = Contents.map(({ Key }) => ({ Key: Key ?? '' }));
    if (Objects.length > 0) await client.send(new DeleteObjectsCommand({ Bucket: testBucket, Delete: { Objects } }));
    isMore = IsTruncated;
  }
  client.destroy();
}

describe.skipIf(part === null)(withS3('the archive'), () => {
  archiveContract('s3', async () => ({
    durable: true,
    open: async () => openS3Archive({ bucket: testBucket, endpoint: part?.endpoint ?? null }),
    destroy: empty,
  }));
});
