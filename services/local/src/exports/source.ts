// Which source reads a file, where the command line does not say.
import type { Configuration, SourceSettings } from '@gapwatch/contracts';
import { guessFormat } from '../files/index.ts';
import { UsageError } from '../terminal/output.ts';

/** A table whose columns name themselves needs no configuration. */
const plainTable: SourceSettings = { id: 'csv', type: 'csv' };

export function chooseSource(configuration: Configuration, file: string, id: string | undefined): SourceSettings {
  const { sources } = configuration;
  if (id !== undefined) {
    const named = sources.find((source) => source.id === id) ?? (id === plainTable.id ? plainTable : undefined);
    if (named !== undefined) return named;
    throw new UsageError(`no source ${id} is configured; there are ${sources.map((source) => source.id).join(', ')}`);
  }
  const type = guessFormat(file, Buffer.alloc(0)) === 'csv' ? 'csv' : 'canonical';
  const fitting = sources.filter((source) => source.type === type);
  if (fitting.length > 1) {
    const ids = fitting.map((source) => source.id).join(', ');
    throw new UsageError(`several sources could read ${file}: say which one with --source (${ids})`);
  }
  return fitting[0] ?? (type === 'csv' ? plainTable : { id: 'canonical', type: 'canonical' });
}
