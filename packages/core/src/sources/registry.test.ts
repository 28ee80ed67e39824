import { configurationJsonSchema, configurationSchema } from '@gapwatch/contracts';
import { describe, expect, it } from 'vitest';
import { createMapping, sourceFaults, sourceSchemas, sourceTypeSchemas } from './registry.ts';

function faultsOf(sources: unknown[]) {
  return sourceFaults(configurationSchema.parse({ sources }));
}

describe('the sources of a configuration', () => {
  it('have no faults where all is well', () => {
    const sources = [
      { id: 'canonical', type: 'canonical' },
      { id: 'reviews', type: 'csv', topic: 'shop.reviews', columns: { text: 'comment' } },
    ];
    expect(faultsOf(sources)).toEqual([]);
    expect(sourceSchemas({ sources }).map(({ path }) => path)).toEqual([
      ['sources', 0],
      ['sources', 1],
    ]);
  });

  it('are told every fault with its path from the top', () => {
    const faults = faultsOf([
      { id: 'a', type: 'cvs' },
      { id: 'b', type: 'canonical', colums: {} },
      {
        id: 'c',
        type: 'csv',
        columns: { rating: { column: 'stars', scale: { min: 'one', max: 5 } } },
        zone: 'Nowhere',
      },
    ]);
    expect(faults.map(({ path }) => path.join('.'))).toEqual([
      'sources.0.type',
      'sources.1',
      expect.stringMatching(/^sources\.2\.columns\.rating/),
      'sources.2.zone',
    ]);
    expect(faults[0]?.message).toBe('no source is called "cvs"; there are canonical, csv, ndjson, json');
    expect(faults[1]?.code).toBe('unrecognized_keys');
  });

  it('stand with their options in the JSON Schema of the configuration', () => {
    const text = JSON.stringify(configurationJsonSchema(sourceTypeSchemas()));
    expect(text).toContain('"const":"csv"');
    expect(text).toContain('"reversed"');
  });

  it('become mappings', () => {
    const map = createMapping({
      id: 'reviews',
      type: 'csv',
      columns: { kind: { constant: 'review' }, text: 'comment', occurredAt: 'occurredAt' },
    });
    const payload = { value: { comment: 'Fine.', occurredAt: '2026-03-04' }, headers: {} };
    expect(map(payload, { sourceId: 'reviews', receivedAt: 0 })).toMatchObject([
      { kind: 'signal', signal: { text: 'Fine.', source: 'reviews' } },
    ]);
    expect(() => createMapping({ id: 'a', type: 'toString' })).toThrow('no source is called "toString"');
    expect(() => createMapping({ id: 'a', type: 'csv', columns: { txt: 'a' } })).toThrow('no field of a signal');
  });
});
