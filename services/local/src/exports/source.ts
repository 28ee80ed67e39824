// Which source reads a file, where the command line does not say.
import { basename } from 'node:path';
import type { SourceSettings } from '@gapwatch/contracts';
import { isTable } from '../files/index.ts';
import type { Settled } from '../settings/configuration.ts';
import { UsageError } from '../terminal/output.ts';

/** A source of an id: as configured, else the source of that type with no options. Throws UsageError with what there is. */
export function sourceOf({ configuration, sourcing }: Settled, id: string): SourceSettings {
  const configured = configuration.sources.find((source) => source.id === id);
  if (configured !== undefined) return configured;
  if (sourcing.types.has(id)) return { id, type: id };
  const ids = configuration.sources.map((source) => source.id).join(', ');
  const types = [...sourcing.types.keys()].join(', ');
  throw new UsageError(`no source ${id} is configured; there are ${ids}; and without options ${types}`);
}

/** Files that one source reads. */
export type Export = { readonly source: SourceSettings; readonly files: readonly string[] };

/**
 * The files by the sources that read them. `id`: the one of all; without it each file goes to the configured source of its
 * format that is called like it, else to the only one; one whose name says no format goes where the one before goes. A table
 * and canonical lines need no configuration.
 * @throws UsageError where several sources could read a file, and none is called like it
 */
export function chooseSources(settled: Settled, files: readonly string[], id: string | undefined): readonly Export[] {
  const groups = new Map<string, { source: SourceSettings; files: string[] }>();
  let last: SourceSettings | null = null;
  for (const file of files) {
    const source: SourceSettings = (isTable(file) === null ? last : null) ?? chooseSource(settled, file, id);
    const group = groups.get(source.id);
    if (group === undefined) groups.set(source.id, { source, files: [file] });
    else group.files.push(file);
    last = source;
  }
  return [...groups.values()];
}

/** @throws UsageError where there is no such source, or the files are those of several */
export function chooseOneSource(settled: Settled, files: readonly string[], id: string | undefined): SourceSettings {
  const [first, ...others] = chooseSources(settled, files, id);
  if (first === undefined) throw new UsageError('name a file');
  if (others.length === 0) return first.source;
  const ids = [first, ...others].map(({ source }) => source.id).join(', ');
  throw new UsageError(`these files belong to several sources (${ids}): name those of one at a time`);
}

function chooseSource(settled: Settled, file: string, id: string | undefined): SourceSettings {
  const isOfTables = isTable(file) === true;
  const fits = (type: string) => (isOfTables ? type === 'csv' : readsJson(type, settled));
  const called = settled.configuration.sources.find((source) => fits(source.type) && source.id === idOfFile(file));
  const asked = { what: file, elseways: ', or call the file like one' };
  return theOne(isOfTables ? 'csv' : 'canonical', fits, settled, asked, id ?? called?.id);
}

/** The name of a file, as far as a source can be called so. */
export function idOfFile(file: string): string {
  const [name = ''] = basename(file).split('.');
  const id = name
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '');
  return id === '' ? 'export' : id;
}

/** The source for a signal of our own making, called `what` in messages. */
export function chooseCanonical(settled: Settled, what: string, id: string | undefined): SourceSettings {
  return theOne('canonical', (type) => type === 'canonical', settled, { what }, id);
}

function theOne(
  usual: string,
  fits: (type: string) => boolean,
  settled: Settled,
  { what, elseways = '' }: { readonly what: string; readonly elseways?: string },
  id: string | undefined,
): SourceSettings {
  if (id !== undefined) return sourceOf(settled, id);
  const fitting = settled.configuration.sources.filter(({ type }) => fits(type));
  if (fitting.length > 1) {
    const ids = fitting.map((source) => source.id).join(', ');
    throw new UsageError(`several sources could read ${what}: say which one with --source (${ids})${elseways}`);
  }
  return fitting[0] ?? { id: usual, type: usual };
}

/** Also a user's own source reads the files that it is given. */
function readsJson(type: string, { sourcing }: Settled): boolean {
  return type === 'canonical' || type === 'ndjson' || type === 'json' || sourcing.files.has(type);
}
