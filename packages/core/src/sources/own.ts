// A source of a user's own: one file whose default export is a function. It is handed all it needs, so that the file
// imports nothing and runs wherever it lies.
import type { Signal } from '@gapwatch/contracts';
import { z } from 'zod';
import { acceptSignal } from './accept.ts';
import { emailId } from './customers.ts';
import type { Mapping, Outcome, Payload, RejectOutcome, SkipOutcome, Source, SourceContext } from './define.ts';
import { reject, skip } from './define.ts';
import { explainIssues } from './explain.ts';
import type { JsonObject } from './payload.ts';
import { openObject } from './payload.ts';

/** A signal as its source wrote it, before it is checked and completed. */
export type OwnSignal = { readonly kind: 'signal'; readonly fields: Signal };
export type OwnOutcome = OwnSignal | SkipOutcome | RejectOutcome;

/** What a mapping is told beside the payload. */
export type OwnContext<Settings = unknown> = Pick<SourceContext, 'sourceId' | 'receivedAt'> & {
  readonly headers: Payload['headers'];
  readonly settings: Settings;
  /** the id of the customer behind an e-mail address, the same in every source */
  readonly emailId: (address: string) => string;
};

export type OwnDefinition<P extends z.ZodType = z.ZodType, S extends z.ZodObject = z.ZodObject> = {
  readonly title: string;
  /** options in the configuration beside `id`, `type` and `topic` */
  readonly settings?: S;
  readonly customerMayChange?: boolean;
  /** what one payload looks like; what does not is rejected with its fault */
  readonly payload: P;
  readonly map: (payload: z.output<P>, context: OwnContext<z.output<S>>) => OwnOutcome | readonly OwnOutcome[];
  readonly samples: readonly {
    readonly name: string;
    readonly value: unknown;
    readonly settings?: unknown;
    readonly headers?: Payload['headers'];
    readonly outcomes: readonly OwnOutcome[];
  }[];
};

/** What the function is handed. `defineSource` gives back what it takes: it is there for editors. */
export const sourceKit = {
  defineSource: <P extends z.ZodType, S extends z.ZodObject>(definition: OwnDefinition<P, S>) => definition,
  z,
  signal: (fields: Signal): OwnSignal => ({ kind: 'signal', fields }),
  skip,
  reject,
} as const;

const outcomeSchema = z.union([
  z.object({
    kind: z.literal('signal'),
    fields: z.custom<Signal>((fields) => typeof fields === 'object' && fields !== null),
  }),
  z.object({ kind: z.enum(['skip', 'reject']), code: z.string().min(1), message: z.string().min(1) }),
]) as z.ZodType<OwnOutcome>;
const outcomesSchema = z.union([outcomeSchema.transform((outcome) => [outcome]), z.array(outcomeSchema).min(1)]);

const aSchema = z.custom<z.ZodType>(
  (value) => value instanceof z.ZodType,
  'a schema is needed, such as z.object({ … })',
);
const definitionSchema = z.object({
  title: z.string().min(1),
  settings: z.instanceof(z.ZodObject).optional(),
  customerMayChange: z.boolean().optional(),
  payload: aSchema,
  map: z.custom<OwnDefinition['map']>((value) => typeof value === 'function', 'a function is needed'),
  samples: z
    .array(
      z.object({
        name: z.string().min(1),
        value: z.unknown(),
        settings: z.unknown().optional(),
        headers: z.record(z.string(), z.string()).optional(),
        outcomes: z.array(outcomeSchema).min(1),
      }),
    )
    .min(1, 'at least one is needed: a payload and what it becomes'),
});

/** Makes a source of what a file exports. Throws TypeError with what is wrong with it; what its function throws goes on. */
export function ownSource(type: string, exported: unknown): Source {
  if (typeof exported !== 'function') {
    throw new TypeError(
      'its default export is no function: begin with export default ({ defineSource, z, signal }) => defineSource({ … })',
    );
  }
  const parsed = definitionSchema.safeParse(exported(sourceKit));
  if (!parsed.success) throw new TypeError(parsed.error.issues.map(inWords).join('; '));
  return complete(type, parsed.data as OwnDefinition);
}

function inWords({ path, message }: z.core.$ZodIssue): string {
  return `${path.length === 0 ? 'what its function gives' : path.map(String).join('.')}: ${message}`;
}

function complete(type: string, definition: OwnDefinition): Source {
  const { title, customerMayChange = true, settings = z.strictObject({}), samples } = definition;
  const finish = (outcome: OwnOutcome) => accept(outcome, 'sample');
  return {
    type,
    title,
    customerMayChange,
    settings,
    create: (options) => mappingOf(type, definition, settings.parse(options)),
    samples: samples.map(({ outcomes, ...sample }) => ({ ...sample, outcomes: outcomes.map(finish) })),
  };
}

function accept(outcome: OwnOutcome, sourceId: string): Outcome {
  return outcome.kind === 'signal' ? acceptSignal(outcome.fields as JsonObject, sourceId) : outcome;
}

/** A mapping never throws: what its author did not think of is a rejection, kept and read again after a fix. */
function mappingOf(type: string, { payload: schema, map }: OwnDefinition, settings: JsonObject): Mapping {
  return (payload, { sourceId, receivedAt, customerKey }) => {
    const opened = openObject(payload);
    if ('outcome' in opened) return [opened.outcome];
    const parsed = schema.safeParse(opened.object);
    if (!parsed.success) return [reject('invalid', explainIssues(parsed.error.issues, opened.object))];
    const own = {
      sourceId,
      receivedAt,
      settings,
      headers: payload.headers,
      emailId: (mail: string) => emailId(mail, customerKey),
    };
    try {
      return outcomesSchema.parse(map(parsed.data, own)).map((outcome) => accept(outcome, sourceId));
    } catch (error) {
      return [reject('mapping-failed', mappingFault(type, error))];
    }
  };
}

function mappingFault(type: string, error: unknown): string {
  if (error instanceof z.ZodError)
    return `the mapping of ${type} must give signal(…), skip(…) or reject(…), or a list of them`;
  return `the mapping of ${type} threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
}
