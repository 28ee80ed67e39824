// What is wrong with the program and its settings, before anything is opened.
import { createReceivers } from '@gapwatch/notifier';
import { readEnvironment, systemClock } from '@gapwatch/runtime';
import { plural } from '../backtest/words.ts';
import { version } from '../running/version.ts';
import { loadSettled, type Settled } from '../settings/configuration.ts';
import { type Check, good, look } from './finding.ts';

export function programCheck(): Check {
  return { what: 'program', look: () => good(`gapwatch ${version} on Node ${process.versions.node}`) };
}

export function environmentCheck(): Check {
  return {
    what: 'environment',
    look: () => {
      const { warnings } = readEnvironment(process.env);
      return warnings.length === 0
        ? good('every GAPWATCH_ variable is known')
        : look(warnings.join('; '), 'correct the names, or take the variables away');
    },
  };
}

/** `onSettled` is given what the file says, where it can be read. */
export function configurationCheck(named: string | undefined, onSettled: (settled: Settled) => void): Check {
  return {
    what: 'configuration',
    look: async () => {
      const settled = await loadSettled(named);
      onSettled(settled);
      const { file, hash, configuration } = settled;
      if (file === null) return good('no file: stages are those that the signals name');
      const { sources, stages } = configuration;
      return good(
        `${file}: ${plural(sources.length, 'source')}, ${plural(stages?.length ?? 0, 'stage')}, hash ${hash.slice(0, 12)}`,
      );
    },
  };
}

export function receiversCheck({ configuration, receivers }: Settled): Check {
  return {
    what: 'receivers',
    look: () => {
      const options = { configuration, receivers, environment: process.env, clock: systemClock, write: () => {} };
      const all = createReceivers(options).map(({ id }) => id);
      return good(`${all.join(', ')}; gapwatch alerts test RECEIVER sends a message`);
    },
  };
}
