// gapwatch sources: which sources there are, what one makes of its payloads, and the file of a new one.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sources as builtIn } from '@gapwatch/core';
import { Command } from 'commander';
import { sourceOf } from '../exports/source.ts';
import { topicOf } from '../running/topics.ts';
import { configurationFile, folderOf, loadSettled, type Settled } from '../settings/configuration.ts';
import { ownFolder } from '../settings/sourcing.ts';
import { documentOf } from '../sources/document.ts';
import { proposeSource } from '../sources/suggest.ts';
import { count, isFaulty, newCounts, type TrialCounts } from '../sources/tally.ts';
import { sourceTemplate } from '../sources/template.ts';
import { type Trial, tryFile, trySamples } from '../sources/trial.ts';
import { suggestHint } from '../terminal/account.ts';
import { exitStatus, LineWriter, UsageError } from '../terminal/output.ts';
import { progressOf } from '../terminal/progress.ts';
import { type SourceRow, sourceLines, summaryLines, trialLines } from '../terminal/sources.ts';

type Options = { config?: string; json?: boolean; all?: boolean };

const configOption = ['--config <file>', 'configuration (default: gapwatch.yaml, where there is one)'] as const;

export function sourcesCommand(): Command {
  const command = new Command('sources').description('where payloads come from, and what they become');
  command
    .command('list')
    .description('the configured sources, and the types that there are beside them')
    .option(...configOption)
    .option('--json', 'one JSON document on stdout')
    .action(list);
  command
    .command('test')
    .description(
      'run a source over a file, or over its own samples, and show what each payload becomes; nothing is kept',
    )
    .argument('<id>', 'a configured source, or a type')
    .argument('[file]', 'JSON, NDJSON, CSV, or a body as it was posted (.form); .gz or .zst; - for stdin')
    .option(...configOption)
    .option('--all', 'show every payload, not only the first')
    .option('--json', 'one JSON array on stdout, an object for each payload')
    .action(test);
  command
    .command('suggest')
    .description('propose a configuration for an export, from the names of its columns and what stands in them')
    .argument('<file>', 'JSON, NDJSON or CSV; .gz or .zst; - for stdin')
    .action(suggest);
  command
    .command('new')
    .description(`write the file of a new source, ${ownFolder}/ID.ts beside the configuration`)
    .argument('<id>', 'what the source is called')
    .option(...configOption)
    .action(create);
  return command;
}

function load({ config }: Options, id?: string): Promise<Settled> {
  return loadSettled(config ?? process.env.GAPWATCH_CONFIG, id);
}

async function list(options: Options): Promise<void> {
  const rows = rowsOf(await load(options));
  const lines = options.json ? [JSON.stringify(rows)] : sourceLines(rows);
  await writeAll(lines);
}

function rowsOf({ configuration, sourcing }: Settled): SourceRow[] {
  const { types, files } = sourcing;
  const about = (type: string) => ({ type, title: types.get(type)?.title ?? '', from: files.get(type) ?? 'built in' });
  const configured = configuration.sources.map((source) => ({
    id: source.id,
    topic: topicOf(source),
    ...about(source.type),
  }));
  const used = new Set(configuration.sources.map(({ type }) => type));
  const others = [...types.keys()].filter((type) => !used.has(type));
  return [...configured, ...others.map((type) => ({ id: null, topic: null, ...about(type) }))];
}

async function test(id: string, file: string | undefined, options: Options): Promise<void> {
  const settled = await load(options, id);
  const counts = newCounts();
  const trials = trialsOf(settled, id, file, counts);
  await (options.json ? writeDocuments(trials, counts) : writeTable(trials, counts, options.all ?? false));
  if (isFaulty(counts, file === undefined)) process.exitCode = exitStatus.faults;
}

async function* trialsOf(
  settled: Settled,
  id: string,
  file: string | undefined,
  { warnings }: TrialCounts,
): AsyncGenerator<Trial> {
  const source = sourceOf(settled, id);
  if (file === undefined) {
    yield* trySamples(settled.sourcing.types.get(source.type)!);
    return;
  }
  const reading = progressOf('reading');
  const onNote = (note: string) => void warnings.add(note);
  const rest = { receivedAt: Date.now(), onProgress: reading.update, onNote };
  try {
    yield* tryFile(file, { settled, source, ...rest });
  } finally {
    reading.stop();
  }
}

async function writeDocuments(trials: AsyncIterable<Trial>, counts: TrialCounts): Promise<void> {
  const writer = new LineWriter(process.stdout);
  let before = '[';
  for await (const trial of trials) {
    count(trial, counts);
    await writer.write(`${before}${JSON.stringify(documentOf(trial))}`);
    before = ',';
  }
  await writer.write(before === '[' ? '[]' : ']');
  await writer.flush();
}

const shownPayloads = 20;

async function writeTable(trials: AsyncIterable<Trial>, counts: TrialCounts, all: boolean): Promise<void> {
  const writer = new LineWriter(process.stdout);
  const write = async (held: readonly Trial[], from: number) => {
    for (const line of trialLines(held).slice(from)) await writer.write(line);
  };
  let held: Trial[] = [];
  let shown = 0;
  for await (const trial of trials) {
    count(trial, counts);
    if (!all && shown >= shownPayloads) continue;
    held.push(trial);
    shown += 1;
    if (held.length < shownPayloads) continue;
    await write(held, shown === held.length ? 0 : 1);
    held = [];
  }
  if (held.length > 0) await write(held, shown === held.length ? 0 : 1);
  for (const line of summaryLines(counts, shown)) await writer.write(line);
  await writer.flush();
  for (const warning of [...counts.warnings, ...counts.doubts.warnings()])
    process.stderr.write(`warning: ${warning}\n`);
  if (Object.hasOwn(counts.rejected, 'no-column')) process.stderr.write(`${suggestHint}\n`);
}

async function suggest(file: string): Promise<void> {
  const { text, isWhole } = await proposeSource(file);
  await writeAll([text.trimEnd()]);
  if (!isWhole) process.exitCode = exitStatus.faults;
}

async function create(id: string, { config }: Options): Promise<void> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(id)) {
    throw new UsageError(`${JSON.stringify(id)} is no id: use letters, digits, dot, dash or underscore`);
  }
  if (builtIn.has(id)) throw new UsageError(`a source called ${id} is built in: choose another name`);
  const folder = join(folderOf(configurationFile(config ?? process.env.GAPWATCH_CONFIG)), ownFolder);
  const file = join(folder, `${id}.ts`);
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(file, sourceTemplate(id), { flag: 'wx' });
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${faultOf(error as NodeJS.ErrnoException)}`, { cause: error });
  }
  await writeAll([file]);
  process.stderr.write(`try it: gapwatch sources test ${id}\n`);
}

function faultOf({ code, message }: NodeJS.ErrnoException): string {
  return code === 'EEXIST' ? 'it is there already' : message;
}

async function writeAll(lines: readonly string[]): Promise<void> {
  const writer = new LineWriter(process.stdout);
  for (const line of lines) await writer.write(line);
  await writer.flush();
}
