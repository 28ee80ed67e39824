// Rows that fill every field of a signal, and a header that is none: examples of the manual and cases of the suite.
import type { SourceSample } from '../define.ts';

const signal = { source: 'sample', op: 'upsert', customer: null, version: 0 } as const;

export const fieldSamples: readonly SourceSample[] = [
  {
    name: 'every field of a signal can be filled from a column',
    value: {
      kind: 'ticket',
      source: 'desk',
      subject: 't1',
      version: '3',
      op: 'upsert',
      thread: 't1',
      customer: 'acme',
      contact: 'ann',
      occurredAt: '2026-03-04',
      observedAt: '2026-03-05',
      stage: 'delivery',
      author: 'customer',
      text: 'No parcel.',
      language: 'en',
      status: 'open',
      solicited: 'no',
      url: 'https://desk.example/t1',
      'promise.what': 'reply',
      'promise.dueAt': '2026-03-06',
      'promise.keptAt': '2026-03-05',
    },
    outcomes: [
      {
        kind: 'signal',
        signal: {
          kind: 'ticket',
          source: 'desk',
          subject: 't1',
          version: 3,
          op: 'upsert',
          thread: 't1',
          customer: 'acme',
          contact: 'ann',
          occurredAt: '2026-03-04T00:00:00.000Z',
          observedAt: '2026-03-05T00:00:00.000Z',
          stage: 'delivery',
          author: 'customer',
          text: 'No parcel.',
          language: 'en',
          status: 'open',
          solicited: false,
          url: 'https://desk.example/t1',
          promise: { what: 'reply', dueAt: '2026-03-06T00:00:00.000Z', keptAt: '2026-03-05T00:00:00.000Z' },
        },
      },
    ],
  },
  {
    name: 'what the company believes',
    value: {
      kind: 'belief',
      subject: 'kpi:march',
      occurredAt: '2026-04-01',
      stage: 'delivery',
      'belief.share': '0,93',
      'belief.n': '1200',
      'belief.from': '2026-03-01',
      'belief.to': '2026-04-01',
      'belief.what': 'KPI',
    },
    outcomes: [
      {
        kind: 'signal',
        signal: {
          ...signal,
          kind: 'belief',
          subject: 'kpi:march',
          occurredAt: '2026-04-01T00:00:00.000Z',
          stage: 'delivery',
          belief: {
            share: 0.93,
            n: 1_200,
            from: '2026-03-01T00:00:00.000Z',
            to: '2026-04-01T00:00:00.000Z',
            what: 'kpi',
          },
        },
      },
    ],
  },
  {
    name: 'the header of a second file that was put behind the first',
    value: { kind: 'kind', occurredAt: 'occurredAt', text: 'text', 'text (2)': 'text', 'column 5': '' },
    outcomes: [
      { kind: 'skip', code: 'header-again', message: 'the names of the columns stand here again: two files in one?' },
    ],
  },
];
