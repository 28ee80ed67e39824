// gapwatch doctor: what is wrong, and what to do.
import { systemClock } from '@gapwatch/runtime';
import { Command } from 'commander';
import { examine } from '../doctor/doctor.ts';
import type { Finding } from '../doctor/finding.ts';
import { exitStatus, onOneLine } from '../terminal/output.ts';

type Options = { config?: string; dataDir?: string; json?: boolean };

export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'look whether everything is as it must be, and say what to do; on Kafka it writes one object and takes it away',
    )
    .option('--config <file>', 'configuration (default: gapwatch.yaml, where there is one)')
    .option('--data-dir <folder>', 'where log and state lie (default: .gapwatch)')
    .option('--json', 'one JSON document on stdout')
    .action(run);
}

async function run({ config, dataDir, json }: Options): Promise<void> {
  const configurationFile = config ?? process.env.GAPWATCH_CONFIG;
  const findings: Finding[] = [];
  for await (const finding of examine({ configurationFile, dataDir, clock: systemClock })) {
    findings.push(finding);
    if (!json) process.stdout.write(`${print(finding)}\n`);
  }
  if (json) process.stdout.write(`${JSON.stringify(findings)}\n`);
  if (findings.some(({ state }) => state === 'bad')) process.exitCode = exitStatus.faults;
}

const widthOfState = 5;
const widthOfWhat = 14;

function print({ state, what, found, remedy }: Finding): string {
  const start = `${state.padEnd(widthOfState)} ${what.padEnd(widthOfWhat)}`;
  const indent = ' '.repeat(start.length);
  // a configuration has a line for each of its mistakes
  const [first = '', ...others] = [...found.split('\n'), ...(remedy === null ? [] : [`→ ${remedy}`])].map(onOneLine);
  return [`${start}${first}`, ...others.map((line) => `${indent}${line}`)].join('\n');
}
