// The OpenAPI 3.1 document, made from the table of routes and its schemas.
import { z } from 'zod';
import type { Route } from './routes.ts';
import { problemSchema } from './schemas.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
  return rest;
}

const problems: Readonly<Record<number, string>> = {
  400: 'The query or the body cannot be understood',
  401: 'A token is needed',
  403: 'The role does not reach, or a foreign page asked',
  404: 'There is no such thing',
  413: 'A body of at most 1 MiB is taken',
  415: 'The body is no JSON',
  421: 'A foreign host, while no tokens are configured',
  500: 'Something failed here',
  503: 'Not ready, or the log takes nothing at the moment',
};

function problemResponses(statuses: readonly number[]): JsonObject {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(statuses.map((status) => [status, { description: problems[status], content }]));
}

function parametersOf(route: Route): JsonObject[] {
  const isNamed = route.url.includes(':id');
  const path = isNamed ? [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }] : [];
  const asked = Object.entries('query' in route ? route.query.shape : {}).map(([name, schema]) => {
    const described = schemaOf(schema as z.ZodType, 'input');
    return { name, in: 'query', required: false, schema: described };
  });
  return [...path, ...asked];
}

function jsonOf(schema: JsonObject): JsonObject {
  return { 'application/json': { schema } };
}

function goodResponse(route: Route): JsonObject {
  const content = jsonOf(schemaOf(route.response, 'output'));
  if ('body' in route) return { 202: { description: 'The log has it', content } };
  const table = route.csv !== undefined && { 'text/csv': { schema: { type: 'string' } } };
  return { 200: { description: 'As asked', content: { ...content, ...table } } };
}

function operationOf(route: Route): JsonObject {
  const isOpen = route.access === 'open';
  return {
    summary: route.summary,
    ...(!isOpen && { security: [{ bearer: [] }] }),
    'x-access': route.access,
    parameters: parametersOf(route),
    ...('body' in route && { requestBody: { content: jsonOf(schemaOf(route.body, 'input')) } }),
    responses: {
      ...goodResponse(route),
      ...problemResponses([...route.problems, ...(isOpen ? [] : [401, 403]), 421, 500]),
    },
  };
}

/** `others`: path items of whatever else answers on the same port. */
export function openApiOf(routes: readonly Route[], version: string, others: JsonObject): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const route of routes) {
    const path = route.url.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], ['body' in route ? 'post' : 'get']: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Gapwatch',
      version,
      description: 'Friction per stage of the customer journey, and alerts on gaps that widen.',
    },
    paths: { ...paths, ...others },
    components: {
      schemas: { Problem: schemaOf(problemSchema, 'output') },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
    },
  };
}
