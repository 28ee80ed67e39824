// The JSON Schemas that are handed out: of a signal as users write it, and of the configuration file.
import { z } from 'zod';
import { configurationSchema } from './configuration.ts';
import { signalSchema } from './signal.ts';

export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** JSON Schema (draft 2020-12) of one signal in the canonical form, before defaults are filled in. */
export function signalJsonSchema(): JsonSchema {
  return { ...toJsonSchema(signalSchema), title: 'Gapwatch signal' };
}

/**
 * JSON Schema (draft 2020-12) of `gapwatch.yaml`. `sources`: the schema of each source type with its own options;
 * with none, a source may have any option.
 */
export function configurationJsonSchema(sources: readonly z.ZodObject[] = []): JsonSchema {
  const [first, ...others] = sources;
  const schema =
    first === undefined
      ? configurationSchema
      : configurationSchema.extend({ sources: z.array(z.union([first, ...others])).optional() });
  return { ...toJsonSchema(schema), title: 'Gapwatch configuration' };
}

function toJsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });
}
