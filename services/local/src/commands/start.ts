// gapwatch start: the whole pipeline in one process.
import {
  checkBinding,
  createLogger,
  type Logger,
  readEnvironment,
  type Settings,
  systemClock,
} from '@gapwatch/runtime';
import { Command } from 'commander';
import { openAlerts } from '../running/alerts.ts';
import { type Running, start, type Telling } from '../running/start.ts';
import { printAccount } from '../terminal/account.ts';
import { endOnSignals, readPort, refuse, tokensOf } from '../terminal/process.ts';
import { progressOf } from '../terminal/progress.ts';

type Options = {
  demo?: boolean;
  replay?: string[];
  source?: string;
  config?: string;
  dataDir?: string;
  port?: string;
};

export function startCommand(): Command {
  return new Command('start')
    .description('run the whole pipeline in one process; the page is on the port that it prints')
    .option('--demo', 'play the example company into an empty data directory and go on live')
    .option(
      '--replay <file...>',
      'play exports into an empty data directory, as if each record had arrived in its time',
    )
    .option('--source <id>', 'with --replay: the source of the configuration that reads the files')
    .option('--config <file>', 'configuration (default: gapwatch.yaml, where there is one)')
    .option('--data-dir <folder>', 'where log and state lie (default: .gapwatch)')
    .option('--port <n>', 'HTTP port, 0 picks one (default: 8080)')
    .action(run);
}

async function run(options: Options): Promise<void> {
  const settings = readEnvironment(process.env);
  const logger = createLogger(settings.logLevel);
  for (const warning of settings.warnings) logger.warn(warning);
  const ending = endOnSignals();
  const running = await starting(options, settings, logger, ending.signal);
  if (running === null) return;
  process.stdout.write(`ready ${running.address}\n`);
  await tellAlerts(running);
  void running.failed.then(({ service, topic, partition, error }) => {
    process.stderr.write(`gapwatch: ${service} has stopped reading ${topic}/${partition}: ${error.message}\n`);
  });
  await ending.ended;
  await running.stop();
}

/** null: ended before it was ready, which is no fault. */
async function starting(
  options: Options,
  settings: Settings,
  logger: Logger,
  signal: AbortSignal,
): Promise<Running | null> {
  const tokens = tokensOf(settings, logger);
  const host = settings.httpHost;
  refuse(() => checkBinding(host, tokens));
  const telling = tellOn(process.stderr);
  try {
    return await start({
      dataDirectory: options.dataDir ?? settings.dataDirectory,
      host,
      port: options.port === undefined ? settings.httpPort : readPort(options.port),
      tokens,
      partitions: settings.partitions,
      demo: options.demo ?? false,
      replay: options.replay ?? [],
      source: options.source,
      configurationFile: options.config ?? settings.configurationFile ?? undefined,
      clock: systemClock,
      logger,
      environment: process.env,
      write: (line) => process.stdout.write(`${line}\n`),
      tell: telling.tell,
      signal,
    });
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  } finally {
    telling.end();
  }
}

function tellOn(stream: NodeJS.WriteStream): { tell: Telling; end: () => void } {
  const reading = progressOf('reading', stream);
  const playing = progressOf('playing the past', stream);
  const folding = progressOf('folding', stream);
  const day = (time: number) => (Number.isNaN(time) ? '' : new Date(time).toISOString().slice(0, 10));
  const tell: Telling = {
    note: (text) => stream.write(`${text}\n`),
    reading: (bytes, total) => reading.update(bytes, total),
    playing: (written, time) => playing.update(written, null, `${written} records, ${day(time)}`),
    played: (play, account) => {
      reading.stop();
      playing.stop();
      for (const line of printAccount(play, account)) stream.write(`${line}\n`);
    },
    folding: (topic, left, total) => folding.update(total - left, total, `${topic}, ${left} left`),
  };
  const end = () => {
    for (const progress of [reading, playing, folding]) progress.stop();
  };
  return { tell, end };
}

async function tellAlerts({ state, story }: Running): Promise<void> {
  const names = new Map(story.settled.configuration.stages?.map(({ id, name }) => [id, name ?? id]));
  for (const { record } of await openAlerts(state)) {
    const since = record.onset.slice(0, 10);
    process.stderr.write(
      `open alert: ${names.get(record.stage) ?? record.stage} is getting worse since about ${since} (gapwatch alerts show ${record.id})\n`,
    );
  }
}
