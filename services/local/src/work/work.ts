// A worker: some services of the pipeline against Kafka, Redis and a bucket. What it opens it closes in reverse: first
// nothing more is taken in, then the services drain, then the parts are let go.
import { createReceivers } from '@gapwatch/notifier';
import { type Clock, createMetrics, type Environment, type Logger, type Metrics, type Tokens } from '@gapwatch/runtime';
import { type LoopFailure, type LoopSettings, startTicker } from '@gapwatch/transport';
import type { Condition } from '../running/health.ts';
import type { Settled } from '../settings/configuration.ts';
import { waitForAgreement } from './agreed.ts';
import { healthOf, type Liveness, watchProgress } from './health.ts';
import { serveHealth, serveRoles } from './http.ts';
import { openParts, type Parts, type PartsSettings } from './parts.ts';
import { needs, type Role, ticked } from './roles.ts';
import { servicesOf } from './services.ts';
import { type PartsWatch, watchParts } from './watch.ts';

export type WorkOptions = {
  readonly roles: ReadonlySet<Role>;
  readonly settings: PartsSettings;
  readonly settled: Settled;
  readonly host: string;
  readonly port: number;
  readonly tokens: Tokens | null;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly environment: Environment;
  /** where alerts are written, a line at a time */
  readonly write: (line: string) => void;
  /** ends the waiting for parts */
  readonly signal: AbortSignal;
};

export type Working = {
  readonly address: string;
  /** resolves when a partition has stopped for good */
  readonly failed: Promise<LoopFailure>;
  stop(): Promise<void>;
};

const tickEveryMs = 60_000;

/** Resolves when the services read and the port answers. @throws UsageError where it may not work */
export async function work(options: WorkOptions): Promise<Working> {
  const stack = new AsyncDisposableStack();
  try {
    return await open(options, stack);
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

type Worker = {
  readonly options: WorkOptions;
  readonly stack: AsyncDisposableStack;
  readonly condition: Condition;
  readonly metrics: Metrics;
  readonly parts: Parts;
  readonly watch: PartsWatch;
  readonly liveness: Liveness;
};

async function open(options: WorkOptions, stack: AsyncDisposableStack): Promise<Working> {
  const worker = openWorker(options, stack);
  const { parts, condition } = worker;
  const isAnswering = options.roles.has('gateway') || options.roles.has('console');
  // a worker without an API says from the beginning what it waits for
  const early = isAnswering ? null : await openPort(worker, (port) => serveHealth(port));
  const archive = needs(options.roles, 's3') ? parts.archive : null;
  const needsState = needs(options.roles, 'redis');
  const partitions = await waitForAgreement({ ...parts, archive, needsState }, options.settled, options.signal);
  const failed = Promise.withResolvers<LoopFailure>();
  await startServices(worker, partitions, failed.resolve);
  const serve = (port: Port) => serveRoles(options.roles, { ...options, ...port, parts, partitions });
  const address = early ?? (await openPort(worker, serve));
  condition.isOpen = true;
  return { address, failed: failed.promise, stop: () => stack.disposeAsync() };
}

function openWorker(options: WorkOptions, stack: AsyncDisposableStack): Worker {
  const { clock, logger, settings, roles } = options;
  const condition: Condition = { isOpen: false, services: [], failures: [] };
  const metrics = createMetrics(() => condition.services);
  const parts = openParts({ settings, clock, logger, clientId: `gapwatch-${[...roles].join('-')}` });
  stack.defer(() => parts.close());
  const watch = watchParts(parts, roles, logger, metrics.part);
  stack.defer(() => watch.stop());
  const liveness = watchProgress(condition, parts.log, clock);
  stack.defer(() => liveness.stop());
  return { options, stack, condition, metrics, parts, watch, liveness };
}

type Port = Parameters<typeof serveHealth>[0];

async function openPort(
  { options, stack, condition, metrics, watch, liveness }: Worker,
  serve: (port: Port) => ReturnType<typeof serveHealth>,
): Promise<string> {
  const { host, port, tokens, clock, logger } = options;
  const health = healthOf(condition, liveness.isLive, watch.checks);
  const { server, address } = await serve({ host, port, tokens, health, metrics, clock, logger });
  stack.defer(() => server.close());
  return address;
}

async function startServices(
  worker: Worker,
  partitions: number,
  onFailure: (failure: LoopFailure) => void,
): Promise<void> {
  const { options, stack, condition, parts } = worker;
  const { settled, logger, roles } = options;
  const receivers = createReceivers({ ...options, ...settled });
  const loop = loopOf(worker, onFailure);
  const warn = (source: string, warning: string) => logger.warn({ source }, warning);
  condition.services = await servicesOf(roles, { parts, settled, partitions, loop, receivers, warn });
  for (const service of condition.services) {
    await service.start();
    stack.defer(() => service.stop());
  }
  startTickers(worker);
}

function loopOf(
  { options, condition, metrics, parts }: Worker,
  onFailure: (failure: LoopFailure) => void,
): LoopSettings {
  const { clock, logger } = options;
  return {
    log: parts.log,
    clock,
    logger,
    random: Math.random,
    chunkRecords: kafkaChunkRecords,
    deadLetterLimits: options.settled.deadLetterLimits,
    onCounts: (service, counts) => {
      for (const [outcome, records] of Object.entries(counts)) metrics.count(service, outcome, records);
    },
    onFailure: (failure) => {
      condition.failures.push(failure);
      metrics.stopped(failure.service);
      onFailure(failure);
    },
  };
}

/** A call to Redis stays under ten milliseconds, so that others get their turn. */
export const kafkaChunkRecords = 500;

function startTickers({ options, stack, parts }: Worker): void {
  const { clock, logger, roles } = options;
  const onFault = (error: unknown) => logger.warn({ error: String(error) }, 'no tick was written');
  for (const role of roles) {
    const topic = ticked[role];
    if (topic === undefined) continue;
    const ticker = startTicker({ log: parts.log, topic, everyMs: tickEveryMs, clock, onFault });
    stack.defer(() => ticker.stop());
  }
}
