import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { configurationJsonSchema, signalJsonSchema } from './schemas.ts';
import { signalFields } from './signal.ts';

describe('the JSON Schema', () => {
  it('of a signal names every field, and requires what has no default', () => {
    const schema = signalJsonSchema();
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(new Set(Object.keys(schema.properties ?? {}))).toEqual(signalFields);
    expect(schema.required).toEqual(['kind', 'subject', 'occurredAt']);
    expect(JSON.stringify(schema)).toContain('"mirror-survey"');
  });

  it('of the configuration requires nothing and allows no unknown key', () => {
    const schema = configurationJsonSchema();
    expect(schema.required).toBeUndefined();
    expect(schema.additionalProperties).toBe(false);
    expect(Object.keys(schema.properties ?? {})).toContain('stages');
  });

  it('of the configuration takes in the options of the sources', () => {
    const source = z.strictObject({ id: z.string(), type: z.literal('shop'), zone: z.string().optional() });
    const schema = configurationJsonSchema([source, z.strictObject({ id: z.string(), type: z.literal('till') })]);
    const { items } = JSON.parse(JSON.stringify(schema)).properties.sources;
    expect(items.anyOf.map((each: { properties: object }) => Object.keys(each.properties))).toEqual([
      ['id', 'type', 'zone'],
      ['id', 'type'],
    ]);
    expect(items.anyOf.every((each: { additionalProperties: unknown }) => each.additionalProperties === false)).toBe(
      true,
    );
  });
});
