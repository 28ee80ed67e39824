// gapwatch note: a mark on the time line, such as a deploy, a price change or an incident.
import { noteSchema } from '@gapwatch/contracts';
import { createLogger, readEnvironment, systemClock } from '@gapwatch/runtime';
import { Command } from 'commander';
import { mark } from '../running/command.ts';
import { withPlace } from '../running/place.ts';
import { UsageError } from '../terminal/output.ts';
import { userName } from '../terminal/user.ts';

type Options = { stage?: string; at?: string; url?: string; by?: string; dataDir?: string; json?: boolean };

export function noteCommand(): Command {
  return new Command('note')
    .description('mark a deploy, a price change or an incident on the time line; works beside a running start')
    .argument('<text>', 'what happened, in a sentence')
    .option('--stage <id>', 'of this stage (default: of the whole journey)')
    .option('--at <time>', 'when it happened, RFC 3339 with its offset (default: now)')
    .option('--url <address>', 'https address that says more')
    .option('--by <name>', 'who says it (default: the name of the user)')
    .option('--data-dir <folder>', 'where log and state lie (default: .gapwatch)')
    .option('--json', 'one JSON document on stdout')
    .action(run);
}

async function run(text: string, options: Options): Promise<void> {
  const { stage = null, at = new Date(systemClock.now()).toISOString(), url, by = userName() } = options;
  const given = { text, stage, at, by, ...(url !== undefined && { url }) };
  const { error } = noteSchema.omit({ type: true, id: true }).safeParse(given);
  if (error) throw new UsageError(error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  const logger = createLogger(readEnvironment(process.env).logLevel);
  const { id } = await withPlace(options.dataDir, systemClock, (place) =>
    mark(place, given, { clock: systemClock, logger }),
  );
  process.stdout.write(`${options.json ? JSON.stringify({ id }) : `noted ${id}`}\n`);
}
