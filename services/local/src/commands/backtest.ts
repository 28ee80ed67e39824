// gapwatch backtest: what would have been said over an export of the past.
import { writeFile } from 'node:fs/promises';
import { styleText } from 'node:util';
import { Command, Option } from 'commander';
import { backtestPage } from '../backtest/html/page.ts';
import { type BacktestResult, runBacktest } from '../backtest/run.ts';
import { chooseSources } from '../exports/source.ts';
import { loadSettled } from '../settings/configuration.ts';
import { printFaults } from '../terminal/account.ts';
import { printBacktest, type Screen } from '../terminal/backtest.ts';
import { exitStatus, LineWriter, UsageError } from '../terminal/output.ts';
import { progressOf } from '../terminal/progress.ts';

type Options = { json?: boolean; html?: string; config?: string; source?: string; windows?: '1h' | '1d' | '7d' };

export function backtestCommand(): Command {
  return new Command('backtest')
    .description('run the pipeline over an export, as if each statement had arrived in its time; nothing is kept')
    .argument('<file...>', 'NDJSON, JSON array or CSV; .gz or .zst; - for stdin')
    .option('--source <id>', 'the source of the configuration that reads the files')
    .option('--config <file>', 'configuration (default: gapwatch.yaml, where there is one)')
    .addOption(new Option('--windows <step>', 'also give the windows').choices(['1h', '1d', '7d']))
    .option('--html <file>', 'also write the report as one file to look at')
    .option('--json', 'one JSON document on stdout')
    .action(run);
}

async function run(files: string[], options: Options): Promise<void> {
  const settled = await loadSettled(options.config ?? process.env.GAPWATCH_CONFIG, options.source);
  const { configuration, hash, sourcing } = settled;
  const exports = chooseSources(settled, files, options.source);
  const reading = progressOf('reading');
  const folding = progressOf('folding');
  const result = await runBacktest({
    exports,
    configuration,
    hash,
    sourcing,
    step: options.windows ?? null,
    onRead: (bytes, total) => reading.update(bytes, total),
    onFold: (signals, total) => {
      reading.stop();
      folding.update(signals, total, `${signals} of ${total} signals`);
    },
  });
  reading.stop();
  folding.stop();
  for (const line of printFaults(result.account)) process.stderr.write(`${line}\n`);
  if (result.report.signals.read === 0) throw new UsageError(`${files.join(', ')}: there is nothing in it`);
  if (options.html !== undefined) await writePage(options.html, result);
  const writer = new LineWriter(process.stdout);
  if (options.json) await writer.write(JSON.stringify(result.report));
  else for (const line of printBacktest(result, screenOf(process.stdout))) await writer.write(line);
  await writer.flush();
  if (Object.keys(result.report.signals.rejected).length > 0) process.exitCode = exitStatus.faults;
}

async function writePage(file: string, result: BacktestResult): Promise<void> {
  await writeFile(file, backtestPage(result)).catch((error: Error) => {
    throw new UsageError(`--html: ${file} cannot be written: ${error.message}`);
  });
}

/** Styled on a terminal alone, and not where NO_COLOR says so; 80 characters wide where there is none. */
function screenOf(stream: NodeJS.WriteStream): Screen {
  return {
    // a terminal that does not know its width says 0
    width: (stream.isTTY && stream.columns) || 80,
    style: (format, text) => styleText(format, text, { stream, validateStream: true }),
  };
}
