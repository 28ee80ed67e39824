import { configurationSchema } from '@gapwatch/contracts';
import { describe, expect, it } from 'vitest';
import { settle } from '../settings/configuration.ts';
import { chooseOneSource, chooseSources } from './source.ts';

function chosen(sources: readonly { id: string; type: string }[], files: readonly string[], id?: string) {
  const settled = settle(configurationSchema.parse({ sources }), null);
  return chooseSources(settled, files, id).map((one) => [one.source.id, ...one.files]);
}

const tickets = { id: 'tickets', type: 'csv' };
const left = { id: 'cancelled-2025', type: 'csv' };
const own = { id: 'events', type: 'ndjson' };

describe('the sources of files', () => {
  it.each([
    [
      'without a configuration by the format',
      [],
      ['a.csv', 'b.ndjson.gz', 'c.csv'],
      [
        ['csv', 'a.csv', 'c.csv'],
        ['canonical', 'b.ndjson.gz'],
      ],
    ],
    [
      'the only one of a format',
      [tickets, own],
      ['may.csv', 'may.json'],
      [
        ['tickets', 'may.csv'],
        ['events', 'may.json'],
      ],
    ],
    [
      'those that they are called like',
      [tickets, left],
      ['in/Cancelled 2025.csv.gz', 'tickets.csv'],
      [
        ['cancelled-2025', 'in/Cancelled 2025.csv.gz'],
        ['tickets', 'tickets.csv'],
      ],
    ],
    [
      'that of the one before, where a name says no format',
      [tickets, own],
      ['may.csv', 'june', '-'],
      [['tickets', 'may.csv', 'june', '-']],
    ],
  ])('are %s', (_, sources, files, expected) => {
    expect(chosen(sources, files)).toEqual(expected);
  });

  it('are the one that is named for all of them', () => {
    expect(chosen([tickets, left], ['cancelled-2025.csv', 'x'], 'tickets')).toEqual([
      ['tickets', 'cancelled-2025.csv', 'x'],
    ]);
  });

  it('are asked for where several could read one, and none is called like it', () => {
    expect(() => chosen([tickets, left], ['tickets.csv', 'more.csv'])).toThrow(
      'several sources could read more.csv: say which one with --source (tickets, cancelled-2025), or call the file like one',
    );
  });

  it('must be one where all goes into one topic', () => {
    const settled = settle(configurationSchema.parse({ sources: [tickets, left] }), null);
    expect(() => chooseOneSource(settled, ['tickets.csv', 'cancelled-2025.csv'], undefined)).toThrow(
      'these files belong to several sources (tickets, cancelled-2025): name those of one at a time',
    );
  });
});
