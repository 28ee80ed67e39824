// Every error that leaves over HTTP is a problem document (RFC 9457): what is wrong, where, what to do, and an id
// under which the log has the cause. Never a stack, a path or a secret.
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

/** One fault of a request: where it stands and what to write instead. */
export type Fault = { readonly path: string; readonly message: string };

type ProblemOptions = {
  readonly faults?: readonly Fault[];
  readonly headers?: Readonly<Record<string, string>>;
  /** for the log alone */
  readonly cause?: unknown;
};

/** Thrown by a handler to answer with a problem document. `code` is stable, `detail` is for a person. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly faults: readonly Fault[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, detail: string, { faults = [], headers = {}, cause }: ProblemOptions = {}) {
    super(detail, { cause });
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.faults = faults;
    this.headers = headers;
  }
}

const titles: Readonly<Record<number, string>> = {
  400: 'The request cannot be understood',
  401: 'A token is needed',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'The request took too long',
  413: 'Too large',
  414: 'The address is too long',
  415: 'Media type not taken',
  421: 'Not this host',
  429: 'Too many requests',
  431: 'The header is too large',
  500: 'Something failed here',
  503: 'Not ready',
};

/** The document of a problem; `id` is the id of the request, which the log carries too. */
export function problemDocument(problem: Problem, id: string): Readonly<Record<string, unknown>> {
  return {
    type: `urn:gapwatch:problem:${problem.code}`,
    title: titles[problem.status] ?? 'Refused',
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    instance: `urn:gapwatch:request:${id}`,
    ...(problem.faults.length > 0 && { errors: problem.faults }),
  };
}

/** What the framework itself refuses, in our words. */
const frameworkProblems: Readonly<Record<number, readonly [code: string, detail: string]>> = {
  400: ['not-understood', 'The body or the address is broken: send valid JSON, and escape what stands in the address.'],
  408: ['too-slow', 'The request did not arrive in time: send it again, in smaller parts.'],
  413: ['too-large', 'A body of at most 1 MiB is taken: split it.'],
  414: ['too-long', 'The address is too long.'],
  415: ['media-type', 'This media type is not taken: send application/json.'],
};

/** Any error as a problem; what nobody foresaw becomes a 500 that says nothing of its cause. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const status = (error as Partial<FastifyError> | null)?.statusCode ?? 500;
  const known = status >= 400 && status < 500 ? frameworkProblems[status] : undefined;
  if (known !== undefined) return new Problem(status, known[0], known[1]);
  if (status >= 400 && status < 500) return new Problem(400, ...frameworkProblems[400]!);
  return new Problem(500, 'failed', 'It is our fault. The log has the cause under the id in `instance`.');
}

export function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply
    .code(problem.status)
    .headers(problem.headers)
    .header('cache-control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(problemDocument(problem, request.id)));
}
