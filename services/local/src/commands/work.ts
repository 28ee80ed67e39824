// gapwatch work: services of the pipeline against Kafka, Redis and S3.
import { checkBinding, createLogger, readEnvironment, systemClock } from '@gapwatch/runtime';
import { Argument, Command } from 'commander';
import { loadSettled } from '../settings/configuration.ts';
import { exitStatus } from '../terminal/output.ts';
import { endOnSignals, readPort, refuse, tokensOf } from '../terminal/process.ts';
import { type Role, roles } from '../work/roles.ts';

type Options = { config?: string; port?: string };

export function workCommand(): Command {
  return new Command('work')
    .description('run services of the pipeline against Kafka, Redis and S3')
    .addArgument(new Argument('<service...>', 'which').choices([...roles, 'all']))
    .option('--config <file>', 'configuration (default: gapwatch.yaml, where there is one)')
    .option('--port <n>', 'HTTP port, 0 picks one (default: 8080)')
    .action(run);
}

async function run(names: (Role | 'all')[], options: Options): Promise<void> {
  const environment = readEnvironment(process.env);
  // the clients of the real parts are loaded by whoever works with them, not by every command
  const { partsSettings } = await import('../work/parts.ts');
  const { work } = await import('../work/work.ts');
  const settings = partsSettings(process.env);
  const wanted = new Set<Role>(names.includes('all') ? roles : (names as Role[]));
  const logger = createLogger(environment.logLevel);
  for (const warning of environment.warnings) logger.warn(warning);
  const tokens = tokensOf(environment, logger);
  const { httpHost: host, httpPort } = environment;
  if (wanted.has('gateway') || wanted.has('console')) refuse(() => checkBinding(host, tokens));
  const settled = await loadSettled(options.config ?? environment.configurationFile ?? undefined);
  const ending = endOnSignals();
  const port = options.port === undefined ? httpPort : readPort(options.port);
  const shared = { clock: systemClock, logger, environment: process.env, signal: ending.signal };
  const write = (line: string) => process.stdout.write(`${line}\n`);
  const working = await work({ roles: wanted, settings, settled, host, port, tokens, write, ...shared }).catch(
    (error) => {
      // ended before it was ready, which is no fault
      if (ending.signal.aborted) return null;
      throw error;
    },
  );
  if (working === null) return;
  process.stdout.write(`ready ${working.address}\n`);
  void working.failed.then((failure) => fail(failure, ending.end));
  await ending.ended;
  await working.stop();
}

/** A partition that stopped is said, and its process lives for the others; a client that is beyond help takes it down. */
function fail(
  { service, topic, partition, error }: { service: string; topic: string; partition: number; error: Error },
  end: () => void,
): void {
  process.stderr.write(`gapwatch: ${service} has stopped reading ${topic}/${partition}: ${error.message}\n`);
  if (error.name !== 'ConsumerCrashed') return;
  process.exitCode = exitStatus.faults;
  end();
}
