// Records a second into the archive and out of it, in a folder and in a bucket, against the floor: the same bytes packed and
// written, or read and unpacked, and nothing else. `npm run bench:archive`. Medians of five.
import { mkdtempSync, rmSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogRecord } from '../../packages/contracts/src/index.ts';
import {
  type Archive,
  encodeLine,
  objectKey,
  openFolderArchive,
  packLines,
  readPartition,
  unpackLines,
} from '../../packages/storage/src/index.ts';
import { openS3Archive } from '../../packages/storage/src/s3/index.ts';
import { simulate } from '../../services/local/src/simulate/index.ts';
import { startS3, testBucket } from '../parts/s3.ts';
import { printTable, quantile } from './table.ts';

const runs = 5;
const objectRecords = 5_000;
const topic = 'signals';

function recordsOf(): LogRecord[] {
  const options = {
    days: 7,
    customers: 4_000,
    stages: 6,
    seed: 2,
    plants: [],
    ratingsOnly: false,
    signalsPerDay: 800,
  };
  return [...simulate({ ...options, from: '2026-01-01' })].map((signal, offset) => {
    const value = Buffer.from(JSON.stringify(signal));
    return {
      topic,
      partition: 0,
      offset,
      time: Date.UTC(2026, 0, 1) + offset,
      key: signal.customer ?? null,
      value,
      headers: {},
    };
  });
}

const records = recordsOf();
const runsOf = Array.from({ length: Math.ceil(records.length / objectRecords) }, (_, index) =>
  records.slice(index * objectRecords, (index + 1) * objectRecords),
);
const linesOf = (run: readonly LogRecord[]) => Buffer.from(run.map(encodeLine).join(''));
const rateSince = (begun: number) => (1_000 * records.length) / (performance.now() - begun);

async function writeRate(archive: Archive, prefix: number): Promise<number> {
  const begun = performance.now();
  for (const run of runsOf) {
    const [first, last] = [run[0]!.offset, run.at(-1)!.offset];
    await archive.put(objectKey({ topic, partition: 0, hour: prefix, first, last }), await packLines(linesOf(run)));
  }
  return rateSince(begun);
}

async function readRate(archive: Archive): Promise<number> {
  const begun = performance.now();
  let count = 0;
  for await (const item of readPartition(archive, topic, 0)) if (item.type === 'record') count += 1;
  if (count !== records.length) throw new Error(`${count} of ${records.length} records came back`);
  return rateSince(begun);
}

/** Lines that are there already, packed, written and flushed; then read and unpacked. */
async function floors(folder: string): Promise<{ write: number; read: number }> {
  const lines = runsOf.map(linesOf);
  const begun = performance.now();
  for (const [index, bytes] of lines.entries()) {
    const file = await open(join(folder, `${index}`), 'w');
    await file.writeFile(await packLines(bytes));
    await file.sync();
    await file.close();
  }
  const write = rateSince(begun);
  const from = performance.now();
  for (const index of lines.keys()) await unpackLines(`${index}`, await readFile(join(folder, `${index}`)));
  return { write, read: rateSince(from) };
}

type Rates = { write: number[]; read: number[] };

async function measure(into: Rates, archive: Archive, hour: number): Promise<void> {
  into.write.push(await writeRate(archive, hour));
  into.read.push(await readRate(archive));
  for await (const key of archive.list('topic=')) await archive.delete(key);
  await archive.close();
}

const s3 = await startS3();
if (s3 === null) throw new Error('this benchmark needs S3: see test/parts');
Object.assign(process.env, s3.environment);
const rates = { folder: { write: [], read: [] }, bucket: { write: [], read: [] }, floor: { write: [], read: [] } } as {
  [place in 'folder' | 'bucket' | 'floor']: Rates;
};
for (let run = 0; run < runs; run += 1) {
  const folder = mkdtempSync(join(tmpdir(), 'gapwatch-bench-'));
  const floor = await floors(folder);
  rates.floor.write.push(floor.write);
  rates.floor.read.push(floor.read);
  await measure(rates.folder, openFolderArchive(join(folder, 'archive')), run);
  await measure(rates.bucket, openS3Archive({ endpoint: s3.endpoint, bucket: testBucket }), run);
  rmSync(folder, { recursive: true });
}
const row = (place: string, { write, read }: Rates) => {
  const [written, got] = [quantile(write, 0.5), quantile(read, 0.5)];
  const [floorWrite, floorRead] = [quantile(rates.floor.write, 0.5), quantile(rates.floor.read, 0.5)];
  return {
    place,
    'written/s': Math.round(written),
    'of the floor': (written / floorWrite).toFixed(2),
    'read/s': Math.round(got),
    'of its floor': (got / floorRead).toFixed(2),
  };
};
printTable(`${records.length} records, ${objectRecords} an object`, [
  row('floor', rates.floor),
  row('folder', rates.folder),
  row('bucket', rates.bucket),
]);
await s3.stop();
