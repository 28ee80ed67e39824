// The canonical source: a payload is already a signal, as the public face describes it.
import { z } from 'zod';
import { acceptSignal } from './accept.ts';
import type { Mapping } from './define.ts';
import { defineSource } from './define.ts';
import { openObject } from './payload.ts';

function create(): Mapping {
  return (payload, context) => {
    const opened = openObject(payload);
    return 'outcome' in opened ? [opened.outcome] : [acceptSignal(opened.object, context.sourceId)];
  };
}

export const canonical = defineSource({
  type: 'canonical',
  title: 'Signals in the canonical form, one JSON object each',
  settings: z.strictObject({}),
  customerMayChange: true,
  create,
  samples: [
    {
      name: 'the least that a signal needs',
      value:
        '{"kind":"feedback","subject":"answer:1","occurredAt":"2026-03-04T05:06:07+01:00","text":"No reply since."}',
      outcomes: [
        {
          kind: 'signal',
          signal: {
            kind: 'feedback',
            subject: 'answer:1',
            occurredAt: '2026-03-04T04:06:07.000Z',
            text: 'No reply since.',
            source: 'sample',
            op: 'upsert',
            customer: null,
            version: 0,
          },
        },
      ],
    },
    {
      name: 'a delete without a version retracts every version',
      value: '{"kind":"review","subject":"review:77","op":"delete","occurredAt":"2026-03-04T05:06:07.000Z"}',
      outcomes: [
        {
          kind: 'signal',
          signal: {
            kind: 'review',
            subject: 'review:77',
            op: 'delete',
            occurredAt: '2026-03-04T05:06:07.000Z',
            source: 'sample',
            customer: null,
            version: null,
          },
        },
      ],
    },
    {
      name: 'a number is no id',
      value: '{"kind":"ticket","subject":"ticket:9","customer":12345,"occurredAt":"2026-03-04T05:06:07Z"}',
      outcomes: [
        {
          kind: 'reject',
          code: 'invalid',
          message: 'customer: 12345 is not taken; ids are text: write "12345" with quotes',
        },
      ],
    },
    {
      name: 'half of a surrogate pair is no part of an id',
      value: '{"kind":"review","subject":"review:\\ud83d","occurredAt":"2026-03-04T05:06:07Z","text":"Fine."}',
      outcomes: [
        {
          kind: 'reject',
          code: 'invalid',
          message: 'subject: half of a surrogate pair is no character: leave it out, this is "review:\\ud83d"',
        },
      ],
    },
    {
      name: 'a field that nobody knows is ignored and named',
      value: '{"kind":"review","subject":"review:8","occurredAt":"2026-03-04T05:06:07Z","stars":4}',
      outcomes: [
        {
          kind: 'signal',
          signal: {
            kind: 'review',
            subject: 'review:8',
            occurredAt: '2026-03-04T05:06:07.000Z',
            source: 'sample',
            op: 'upsert',
            customer: null,
            version: 0,
          },
          warnings: ['unknown field "stars" is ignored; what your rules look at belongs under attributes'],
        },
      ],
    },
    {
      name: 'a tombstone',
      value: null,
      outcomes: [{ kind: 'skip', code: 'tombstone', message: 'a tombstone: nothing to read' }],
    },
  ],
});
