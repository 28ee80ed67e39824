// A command that comes before the first start has said what it works with waits for that.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configurationSchema } from '@gapwatch/contracts';
import { systemClock } from '@gapwatch/runtime';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { settle } from '../settings/configuration.ts';
import { type DataDirectory, openDirectory } from './directory.ts';
import { inForceOfStart } from './in-force.ts';
import { announceConfiguration, prepareTopics } from './topics.ts';

let folder: string;
let directory: DataDirectory;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gapwatch-test-'));
  directory = openDirectory(folder, systemClock);
});
afterEach(async () => {
  await directory.close();
  rmSync(folder, { recursive: true });
});

it('is answered once the start announces it', async () => {
  const looked = Promise.withResolvers<void>();
  const waiting = inForceOfStart(directory, looked.resolve);
  await looked.promise;
  const settled = settle(configurationSchema.parse({ stages: [{ id: 'shop' }] }), null);
  const partitions = await prepareTopics(directory.log, settled.configuration, 1);
  await announceConfiguration(directory, settled, { partitions });
  expect((await waiting).configuration.stages).toEqual([{ id: 'shop' }]);
});

it('ends with what the check throws, once the start has ended', async () => {
  const ended = () => {
    throw new Error('the start has ended');
  };
  await expect(inForceOfStart(directory, ended)).rejects.toThrow('the start has ended');
});
