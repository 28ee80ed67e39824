// Whether the process does its work: alive while it makes progress, ready while nothing that it needs has stopped.
import type { Health, HealthCheck } from '@gapwatch/console';
import type { Clock, Service } from '@gapwatch/runtime';
import { DeadLetterStorm, type LoopFailure } from '@gapwatch/transport';

/** What is known of a process that runs services; `isOpen` once everything from before is folded. */
export type Condition = {
  isOpen: boolean;
  services: readonly Service[];
  readonly failures: LoopFailure[];
};

/** Records wait and nothing has moved for this long: the process is stuck. */
const stuckAfterMs = 60_000;

export function healthOf(condition: Condition, clock: Clock): Health {
  return {
    live: () => !condition.services.some((service) => isStuck(service, condition, clock.now())),
    ready: async () => [checkOpen(condition), ...condition.services.map((service) => checkService(service, condition))],
  };
}

/** A partition that has stopped for good has said so; a restart would not help it. */
export function hasStopped({ failures }: Condition, topic: string, partition: number): boolean {
  return failures.some((failure) => failure.topic === topic && failure.partition === partition);
}

function isStuck(service: Service, condition: Condition, now: number): boolean {
  return service.progress().some(({ topic, partition, position, high, lastProgressMs, waitsFor }) => {
    return (
      !hasStopped(condition, topic, partition) &&
      waitsFor === null &&
      position < high &&
      now - lastProgressMs > stuckAfterMs
    );
  });
}

function checkOpen({ isOpen }: Condition): HealthCheck {
  return isOpen
    ? { name: 'start', ok: true }
    : { name: 'start', ok: false, detail: 'what was there before is being read' };
}

export function checkService(service: Service, { failures }: Condition): HealthCheck {
  const { name } = service;
  const failure = failures.find((one) => one.service === name);
  if (failure === undefined) return checkWaiting(service);
  const { topic, partition, error } = failure;
  return { name, ok: false, detail: `${topic}/${partition} has stopped: ${error.name}${remedyOf(error)}` };
}

function checkWaiting(service: Service): HealthCheck {
  const { name } = service;
  const waiting = service.progress().find(({ waitsFor }) => waitsFor !== null);
  if (waiting === undefined) return { name, ok: true };
  const { topic, partition, waitsFor } = waiting;
  return { name, ok: false, detail: `${topic}/${partition} waits: ${waitsFor}` };
}

/** In our words alone: the message of a fault may carry those of a customer. */
function remedyOf(error: Error): string {
  return error instanceof DeadLetterStorm ? '; mend the source or its configuration, then start again' : '';
}
