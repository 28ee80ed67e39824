// One suite for all sources: every sample becomes what it says, and no payload, however broken, makes a mapping throw.
import { signalSchema } from '@gapwatch/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mapping, Source } from './define.ts';
import { sources } from './registry.ts';
import { asWritten, runSample, sampleContext, samplePayload } from './samples.ts';

const context = sampleContext;
const encoder = new TextEncoder();

describe.each([...sources.values()].map((source) => [source.type, source] as const))(
  'source %s',
  (type, source: Source) => {
    it('is listed under its type and says what it is', () => {
      expect(sources.get(type)).toBe(source);
      expect(source.title).toMatch(/^\S.{10,}/);
      expect(source.samples.length).toBeGreaterThan(2);
    });

    it.each(source.samples.map((sample) => [sample.name, sample] as const))('%s', (_name, sample) => {
      const outcomes = runSample(source, sample);
      expect(asWritten(outcomes)).toEqual(asWritten(sample.outcomes));
      expect(runSample(source, sample)).toEqual(outcomes);
    });

    it.each(source.samples.map((sample) => [sample.name, sample] as const))(
      'reads bytes as it reads values: %s',
      (_name, sample) => {
        const mapping = source.create(sample.settings ?? {});
        const payload = samplePayload(sample);
        if (payload.value === null || payload.value instanceof Uint8Array) return;
        const asBytes = { ...payload, value: encoder.encode(JSON.stringify(payload.value)) };
        expect(mapping(asBytes, context)).toEqual(mapping(payload, context));
      },
    );

    it('gives at least one outcome, with words, for whatever comes', () => {
      const mapping = source.create({});
      fc.assert(
        fc.property(
          fc.oneof(
            fc.jsonValue(),
            fc.uint8Array(),
            fc.json().map((text) => encoder.encode(text)),
          ),
          (value) => {
            expectOutcomes(mapping, value);
          },
        ),
      );
    });

    it('survives any sample with one value changed', () => {
      const objects = source.samples.filter((sample) => typeof objectOf(sample.value) === 'object');
      fc.assert(
        fc.property(fc.constantFrom(...objects), fc.nat(), fc.jsonValue(), (sample, at, value) => {
          const changed = { ...(objectOf(sample.value) as object) } as Record<string, unknown>;
          const keys = Object.keys(changed);
          changed[keys[at % keys.length] ?? 'kind'] = value;
          expectOutcomes(source.create(sample.settings ?? {}), changed);
        }),
      );
    });
  },
);

function objectOf(value: unknown): unknown {
  const parsed = typeof value === 'string' ? JSON.parse(value) : value;
  return parsed === null || Object.keys(parsed).length === 0 ? undefined : parsed;
}

function expectOutcomes(mapping: Mapping, value: unknown): void {
  const outcomes = mapping({ value, headers: {} }, context);
  expect(outcomes.length).toBeGreaterThan(0);
  for (const outcome of outcomes) {
    if (outcome.kind !== 'signal') expect(outcome.message).toMatch(/\S/);
    else
      expect(signalSchema.safeParse({ ...outcome.signal, version: outcome.signal.version ?? 0 }).error).toBeUndefined();
  }
}
