// The sources by their types: those that are built in, and what others are added to them as a value. What is wrong with the
// sources of a configuration.
import type { SourceSettings } from '@gapwatch/contracts';
import { sourceSettingsSchema } from '@gapwatch/contracts';
import { z } from 'zod';
import { canonical } from './canonical.ts';
import { csv } from './csv.ts';
import type { Mapping, Source } from './define.ts';
import { json, ndjson } from './json.ts';

/** Sources by their types. */
export type SourceTypes = ReadonlyMap<string, Source>;

/** Those that are built in; every function here takes another table, in which a user's own stand beside them. */
export const sources: SourceTypes = new Map([canonical, csv, ndjson, json].map((source) => [source.type, source]));

/** A part of a configuration with the schema that holds there. */
export type SchemaAt = { readonly path: readonly PropertyKey[]; readonly schema: z.ZodType };
/** As zod reports an issue, with the path from the top of the configuration. */
export type SourceFault = { readonly path: readonly PropertyKey[]; readonly code: string; readonly message: string };

type WithSources = { readonly sources: readonly SourceSettings[] };

/** The mapping of a configured source. Throws on a type or a setting that `sourceFaults` would have named. */
export function createMapping(settings: SourceSettings, types: SourceTypes = sources): Mapping {
  const source = types.get(settings.type);
  if (source === undefined) throw new RangeError(unknownType(settings.type, types));
  return source.create(ownSettings(settings));
}

/** The schema of each configured source: its own options beside those that all sources share. */
export function sourceSchemas(configuration: WithSources, types: SourceTypes = sources): readonly SchemaAt[] {
  return configuration.sources.map((settings, index) => ({
    path: ['sources', index],
    schema: schemaOf(settings.type, types),
  }));
}

/** What the sources' own schemas say against a configuration that its shared schema accepted. */
export function sourceFaults(configuration: WithSources, types: SourceTypes = sources): readonly SourceFault[] {
  return sourceSchemas(configuration, types).flatMap(({ path, schema }, index) => {
    const parsed = schema.safeParse(configuration.sources[index]);
    if (parsed.success) return [];
    return parsed.error.issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] }));
  });
}

/** The schema of a configured source of each type, for the JSON Schema of the configuration. */
export function sourceTypeSchemas(types: SourceTypes = sources): readonly z.ZodObject[] {
  return [...types.values()].map(fullSchema);
}

function fullSchema(source: Source): z.ZodObject {
  if (!(source.settings instanceof z.ZodObject)) throw new TypeError(`the settings of ${source.type} are no object`);
  return z.strictObject({ ...sourceSettingsSchema.shape, type: z.literal(source.type), ...source.settings.shape });
}

function schemaOf(type: string, types: SourceTypes): z.ZodType {
  const source = types.get(type);
  if (source === undefined)
    return z.looseObject({ type: z.literal([...types.keys()], { error: () => unknownType(type, types) }) });
  return fullSchema(source);
}

function ownSettings(settings: SourceSettings): unknown {
  const { id, type, topic, ...own } = settings;
  return own;
}

function unknownType(type: string, types: SourceTypes): string {
  return `no source is called ${JSON.stringify(type.slice(0, 60))}; there are ${[...types.keys()].join(', ')}`;
}
