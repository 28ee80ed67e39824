// gapwatch verify: are the windows what the log says?
import { systemClock } from '@gapwatch/runtime';
import { lockDataDirectory } from '@gapwatch/storage';
import { Command } from 'commander';
import { checkDirectory } from '../running/beside.ts';
import { openDirectory } from '../running/directory.ts';
import { choosePlace, withParts } from '../running/place.ts';
import { exitStatus } from '../terminal/output.ts';
import { progressOf } from '../terminal/progress.ts';
import { type Verification, type Verified, verify } from '../verify/verify.ts';

type Options = { dataDir?: string; json?: boolean };

export function verifyCommand(): Command {
  return new Command('verify')
    .description(
      'recompute every window from the log and compare it with the live state; on a stopped data directory, or on Kafka beside its workers',
    )
    .option('--data-dir <folder>', 'where log and state lie (default: .gapwatch)')
    .option('--json', 'one JSON document on stdout')
    .action(run);
}

async function run(options: Options): Promise<void> {
  const chosen = choosePlace(options.dataDir);
  const found =
    chosen === 'parts'
      ? await withParts(systemClock, ({ history, store }) => compared({ history, store }))
      : await verifyDirectory(chosen.path);
  process.stdout.write(`${options.json ? JSON.stringify(found) : printVerification(found)}\n`);
  if (found.wrong + found.missing + found.extra > 0) process.exitCode = exitStatus.faults;
}

async function verifyDirectory(path: string): Promise<Verification> {
  checkDirectory(path);
  const lock = lockDataDirectory(path);
  try {
    const directory = openDirectory(path, systemClock);
    try {
      return await compared(directory);
    } finally {
      await directory.close();
    }
  } finally {
    lock.release();
  }
}

async function compared(place: Verified): Promise<Verification> {
  const progress = progressOf('recomputing');
  const onProgress = (read: number, total: number) => progress.update(read, total, `${read} records`);
  return verify(place, { onProgress }).finally(() => progress.stop());
}

function printVerification({ cells, wrong, missing, extra, behind }: Verification): string {
  const waiting = behind > 0 ? `; ${behind} records wait to be folded` : '';
  return `${cells} cells: wrong ${wrong}, missing ${missing}, extra ${extra}${waiting}`;
}
