// Rows that are several statements, conditions, and who the customer is: examples of the manual and cases of the suite.
import { openKeyWarning } from '../customers.ts';
import type { SourceSample } from '../define.ts';

const signal = { source: 'sample', op: 'upsert', customer: null, version: 0 } as const;

const touchpoints = {
  columns: { kind: { constant: 'review' }, subject: 'id', occurredAt: 'date' },
  statements: [
    { columns: { text: 'comment', rating: { column: 'overall', scale: { min: 1, max: 10 } } } },
    {
      name: 'food',
      columns: { stage: { constant: 'catering' }, rating: { column: 'food', scale: { min: 1, max: 5 } } },
    },
    {
      name: 'wifi',
      columns: {
        stage: { constant: 'connectivity' },
        rating: { column: 'wifi', scale: { min: 1, max: 5 }, map: { 0: null } },
      },
    },
  ],
};

const tickets = {
  zone: 'Europe/Berlin',
  columns: { kind: { constant: 'ticket' }, subject: 'id', thread: 'id', customer: { column: 'mail', as: 'email' } },
  statements: [
    { columns: { occurredAt: 'created', text: 'description', status: { constant: 'new' } } },
    { name: 'reply', columns: { occurredAt: 'first_reply_at', author: { constant: 'staff' } } },
    {
      name: 'solved',
      columns: { occurredAt: 'solved_at', author: { constant: 'staff' }, status: { constant: 'solved' } },
    },
  ],
};

const mail = 'email:EMAIL';

export const statementSamples: readonly SourceSample[] = [
  {
    name: 'a review with ratings of its touchpoints is a statement for each',
    settings: touchpoints,
    value: { id: 'r7', date: '2026-03-04', comment: 'Cold food.', overall: '6', food: '1', wifi: '0' },
    outcomes: [
      {
        kind: 'signal',
        signal: {
          ...signal,
          kind: 'review',
          subject: 'r7',
          occurredAt: '2026-03-04T00:00:00.000Z',
          text: 'Cold food.',
          rating: { value: 6, min: 1, max: 10 },
        },
      },
      {
        kind: 'signal',
        signal: {
          ...signal,
          kind: 'review',
          subject: 'r7/food',
          occurredAt: '2026-03-04T00:00:00.000Z',
          stage: 'catering',
          rating: { value: 1, min: 1, max: 5 },
        },
      },
      { kind: 'skip', code: 'nothing-said', message: 'neither text nor rating: nobody said anything here' },
    ],
  },
  {
    name: 'a ticket is the word of the customer, the reply and the claim, each at its own time',
    settings: tickets,
    value: {
      id: '1244',
      mail: ' Ann@Example.org ',
      created: '2026-03-04 10:00',
      description: 'No parcel.',
      first_reply_at: '2026-03-04 12:00',
      solved_at: '2026-03-06 09:00',
    },
    outcomes: [
      {
        kind: 'signal',
        signal: {
          ...signal,
          kind: 'ticket',
          subject: '1244',
          thread: '1244',
          customer: mail,
          occurredAt: '2026-03-04T09:00:00.000Z',
          text: 'No parcel.',
          status: 'new',
        },
        warnings: [openKeyWarning],
      },
      {
        kind: 'signal',
        signal: {
          ...signal,
          kind: 'ticket',
          subject: '1244/reply',
          thread: '1244',
          customer: mail,
          occurredAt: '2026-03-04T11:00:00.000Z',
          author: 'staff',
        },
        warnings: [openKeyWarning],
      },
      {
        kind: 'signal',
        signal: {
          ...signal,
          kind: 'ticket',
          subject: '1244/solved',
          thread: '1244',
          customer: mail,
          occurredAt: '2026-03-06T08:00:00.000Z',
          author: 'staff',
          status: 'solved',
        },
        warnings: [openKeyWarning],
      },
    ],
  },
  {
    name: 'what has no time did not happen',
    settings: tickets,
    value: {
      id: '1245',
      mail: '',
      created: '2026-03-04 10:00',
      description: 'No parcel.',
      first_reply_at: '',
      solved_at: ' ',
    },
    outcomes: [
      {
        kind: 'signal',
        signal: {
          ...signal,
          kind: 'ticket',
          subject: '1245',
          thread: '1245',
          occurredAt: '2026-03-04T09:00:00.000Z',
          text: 'No parcel.',
          status: 'new',
        },
        warnings: [openKeyWarning],
      },
      {
        kind: 'skip',
        code: 'no-time',
        message: 'occurredAt (column "first_reply_at") is empty: it did not happen',
      },
      { kind: 'skip', code: 'no-time', message: 'occurredAt (column "solved_at") is empty: it did not happen' },
    ],
  },
  {
    name: 'a name where an e-mail address should stand',
    settings: tickets,
    value: {
      id: '1246',
      mail: 'Ann',
      created: '2026-03-04 10:00',
      description: 'No parcel.',
      first_reply_at: '',
      solved_at: '',
    },
    outcomes: [
      {
        kind: 'reject',
        code: 'invalid',
        message:
          'customer (column "mail"): this is no e-mail address: read it without as: email, or translate it with map',
      },
      {
        kind: 'skip',
        code: 'no-time',
        message: 'occurredAt (column "first_reply_at") is empty: it did not happen',
      },
      { kind: 'skip', code: 'no-time', message: 'occurredAt (column "solved_at") is empty: it did not happen' },
    ],
  },
  {
    name: 'a row that a condition leaves out',
    settings: {
      columns: { kind: { constant: 'ticket' }, occurredAt: 'at', text: 'words' },
      when: [
        { column: 'state', is: ['open', 'pending'] },
        { column: 'spam', isNot: 'yes' },
      ],
    },
    value: { at: '2026-03-04', words: 'No parcel.', state: 'open', spam: 'yes' },
    outcomes: [{ kind: 'skip', code: 'condition', message: 'spam is "yes"' }],
  },
  {
    name: 'a statement that a condition leaves out',
    settings: {
      columns: { kind: { constant: 'ticket' }, subject: 'id', occurredAt: 'at' },
      statements: [
        { columns: { text: 'words' } },
        {
          name: 'solved',
          when: { column: 'state', is: 'done' },
          columns: { author: { constant: 'bot' }, status: { column: 'state', map: { done: 'solved' } } },
        },
      ],
    },
    value: { id: '7', at: '2026-03-04', words: 'No parcel.', state: 'waiting' },
    outcomes: [
      {
        kind: 'signal',
        signal: {
          ...signal,
          kind: 'ticket',
          subject: '7',
          occurredAt: '2026-03-04T00:00:00.000Z',
          text: 'No parcel.',
        },
      },
      { kind: 'skip', code: 'condition', message: 'state is not "done"' },
    ],
  },
  {
    name: 'ids that hold in this source only are told apart from those of others',
    settings: {
      prefix: true,
      columns: { kind: { constant: 'lifecycle' }, customer: 'account', occurredAt: 'day', 'lifecycle.event': 'what' },
    },
    value: { account: '0017', day: '2026-03-04', what: 'Churned' },
    outcomes: [
      {
        kind: 'signal',
        signal: {
          ...signal,
          kind: 'lifecycle',
          subject: 'row:SUBJECT',
          customer: 'sample:0017',
          occurredAt: '2026-03-04T00:00:00.000Z',
          lifecycle: { event: 'churned' },
        },
      },
    ],
  },
];
