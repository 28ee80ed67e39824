// Whether the parts of a process answer, asked every few seconds: for readiness and for metrics, and said once a change.
import { setTimeout as pause } from 'node:timers/promises';
import type { HealthCheck } from '@gapwatch/console';
import { topicNames } from '@gapwatch/contracts';
import type { Logger } from '@gapwatch/runtime';
import { askBucket, type Parts } from './parts.ts';
import { needs, type Role } from './roles.ts';

export type PartsWatch = {
  /** as they were when they were last asked */
  readonly checks: () => readonly HealthCheck[];
  stop(): Promise<void>;
};

const everyMs = 2_000;
const answerWithinMs = 5_000;

/** A cheap question for each part that the roles need. */
function questionsOf(
  { log, state, archive }: Parts,
  roles: ReadonlySet<Role>,
): ReadonlyMap<string, () => Promise<unknown>> {
  const questions = new Map<string, () => Promise<unknown>>([['kafka', () => log.marks(topicNames.friction, 0)]]);
  if (needs(roles, 'redis')) questions.set('redis', () => state.partition('local', 0).position());
  if (needs(roles, 's3') && archive !== null) questions.set('s3', () => askBucket(archive));
  return questions;
}

export function watchParts(
  parts: Parts,
  roles: ReadonlySet<Role>,
  logger: Pick<Logger, 'warn' | 'info'>,
  onChange: (part: string, isUp: boolean) => void,
): PartsWatch {
  const questions = questionsOf(parts, roles);
  const known = new Map<string, HealthCheck>([...questions.keys()].map((name) => [name, { name, ok: true }]));
  const stopping = new AbortController();
  const learn = (name: string, fault: Error | null) => {
    const wasUp = known.get(name)?.ok ?? true;
    // in words that name no address: anybody may ask whether the process is ready
    known.set(name, fault === null ? { name, ok: true } : { name, ok: false, detail: fault.name });
    onChange(name, fault === null);
    if (wasUp && fault !== null) logger.warn({ part: name, error: fault.message }, 'a part does not answer');
    if (!wasUp && fault === null) logger.info({ part: name }, 'a part answers again');
  };
  const running = run(questions, learn, stopping.signal);
  return {
    checks: () => [...known.values(), ...waitingFor(parts.waiting)],
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** A part may answer questions and yet let nobody read. */
function waitingFor(groups: Parts['waiting']): HealthCheck[] {
  return [...groups].map(([group, fault]) => ({ name: 'kafka', ok: false, detail: `${group} waits: ${fault}` }));
}

async function run(
  questions: ReadonlyMap<string, () => Promise<unknown>>,
  learn: (name: string, fault: Error | null) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await Promise.all([...questions].map(async ([name, ask]) => learn(name, await faultOf(ask))));
    await pause(everyMs, undefined, { signal }).catch(() => {});
  }
}

class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** null where the part answered. */
async function faultOf(ask: () => Promise<unknown>): Promise<Error | null> {
  const late = Promise.withResolvers<Error>();
  const timer = setTimeout(() => late.resolve(new NoAnswer('no answer in time')), answerWithinMs);
  const asked = ask().then(
    () => null,
    (error: Error) => error,
  );
  return Promise.race([asked, late.promise]).finally(() => clearTimeout(timer));
}
