// The one configuration file: read, checked against a schema, every mistake named at once with its line and its path.
// Generic over the schema; what parts of the file need beyond it, such as the options of a source, comes in as `parts`.
import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { configurationHash } from './canonical-json.ts';
import type { ConfigurationFault } from './faults.ts';
import { ConfigurationError, pathText } from './faults.ts';
import type { ValueFault } from './issues.ts';
import { faultsOf } from './issues.ts';
import { YamlFile } from './yaml-file.ts';

/** A part of the file with the schema that holds there beside the one of the whole. */
export type ConfigurationPart = { readonly path: readonly PropertyKey[]; readonly schema: z.ZodType };

export type LoadedConfiguration<T> = {
  readonly file: string;
  readonly configuration: T;
  /** SHA-256 of the canonical JSON of the configuration, every default filled in: comments and order do not change it */
  readonly hash: string;
};

export type LoadOptions<T> = {
  /** asked once the file fits its schema */
  readonly parts?: (configuration: T) => readonly ConfigurationPart[];
};

/** Reads and checks a YAML (or JSON) file. Throws ConfigurationError with all mistakes, also where there is no file. */
export async function loadConfiguration<S extends z.ZodType>(
  file: string,
  schema: S,
  options: LoadOptions<z.output<S>> = {},
): Promise<LoadedConfiguration<z.output<S>>> {
  return parseConfiguration(await readText(file), file, schema, options);
}

/** As {@link loadConfiguration}, for a text that is already there; an empty one stands for all defaults. */
export function parseConfiguration<S extends z.ZodType>(
  text: string,
  file: string,
  schema: S,
  options: LoadOptions<z.output<S>> = {},
): LoadedConfiguration<z.output<S>> {
  const yaml = new YamlFile(text);
  const faults = yaml.isSound ? check(yaml, schema, options) : [];
  const located = [...yaml.faults, ...faults.map((fault) => locate(yaml, fault))];
  if (located.length > 0) throw new ConfigurationError(file, located.toSorted(byPlace));
  const configuration = schema.parse(yaml.value);
  return { file, configuration, hash: configurationHash(configuration) };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const message = isMissing ? 'there is no such file' : `cannot be read: ${(error as Error).message}`;
    throw new ConfigurationError(file, [{ line: 1, column: 1, path: '', message }], { cause: error });
  }
}

function check<S extends z.ZodType>(
  yaml: YamlFile,
  schema: S,
  options: LoadOptions<z.output<S>>,
): readonly ValueFault[] {
  const faults = faultsOf(schema, yaml.value);
  if (faults.length > 0 || options.parts === undefined) return faults;
  const configuration = schema.parse(yaml.value);
  return options
    .parts(configuration)
    .flatMap(({ path, schema: own }) => faultsOf(own, valueAt(configuration, path), path));
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((found, key) => (found as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

function locate(yaml: YamlFile, { path, message, isKey }: ValueFault): ConfigurationFault {
  return { ...yaml.placeOf(path, isKey), path: pathText(path), message };
}

function byPlace(left: ConfigurationFault, right: ConfigurationFault): number {
  return left.line - right.line || left.column - right.column;
}
