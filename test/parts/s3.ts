// A real S3 server: the one that a variable names, else a container, else the local program.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Container, containerOf } from './containers.ts';
import { freePort, partsFolder, programIn, programOnPath, startProgram } from './programs.ts';
import { needs, partOf } from './required.ts';

export type S3Part = Container & { readonly endpoint: string; readonly environment: Readonly<Record<string, string>> };

const credentials = {
  AWS_ACCESS_KEY_ID: 'gapwatch-tests',
  AWS_SECRET_ACCESS_KEY: 'gapwatch-tests',
  AWS_REGION: 'us-east-1',
};
/** The bucket that every part has. */
export const testBucket = 'gapwatch';

const remedy = 'set GAPWATCH_S3_ENDPOINT, start Docker, or let .ci/run install versitygw';

/** Names a suite that needs S3. */
export const withS3 = (what: string) => needs(what, 'S3', remedy);

/** `environment` is what the SDK's own chain needs to find its way. null: there is no S3 server here, and none is required. */
export const startS3 = (): Promise<S3Part | null> => partOf('S3', remedy, findS3);

async function findS3(): Promise<S3Part | null> {
  const named = process.env.GAPWATCH_S3_ENDPOINT;
  if (named) return { endpoint: named, environment: {}, kill: () => {}, restart: async () => {}, stop: async () => {} };
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const root = { ROOT_ACCESS_KEY: credentials.AWS_ACCESS_KEY_ID, ROOT_SECRET_KEY: credentials.AWS_SECRET_ACCESS_KEY };
  const script = `mkdir -p /data/meta /data/objects/${testBucket} && exec versitygw --port :7070 posix --sidecar /data/meta /data/objects`;
  const container = await containerOf('versity/versitygw:v1.8.0', port, 7_070, root, ['sh', '-c', script]);
  if (container !== null) return { ...container, endpoint, environment: credentials };
  const command = programIn([join(partsFolder, 'bin')], 'versitygw') ?? programOnPath('versitygw');
  if (command === null) return null;
  const metadata = mkdtempSync(join(tmpdir(), 'gapwatch-part-'));
  const program = await startProgram({
    command,
    port,
    environment: root,
    prepare: (folder) => mkdirSync(join(folder, testBucket)),
    words: (folder) => ['--port', `127.0.0.1:${port}`, 'posix', '--sidecar', metadata, folder],
  });
  const stop = async () => {
    await program.stop();
    rmSync(metadata, { recursive: true, force: true });
  };
  return { kill: program.kill, restart: program.restart, stop, endpoint, environment: credentials };
}
