// Everything that can be looked at from here, in the order in which it is mended: settings, parts, what lies in them.
// What rests on something bad is not looked at: one cause would be told as many.
import { type Clock, createLogger } from '@gapwatch/runtime';
import { isDataDirectory } from '../running/beside.ts';
import { openDirectory } from '../running/directory.ts';
import { exampleConfiguration } from '../running/example.ts';
import { choosePlace } from '../running/place.ts';
import type { Settled } from '../settings/configuration.ts';
import { archiveCheck, directoryChecks, isWorkedOn } from './directory.ts';
import { type Check, type Finding, lookAt } from './finding.ts';
import { configurationCheck, environmentCheck, programCheck, receiversCheck } from './here.ts';
import { logChecks } from './log.ts';

export type DoctorOptions = {
  /** as the command line and the environment name it */
  readonly configurationFile: string | undefined;
  readonly dataDir: string | undefined;
  readonly clock: Clock;
};

/** Findings, each as soon as it is made. */
export async function* examine(options: DoctorOptions): AsyncGenerator<Finding> {
  let settled: Settled | undefined;
  const onSettled = (found: Settled) => {
    settled = found;
  };
  const here = [programCheck(), environmentCheck(), configurationCheck(options.configurationFile, onSettled)];
  if (!(yield* areGood(here)) || settled === undefined) return;
  yield* lookAt([receiversCheck(settled)]);
  const chosen = choosePlace(options.dataDir);
  if (chosen === 'parts') yield* examineParts(settled, options);
  else yield* examineDirectory(chosen.path, settled, options);
}

/** Tells what is found; whether nothing of it is bad. */
async function* areGood(checks: readonly Check[]): AsyncGenerator<Finding, boolean> {
  let isGood = true;
  for await (const finding of lookAt(checks)) {
    isGood &&= finding.state !== 'bad';
    yield finding;
  }
  return isGood;
}

async function* examineDirectory(path: string, settled: Settled, options: DoctorOptions): AsyncGenerator<Finding> {
  if (!(yield* areGood(directoryChecks(path))) || !isDataDirectory(path)) return;
  const directory = openDirectory(path, options.clock);
  try {
    const whoFolds = isWorkedOn(path) ? null : 'gapwatch start reads it';
    const own = (await exampleConfiguration(directory, options.configurationFile)) ?? settled;
    const checks = logChecks(directory, { settled: own, clock: options.clock, whoFolds });
    yield* lookAt([...checks, archiveCheck(directory, own.configuration, whoFolds === null)]);
  } finally {
    await directory.close();
  }
}

async function* examineParts(settled: Settled, { clock }: DoctorOptions): AsyncGenerator<Finding> {
  // the clients of the real parts are loaded by whoever works with them
  const { openParts, partsSettings } = await import('../work/parts.ts');
  const { partsChecks } = await import('./parts.ts');
  const settings = partsSettings(process.env);
  // what the parts say is told as findings
  const parts = openParts({ settings, clock, logger: createLogger('silent'), clientId: 'gapwatch-doctor' });
  try {
    const { redisUrls } = settings;
    if (!(yield* areGood(partsChecks(parts, { settled, redisUrls, clock })))) return;
    yield* lookAt(logChecks(parts, { settled, clock, whoFolds: 'see that gapwatch work runs: its workers read it' }));
  } finally {
    await parts.close();
  }
}
