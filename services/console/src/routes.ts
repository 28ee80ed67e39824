// Every address of the API with who may use it, what it takes and what it gives: the server and the OpenAPI document
// are both made from this one table.
import type { Configuration } from '@gapwatch/contracts';
import type { Access } from '@gapwatch/runtime';
import type { z } from 'zod';
import { readAlert, readAlerts } from './alerts.ts';
import { type Customers, customersQuery, customersSchema } from './concerned.ts';
import { customersCsv, readCustomers } from './customers.ts';
import * as schemas from './schemas.ts';
import { readSources, type SourceCounts } from './sources.ts';
import { readStages } from './stages.ts';
import type { StateReader } from './state.ts';
import { readWindows } from './windows.ts';

export type RouteFacts = {
  readonly reader: StateReader;
  readonly configuration: Configuration;
  readonly sourceCounts?: () => Promise<ReadonlyMap<string, SourceCounts>>;
};

type Common = {
  readonly url: string;
  readonly access: Access;
  readonly summary: string;
  readonly response: z.ZodType;
  /** problems that it may answer beside those of every route */
  readonly problems: readonly number[];
};

/** What is read. */
export type GetRoute = Common & {
  readonly query: z.ZodObject;
  // the query was checked against `query` above
  readonly answer: (query: never, id: string) => Promise<unknown>;
  /** the answer as a table, where it has that form: for `format=csv` or who accepts `text/csv` only */
  readonly csv?: (answer: unknown) => string;
};

/** What is taken: answered with 202 when the log has it. */
export type PostRoute = Common & {
  readonly body: z.ZodObject;
  // the body was checked against `body` above
  readonly answer: (body: never, who: { readonly id: string; readonly by: string }) => Promise<unknown>;
};

export type Route = GetRoute | PostRoute;

/** One route; the type of its query follows from its schema. */
export function route<Q extends z.ZodObject>(
  one: Omit<GetRoute, 'query' | 'answer'> & { query: Q; answer: (query: z.infer<Q>, id: string) => Promise<unknown> },
): GetRoute {
  return one;
}

/** One route that takes a body; the type of the body follows from its schema. */
export function post<B extends z.ZodObject>(
  one: Omit<PostRoute, 'body' | 'answer'> & {
    body: B;
    answer: (body: z.infer<B>, who: { readonly id: string; readonly by: string }) => Promise<unknown>;
  },
): PostRoute {
  return one;
}

export function routesOf(facts: RouteFacts): readonly GetRoute[] {
  const { reader, configuration } = facts;
  const stages = cached(reader, () => readStages(reader, configuration, {}));
  return [
    route({
      url: '/v1/stages',
      access: 'read',
      summary: 'Every stage: gaps, friction, coverage, open alert, freshness',
      query: schemas.stagesQuery,
      response: schemas.stagesSchema,
      problems: [400],
      answer: (query) => (Object.keys(query).length === 0 ? stages() : readStages(reader, configuration, query)),
    }),
    route({
      url: '/v1/stages/:id/windows',
      access: 'read',
      summary: 'The windows of one stage, the oldest first; empty ones are left out',
      query: schemas.windowsQuery,
      response: schemas.windowsSchema,
      problems: [400, 404],
      answer: (query, id) => readWindows(reader, configuration, id, query),
    }),
    route({
      url: '/v1/alerts',
      access: 'read',
      summary: 'Alerts, newest first',
      query: schemas.alertsQuery,
      response: schemas.alertsSchema,
      problems: [400],
      answer: (query) => readAlerts(reader, configuration, query),
    }),
    route({
      url: '/v1/alerts/:id',
      access: 'read',
      summary: 'One alert with its history',
      query: schemas.noQuery,
      response: schemas.alertSchema,
      problems: [400, 404],
      answer: (_query, id) => readAlert(reader, configuration, id),
    }),
    route({
      url: '/v1/alerts/:id/customers',
      access: 'operate',
      summary: 'Whom it concerns: customers with an open issue at its stage; open ones first, most contacts first',
      query: customersQuery,
      response: customersSchema,
      problems: [400, 404],
      answer: (query, id) => readCustomers(reader, id, query),
      csv: (answer) => customersCsv((answer as Customers).items),
    }),
    route({
      url: '/v1/sources',
      access: 'read',
      summary: 'The configured sources: what each has given, and when last',
      query: schemas.noQuery,
      response: schemas.sourcesSchema,
      problems: [400],
      answer: () => readSources(facts),
    }),
  ];
}

/** Answers from memory while the state stands still: a page that asks every few seconds costs two reads. */
function cached<T>(reader: StateReader, read: () => Promise<T>): () => Promise<T> {
  let known: { version: string; answer: Promise<T> } | null = null;
  return async () => {
    const version = await reader.version();
    if (known?.version === version) return known.answer;
    const reading = { version, answer: read() };
    known = reading;
    reading.answer.catch(() => {
      if (known === reading) known = null;
    });
    return reading.answer;
  };
}
