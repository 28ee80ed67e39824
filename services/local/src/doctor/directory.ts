// What is wrong with a data directory: files, disk, who works on it.
import { readdirSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { namespaceOf as archiverOf } from '@gapwatch/archiver';
import type { Configuration } from '@gapwatch/contracts';
import { damageOf } from '@gapwatch/runtime';
import { keptTopics } from '../running/archiving.ts';
import { isDataDirectory, tryLock } from '../running/beside.ts';
import { files } from '../running/directory.ts';
import { recordsLeft } from '../running/folded.ts';
import type { Place } from '../running/place.ts';
import { bad, type Check, type Found, good, look } from './finding.ts';

export function directoryChecks(path: string): Check[] {
  if (!isDataDirectory(path)) {
    return [{ what: 'directory', look: () => look(`${path} keeps nothing yet`, 'gapwatch start makes it') }];
  }
  return [
    {
      what: 'directory',
      look: () => good(`${path}, ${isWorkedOn(path) ? 'a start works on it' : 'nobody works on it'}`),
    },
    { what: 'files', look: () => wholeness(path) },
    { what: 'disk', look: () => room(path) },
  ];
}

export function isWorkedOn(path: string): boolean {
  const lock = tryLock(path);
  lock?.release();
  return lock === null;
}

const remedies = {
  [files.log]: 'put back a copy of the whole directory: the state must not know more than the log',
  [files.state]: 'move state.db, state.db-wal and state.db-shm away: the next start folds the state anew from the log',
};

function wholeness(path: string): Found {
  for (const [file, remedy] of Object.entries(remedies)) {
    const damage = damageOf(join(path, file));
    if (damage !== null) return bad(`${join(path, file)} is damaged: ${damage}`, remedy);
  }
  return good('log and state are whole');
}

/** So much must be free, and as much again as is there: a rebuild keeps two states for a while. */
const leastFreeBytes = 1_000_000_000;

async function room(path: string): Promise<Found> {
  const { bavail, bsize } = await statfs(path);
  const free = bavail * bsize;
  const used = sizeOf(path);
  const found = `${megabytes(used)} kept, ${megabytes(free)} free`;
  return free >= leastFreeBytes + used
    ? good(found)
    : look(found, 'make room: a full disk stops everything, and loses nothing');
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_000_000).toLocaleString('en')} MB`;
}

/** `isWorkedOn`: of a start that runs the newest hour is never in it. */
export function archiveCheck(
  { log, state }: Pick<Place, 'log' | 'state'>,
  { archive }: Configuration,
  isWorkedOn: boolean,
): Check {
  return {
    what: 'archive',
    look: async () => {
      if (archive === 'off') return good('off, as it is configured');
      const topics = keptTopics(await log.topics(), archive.rawDays).keys();
      const readings = [...topics].map((topic) => ({ topic, namespace: archiverOf(topic) }));
      const left = await Promise.all(readings.map((reading) => recordsLeft({ log, state }, reading)));
      const waiting = left.reduce((sum, records) => sum + records, 0);
      if (waiting === 0) return good('everything that is in the log is archived');
      const found = `${waiting} records of the log are not in it yet`;
      return isWorkedOn ? good(found) : look(found, 'gapwatch start archives them');
    },
  };
}
