// The configuration of a directory that the example company was played into: it brings its own, whatever file lies beside it.
import { type Settled, settle } from '../settings/configuration.ts';
import { type DataDirectory, readPlayMarker } from './directory.ts';
import { announcedConfiguration } from './topics.ts';

/** `named`: what `--config` or GAPWATCH_CONFIG say, which goes before. Null where the directory is of somebody else. */
export async function exampleConfiguration(
  directory: Pick<DataDirectory, 'path' | 'log' | 'state'>,
  named: string | undefined,
): Promise<Settled | null> {
  if (named !== undefined || readPlayMarker(directory.path)?.kind !== 'demo') return null;
  const inForce = await announcedConfiguration(directory);
  return inForce === null ? null : settle(inForce.configuration, null);
}
