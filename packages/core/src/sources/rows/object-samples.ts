// JSON objects and what they become: examples of the manual and cases of the suite.
import type { SourceSample } from '../define.ts';

const signal = { source: 'sample', op: 'upsert', customer: null, version: 0 } as const;

const tickets = {
  columns: {
    kind: { constant: 'ticket' },
    subject: 'ticket.id',
    thread: 'ticket.id',
    customer: 'ticket.requester.id',
    'attributes.queue': 'ticket.queue',
  },
  statements: [
    { columns: { occurredAt: 'ticket.created', text: 'ticket.subject', status: { constant: 'new' } } },
    {
      each: 'ticket.comments',
      name: 'comment',
      key: ['id'],
      when: { column: 'public', is: true },
      columns: {
        occurredAt: 'at',
        text: 'body',
        author: { column: 'by', map: { agent: 'staff', '*': 'customer' } },
        'attributes.channel': '$.ticket.via',
      },
    },
  ],
};

const ticket = {
  ticket: {
    id: 1244,
    created: '2026-03-04T10:00:00Z',
    subject: 'No parcel.',
    requester: { id: 77 },
    queue: 'shipping',
    via: 'mail',
    comments: [
      { id: 9, at: '2026-03-04T12:00:00Z', body: 'It is on its way.', by: 'agent', public: true },
      { id: 10, at: '2026-03-04T12:05:00Z', body: 'Check with the courier.', by: 'agent', public: false },
    ],
  },
};

const survey = {
  columns: {
    kind: { constant: 'feedback' },
    subject: 'response',
    customer: 'customer.id',
    occurredAt: { column: 'at', format: 'unix' },
    text: 'answers.1.value',
    rating: { column: 'answers.0.value', scale: { min: 0, max: 10 } },
    'segment.plan': 'customer.plan.name',
  },
};

const answer = {
  response: 'a1',
  at: 1_772_600_767,
  customer: { id: 'c9', 'plan.name': 'pro' },
  answers: [{ value: 3 }, { value: 'No reply since.' }],
};

const answerSignal = {
  ...signal,
  kind: 'feedback',
  subject: 'a1',
  customer: 'c9',
  occurredAt: '2026-03-04T05:06:07.000Z',
  text: 'No reply since.',
  rating: { value: 3, min: 0, max: 10 },
  segment: { plan: 'pro' },
} as const;

export const ndjsonSamples: readonly SourceSample[] = [
  {
    name: 'keys that are named like fields need no mapping',
    value: {
      kind: 'review',
      occurredAt: '2026-03-04',
      text: 'Good.',
      rating: { value: 4, min: 1, max: 5 },
      attributes: { queue: 'shipping', urgent: true },
      colour: 'red',
    },
    headers: { 'gapwatch-occurrence': '2' },
    outcomes: [
      {
        kind: 'signal',
        signal: {
          ...signal,
          kind: 'review',
          subject: 'row:SUBJECT/2',
          occurredAt: '2026-03-04T00:00:00.000Z',
          text: 'Good.',
          rating: { value: 4, min: 1, max: 5 },
          attributes: { queue: 'shipping', urgent: 'true' },
        },
        warnings: ['columns that no field takes: "colour"'],
      },
    ],
  },
  {
    name: 'paths lead into objects and lists; a key that is called like the rest of a path goes before',
    settings: survey,
    value: answer,
    outcomes: [{ kind: 'signal', signal: answerSignal }],
  },
  {
    name: 'the comments of a ticket are statements beside it',
    settings: tickets,
    value: ticket,
    outcomes: [
      {
        kind: 'signal',
        signal: {
          ...signal,
          kind: 'ticket',
          subject: '1244',
          thread: '1244',
          customer: '77',
          occurredAt: '2026-03-04T10:00:00.000Z',
          text: 'No parcel.',
          status: 'new',
          attributes: { queue: 'shipping' },
        },
      },
      {
        kind: 'signal',
        signal: {
          ...signal,
          kind: 'ticket',
          subject: '1244/comment/9',
          thread: '1244',
          customer: '77',
          occurredAt: '2026-03-04T12:00:00.000Z',
          author: 'staff',
          text: 'It is on its way.',
          attributes: { queue: 'shipping', channel: 'mail' },
        },
      },
      { kind: 'skip', code: 'condition', message: 'public is not "true"' },
    ],
  },
  {
    name: 'a path that leads nowhere is told what is there',
    settings: { columns: { ...survey.columns, subject: 'customer.ident' } },
    value: answer,
    outcomes: [
      {
        kind: 'reject',
        code: 'no-column',
        message: 'subject: there is no "customer.ident"; the keys of "customer" are "id", "plan.name"',
      },
    ],
  },
  {
    name: 'a path that leads to an object is asked to go on',
    settings: { columns: { ...survey.columns, text: 'customer' } },
    value: answer,
    outcomes: [
      {
        kind: 'reject',
        code: 'invalid',
        message: 'text (path "customer"): an object: name what is meant in it: NAME.id, NAME.plan.name',
      },
    ],
  },
  {
    name: 'words that are not there are nothing said, and the keys that are there are named',
    settings: { columns: { kind: { constant: 'review' }, occurredAt: 'at', text: 'coment' } },
    value: { at: '2026-03-04', comment: 'Fine.' },
    outcomes: [
      {
        kind: 'skip',
        code: 'nothing-said',
        message:
          'neither text nor rating: nobody said anything here; text: there is no "coment"; the keys here are "at", "comment"',
      },
    ],
  },
  {
    name: 'an id whose digits were lost is refused',
    settings: survey,
    value: '{"response":12345678901234567890,"at":1772600767,"answers":[{"value":3}]}',
    outcomes: [
      {
        kind: 'reject',
        code: 'invalid',
        message:
          'subject (path "response"): 12345678901234567000 has lost digits on its way: it must come as text, in quotes',
      },
    ],
  },
  {
    name: 'an object without anything in it',
    settings: survey,
    value: {},
    outcomes: [{ kind: 'skip', code: 'empty-row', message: 'every cell of the row is empty' }],
  },
  {
    name: 'a list is no line',
    settings: survey,
    value: [answer],
    outcomes: [
      {
        kind: 'reject',
        code: 'not-object',
        message: 'a JSON object is needed, this is an array: send its elements one by one',
      },
    ],
  },
];

export const objectSamples: readonly SourceSample[] = [
  ...ndjsonSamples.filter(({ value }) => !Array.isArray(value)),
  {
    name: 'a list is a batch: what is wrong with one element costs no other',
    settings: survey,
    value: [answer, 7, { ...answer, response: 'a2' }],
    outcomes: [
      { kind: 'signal', signal: answerSignal },
      { kind: 'reject', code: 'not-object', message: 'a JSON object is needed, this is a number' },
      { kind: 'signal', signal: { ...answerSignal, subject: 'a2' } },
    ],
  },
  {
    name: 'equal elements without an id are told apart',
    value: [
      { kind: 'review', occurredAt: '2026-03-04', text: 'Good.' },
      { occurredAt: '2026-03-04', kind: 'review', text: 'Good.' },
    ],
    outcomes: ['row:SUBJECT', 'row:SUBJECT/2'].map((subject) => ({
      kind: 'signal',
      signal: { ...signal, kind: 'review', subject, occurredAt: '2026-03-04T00:00:00.000Z', text: 'Good.' },
    })),
  },
  {
    name: 'an empty list',
    value: [],
    outcomes: [{ kind: 'skip', code: 'empty-row', message: 'an empty list: nothing to read' }],
  },
  {
    name: 'a list of statements that is empty',
    settings: { statements: [tickets.statements[1]], columns: tickets.columns },
    value: { ticket: { ...ticket.ticket, comments: [] } },
    outcomes: [{ kind: 'skip', code: 'nothing-said', message: 'the lists of its statements are empty' }],
  },
];
