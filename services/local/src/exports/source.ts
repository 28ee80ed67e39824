// Which source reads a file, where the command line does not say.
import type { SourceSettings } from '@gapwatch/contracts';
import { guessFormat } from '../files/index.ts';
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

/** By the ending of the file's name, among the configured sources; a table or canonical lines need no configuration. */
export function chooseSource(settled: Settled, file: string, id: string | undefined): SourceSettings {
  if (guessFormat(file, Buffer.alloc(0)) === 'csv') return theOne('csv', (type) => type === 'csv', settled, file, id);
  return theOne('canonical', (type) => readsJson(type, settled), settled, file, id);
}

/** The source for a signal of our own making, called `what` in messages. */
export function chooseCanonical(settled: Settled, what: string, id: string | undefined): SourceSettings {
  return theOne('canonical', (type) => type === 'canonical', settled, what, id);
}

function theOne(
  usual: string,
  fits: (type: string) => boolean,
  settled: Settled,
  what: string,
  id: string | undefined,
): SourceSettings {
  if (id !== undefined) return sourceOf(settled, id);
  const fitting = settled.configuration.sources.filter(({ type }) => fits(type));
  if (fitting.length > 1) {
    const ids = fitting.map((source) => source.id).join(', ');
    throw new UsageError(`several sources could read ${what}: say which one with --source (${ids})`);
  }
  return fitting[0] ?? { id: usual, type: usual };
}

/** Also a user's own source reads the files that it is given. */
function readsJson(type: string, { sourcing }: Settled): boolean {
  return type === 'canonical' || type === 'ndjson' || type === 'json' || sourcing.files.has(type);
}
