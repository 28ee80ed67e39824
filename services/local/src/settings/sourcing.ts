// What payloads are mapped by, beside the settings of their source: the sources that there are, and the key of customers.
// Sources of a user's own lie in `sources/` beside the configuration file, each one file that is called as its type.
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sources as builtIn, ownSource, type Source, type SourceTypes } from '@gapwatch/core';
import { UsageError } from '../terminal/output.ts';

export type Sourcing = {
  readonly types: SourceTypes;
  /** under which e-mail addresses become ids of customers; null: one that everybody knows */
  readonly customerKey: string | null;
  /** the files of the types that are not built in */
  readonly files: ReadonlyMap<string, string>;
};

export const plainSourcing: Sourcing = { types: builtIn, customerKey: null, files: new Map() };

export const ownFolder = 'sources';
const fileName = /^([A-Za-z0-9][A-Za-z0-9._-]{0,99})\.(?:ts|mts|js|mjs)$/;
const notSources = /\.(?:d|test|spec)\.m?[jt]s$/;

/**
 * Loads the sources beside a configuration file. `only`: no other than this one, where nothing says that the folder is ours.
 * Throws UsageError that names the file and the remedy.
 */
export async function loadSourcing(folder: string, only: string | null, customerKey: string | null): Promise<Sourcing> {
  const files = filesIn(join(folder, ownFolder), only);
  const types = new Map<string, Source>(builtIn);
  for (const [type, file] of files) types.set(type, await loadSource(type, file));
  return { types, customerKey, files };
}

/** Names of types by their files. */
function filesIn(folder: string, only: string | null): Map<string, string> {
  const files = new Map<string, string>();
  const names = existsSync(folder) ? readdirSync(folder).toSorted() : [];
  for (const name of names) {
    const type = notSources.test(name) ? undefined : fileName.exec(name)?.[1];
    if (type === undefined || (only !== null && type !== only)) continue;
    const file = join(folder, name);
    const other = files.get(type);
    if (other !== undefined) throw new UsageError(`${other} and ${file} are both called ${type}: keep one of them`);
    if (builtIn.has(type))
      throw new UsageError(`${file}: a source called ${type} is built in: give the file another name`);
    files.set(type, file);
  }
  return files;
}

async function loadSource(type: string, file: string): Promise<Source> {
  let exported: { default?: unknown };
  try {
    exported = (await import(pathToFileURL(resolve(file)).href)) as { default?: unknown };
  } catch (error) {
    throw new UsageError(`${file}: cannot be loaded: ${words(error)}: mend it, or take it out of ${ownFolder}/`, {
      cause: error,
    });
  }
  try {
    return ownSource(type, exported.default);
  } catch (error) {
    throw new UsageError(`${file}: is no source: ${words(error)}`, { cause: error });
  }
}

function words(error: unknown): string {
  return error instanceof Error
    ? `${error.name === 'TypeError' ? '' : `${error.name}: `}${error.message.trim()}`
    : String(error);
}
