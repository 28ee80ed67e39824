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
 * JSON Schema (draft 2020-12) of `gapwatch.yaml`. `sources`, `receivers`: the schema of each type with its own options;
 * with none, they may have any option.
 */
export function configurationJsonSchema(
  sources: readonly z.ZodObject[] = [],
  receivers: readonly z.ZodObject[] = [],
): JsonSchema {
  const schema = configurationSchema.extend({ ...listOf('sources', sources), ...listOf('receivers', receivers) });
  return { ...toJsonSchema(schema), title: 'Gapwatch configuration' };
}

function listOf(name: string, [first, ...others]: readonly z.ZodObject[]): z.ZodRawShape {
  return first === undefined ? {} : { [name]: z.array(z.union([first, ...others])).optional() };
}

function toJsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });
}
