// Liveness by progress, readiness by dependencies. They carry names of parts and no customer's id or words.
import { Problem } from '@gapwatch/runtime';
import type { HealthAnswer } from './schemas.ts';

export type HealthCheck = { readonly name: string; readonly ok: boolean; readonly detail?: string };
export type Health = {
  /** the process makes progress; never asks a dependency */
  readonly live: () => boolean;
  /** one entry for each part that must be there before work can be done */
  readonly ready: () => Promise<readonly HealthCheck[]>;
};

/** @throws Problem 503 */
export function answerLive({ live }: Health): HealthAnswer {
  if (!live()) throw new Problem(503, 'stuck', 'No progress: restart the process.');
  return { status: 'pass' };
}

/** @throws Problem 503 naming the parts that are missing */
export async function answerReady({ ready }: Health, isVerbose: boolean): Promise<HealthAnswer> {
  const checks = await ready();
  const failing = checks.filter(({ ok }) => !ok);
  if (failing.length > 0) {
    const faults = failing.map(({ name, detail }) => ({ path: name, message: detail ?? 'not ready' }));
    const names = [...new Set(failing.map(({ name }) => name))];
    throw new Problem(503, 'not-ready', `Not ready: ${names.join(', ')}.`, {
      faults,
      headers: { 'retry-after': '5' },
    });
  }
  return { status: 'pass', ...(isVerbose && { checks: [...checks] }) };
}
