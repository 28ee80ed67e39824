// Where a command works: on the data directory that it names, else on the real parts where Kafka is configured, else on the
// usual directory. It is chosen here and nowhere else.
import { type Clock, createLogger, readEnvironment, readParts } from '@gapwatch/runtime';
import type { StateStore } from '@gapwatch/storage';
import type { Log } from '@gapwatch/transport';
import { UsageError } from '../terminal/output.ts';
import type { Parts } from '../work/parts.ts';
import { checkDirectory, checkStart, tryLock } from './beside.ts';
import { openDirectory } from './directory.ts';
import { type History, historyOf } from './history.ts';

/** The log and the state that a command works on. */
export type Place = {
  readonly log: Log;
  /** the log from its first record on, where an archive still has what the log let go */
  readonly history: History;
  /** with the namespaces in force under the names of their roles */
  readonly state: StateStore;
  /** as it lies there, every generation under its own name */
  readonly store: StateStore;
  /** nobody folds what is appended unless this process does */
  readonly isAlone: boolean;
  /** asked while waiting for others to fold; throws where waiting is in vain */
  readonly check: () => void;
};

/** A data directory by its path, or the real parts that the environment names. */
export type Chosen = { readonly path: string } | 'parts';

/** `dataDir`: as the command line names it. @throws EnvironmentError */
export function choosePlace(dataDir: string | undefined): Chosen {
  if (dataDir === undefined && readParts(process.env).kafka !== null) return 'parts';
  return { path: dataDir ?? readEnvironment(process.env).dataDirectory };
}

/** Works beside whoever folds here. @throws UsageError where nothing was ever kept */
export async function withPlace<T>(
  dataDir: string | undefined,
  clock: Clock,
  work: (place: Place) => Promise<T>,
): Promise<T> {
  const chosen = choosePlace(dataDir);
  if (chosen === 'parts') return withParts(clock, work);
  checkDirectory(chosen.path);
  const lock = tryLock(chosen.path);
  try {
    return await inDirectory(chosen.path, clock, lock !== null, work);
  } finally {
    lock?.release();
  }
}

/** Looks only: nobody is kept from starting meanwhile. @throws UsageError where nothing was ever kept */
export async function readPlace<T>(
  dataDir: string | undefined,
  clock: Clock,
  read: (place: Place) => Promise<T>,
): Promise<T> {
  const chosen = choosePlace(dataDir);
  if (chosen === 'parts') return withParts(clock, read);
  checkDirectory(chosen.path);
  return inDirectory(chosen.path, clock, false, read);
}

async function inDirectory<T>(
  path: string,
  clock: Clock,
  isAlone: boolean,
  work: (place: Place) => Promise<T>,
): Promise<T> {
  const directory = openDirectory(path, clock);
  try {
    return await work({ ...directory, isAlone, check: checkStart(path, clock) });
  } finally {
    await directory.close();
  }
}

/** Opens the real parts; the workers fold what is appended. */
export async function withParts<T>(clock: Clock, work: (place: Place, parts: Parts) => Promise<T>): Promise<T> {
  // the clients of the real parts are loaded by whoever works with them, not by every command
  const { openParts, partsSettings } = await import('../work/parts.ts');
  const logger = createLogger(readEnvironment(process.env).logLevel);
  const parts = openParts({ settings: partsSettings(process.env), clock, logger, clientId: 'gapwatch-command' });
  try {
    const history = historyOf(parts.log, parts.archive);
    return await work({ ...parts, history, isAlone: false, check: checkWorkers(clock) }, parts);
  } finally {
    await parts.close();
  }
}

const workersMayTakeMs = 30_000;

function checkWorkers(clock: Clock): () => void {
  const until = clock.now() + workersMayTakeMs;
  return () => {
    if (clock.now() < until) return;
    throw new UsageError(
      'it is in the log, and no worker has folded it yet: see that gapwatch work all runs; it will be folded then',
    );
  };
}
