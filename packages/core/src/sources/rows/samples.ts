// Rows and what they become: the examples of the manual and the cases of the suite over all sources.
import type { SourceSample } from '../define.ts';

const signal = { source: 'sample', op: 'upsert', customer: null, version: 0 } as const;

const reviews = {
  columns: {
    kind: { constant: 'review' },
    subject: 'id',
    occurredAt: { column: 'date', format: 'DD/MM/YYYY' },
    text: 'comment',
    rating: { column: 'stars', scale: { min: 1, max: 5 } },
  },
};

export const csvSamples: readonly SourceSample[] = [
  {
    name: 'columns that are named like fields need no mapping',
    value: {
      kind: 'feedback',
      subject: 'answer:1',
      customer: '0017',
      occurredAt: '2026-03-04 05:06',
      text: 'No reply since.',
      rating: '3',
      'rating.min': '0',
      'rating.max': '10',
      'segment.plan': 'pro',
      'attributes.queue': 'shipping',
      solicited: 'yes',
    },
    outcomes: [
      {
        kind: 'signal',
        signal: {
          ...signal,
          kind: 'feedback',
          subject: 'answer:1',
          customer: '0017',
          occurredAt: '2026-03-04T05:06:00.000Z',
          text: 'No reply since.',
          rating: { value: 3, min: 0, max: 10 },
          segment: { plan: 'pro' },
          attributes: { queue: 'shipping' },
          solicited: true,
        },
      },
    ],
  },
  {
    name: 'named columns, a constant, a named format of dates',
    settings: reviews,
    value: { id: '77', date: '4/03/2026', comment: ' Slow, but friendly. ', stars: '4.0' },
    outcomes: [
      {
        kind: 'signal',
        signal: {
          ...signal,
          kind: 'review',
          subject: '77',
          occurredAt: '2026-03-04T00:00:00.000Z',
          text: 'Slow, but friendly.',
          rating: { value: 4, min: 1, max: 5 },
        },
      },
    ],
  },
  {
    name: 'a scale whose lowest number is best is turned round, texts are translated, a zone holds for dates',
    settings: {
      zone: 'Europe/London',
      key: ['respondent', 'question'],
      columns: {
        kind: { constant: 'feedback' },
        customer: 'respondent',
        occurredAt: { column: 'answered', format: 'DD/MM/YYYY HH:mm' },
        text: { column: 'answer', map: { 'Did not answer': null } },
        rating: { column: 'recommend', scale: { min: 1, max: 5, reversed: true }, map: { 6: null } },
      },
    },
    value: {
      respondent: 'R/9',
      question: '2',
      answered: '01/07/2022 10:30',
      answer: 'Did not answer',
      recommend: '2',
    },
    outcomes: [
      {
        kind: 'signal',
        signal: {
          ...signal,
          kind: 'feedback',
          subject: 'row:R%2F9/2',
          customer: 'R/9',
          occurredAt: '2022-07-01T09:30:00.000Z',
          rating: { value: 4, min: 1, max: 5 },
        },
      },
    ],
  },
  {
    name: 'a row without an id is named by its content and the count of such rows',
    value: { kind: 'review', occurredAt: '2026-03-04', text: 'Good.' },
    headers: { line: '9', 'gapwatch-occurrence': '2' },
    outcomes: [
      {
        kind: 'signal',
        signal: {
          ...signal,
          kind: 'review',
          subject: 'row:SUBJECT/2',
          occurredAt: '2026-03-04T00:00:00.000Z',
          text: 'Good.',
        },
      },
    ],
  },
  {
    name: 'columns that no field takes are named once',
    settings: reviews,
    value: { id: '78', date: '04/03/2026', comment: 'Fine.', stars: '', colour: 'red' },
    outcomes: [
      {
        kind: 'signal',
        signal: {
          ...signal,
          kind: 'review',
          subject: '78',
          occurredAt: '2026-03-04T00:00:00.000Z',
          text: 'Fine.',
        },
        warnings: ['columns that no field takes: "colour"'],
      },
    ],
  },
  {
    name: 'neither text nor rating',
    settings: reviews,
    value: { id: '79', date: '04/03/2026', comment: ' ', stars: '' },
    outcomes: [{ kind: 'skip', code: 'nothing-said', message: 'neither text nor rating: nobody said anything here' }],
  },
  {
    name: 'an empty row',
    value: { kind: '', occurredAt: ' ', text: '' },
    outcomes: [{ kind: 'skip', code: 'empty-row', message: 'every cell of the row is empty' }],
  },
  {
    name: 'a day that does not exist',
    settings: reviews,
    value: { id: '80', date: '31/02/2014', comment: 'Fine.', stars: '4' },
    outcomes: [
      {
        kind: 'reject',
        code: 'invalid',
        message: 'occurredAt (column "date"): "31/02/2014": that month has 28 days',
      },
    ],
  },
  {
    name: 'a date that may begin with the day or the month',
    value: { kind: 'review', occurredAt: '03/04/2014', text: 'Good.' },
    outcomes: [
      {
        kind: 'reject',
        code: 'invalid',
        message:
          'occurredAt: "03/04/2014" may begin with the day or with the month: name it, such as format: DD/MM/YYYY or format: MM/DD/YYYY',
      },
    ],
  },
  {
    name: 'a rating off its scale',
    settings: reviews,
    value: { id: '81', date: '04/03/2026', comment: '', stars: '7' },
    outcomes: [
      {
        kind: 'reject',
        code: 'invalid',
        message: 'rating (column "stars"): value must lie between min and max, this is {"value":7,"min":1,"max":5}',
      },
    ],
  },
  {
    name: 'a column that the file does not have',
    settings: { columns: { ...reviews.columns, text: 'coment' } },
    value: { id: '82', date: '04/03/2026', comment: 'Fine.', stars: '4' },
    outcomes: [
      {
        kind: 'reject',
        code: 'no-column',
        message: 'the file has no column "coment"; its columns are "id", "date", "comment", "stars"',
      },
    ],
  },
];
