// The whole pipeline in one process over one directory, from an empty one or from where it was left.
// What it opens it closes in reverse: first nothing more is taken in, then the services drain, then the files close.
import { namespace as aggregator } from '@gapwatch/aggregator';
import { type Output, topicNames } from '@gapwatch/contracts';
import { metaKey, type PartitionMeta, signalsReader } from '@gapwatch/core';
import { createReceivers, type Receiver } from '@gapwatch/notifier';
import { type Clock, createMetrics, type Environment, type Logger, type Metrics, type Tokens } from '@gapwatch/runtime';
import { activeGeneration, lockDataDirectory, type StateStore } from '@gapwatch/storage';
import { type LoopFailure, type LoopSettings, newestTime, startTicker } from '@gapwatch/transport';
import { deadLettersOf } from '../dead-letters/serve.ts';
import type { PlayAccount } from '../play/play.ts';
import { type Archiving, prepareArchiving } from './archiving.ts';
import { type DataDirectory, discardPlay, makeDirectory, openDirectory, readPlayMarker } from './directory.ts';
import { startFeed } from './feed.ts';
import { readingsOf, waitUntilFolded } from './folded.ts';
import { type Condition, healthOf } from './health.ts';
import { serve } from './http.ts';
import { createServices } from './pipeline.ts';
import { playInto } from './play-into.ts';
import { startRetention } from './retention.ts';
import { sourceCounts } from './sources.ts';
import { chooseStory, type Play, type Story, type StoryOptions } from './story.ts';
import { announceConfiguration, prepareTopics, topicOf } from './topics.ts';

export type StartOptions = Omit<StoryOptions, 'now' | 'onRead'> & {
  readonly dataDirectory: string;
  readonly host: string;
  readonly port: number;
  readonly tokens: Tokens | null;
  /** null: as many as the log has */
  readonly partitions: number | null;
  readonly clock: Clock;
  readonly logger: Logger;
  /** holds the secrets of the receivers */
  readonly environment: Environment;
  /** where alerts are written, a line at a time */
  readonly write: (line: string) => void;
  readonly tell: Telling;
  /** ends a start that is not ready yet */
  readonly signal: AbortSignal;
};

/** What a start says while it takes its time. */
export type Telling = {
  note(text: string): void;
  reading(bytes: number, total: number | null): void;
  playing(written: number, time: number): void;
  played(play: Play, account: PlayAccount): void;
  folding(topic: string, left: number, total: number): void;
};

export type Running = {
  readonly address: string;
  readonly state: StateStore;
  readonly story: Story;
  /** resolves when a partition has stopped for good */
  readonly failed: Promise<LoopFailure>;
  stop(): Promise<void>;
};

const tickEveryMs = 60_000;
const liveWithinMs = 86_400_000;

/** Resolves when all that the log holds is folded and the port answers. */
export async function start(options: StartOptions): Promise<Running> {
  const stack = new AsyncDisposableStack();
  try {
    return await open(options, stack);
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

async function open(options: StartOptions, stack: AsyncDisposableStack): Promise<Running> {
  const { clock, tell, signal } = options;
  const { directory, found } = await takeDirectory(options, stack);
  const story = await chooseStory({ ...options, now: clock.now(), onRead: tell.reading }, found);
  for (const note of story.notes) tell.note(note);
  const { configuration } = story.settled;
  const receivers = createReceivers({ ...options, ...story.settled });
  const partitions = await prepareTopics(directory.log, configuration, options.partitions);
  const process: Process = { options, directory, story, receivers, partitions, condition: newCondition(), stack };
  const metrics = createMetrics(() => process.condition.services);
  const address = await openPort(process, metrics);
  if (story.play !== null) await play(story.play, process);
  await announceConfiguration(directory, story.settled, { partitions });
  const failed = Promise.withResolvers<LoopFailure>();
  const loop = loopOf(process, metrics, failed.resolve);
  const archiving = prepareArchiving({ directory, configuration, loop });
  // stopped after the others, so that it hears what they wrote last
  stack.defer(() => archiving.stop());
  await startServices(process, loop);
  const readings = readingsOf(configuration.sources.map(topicOf));
  await waitUntilFolded(directory, readings, { onProgress: tell.folding, check: () => check(process) });
  await startPresent(process);
  process.condition.isOpen = true;
  signal.throwIfAborted();
  await startArchiving(process, archiving);
  const retention = startRetention({ directory, configuration, logger: options.logger });
  stack.defer(() => retention.stop());
  return { address, state: directory.state, story, failed: failed.promise, stop: () => stack.disposeAsync() };
}

type Process = {
  readonly options: StartOptions;
  readonly directory: DataDirectory;
  readonly story: Story;
  readonly receivers: readonly Receiver[];
  readonly partitions: number;
  readonly condition: Condition;
  readonly stack: AsyncDisposableStack;
};

function newCondition(): Condition {
  return { isOpen: false, services: [], failures: [] };
}

/** Takes the lock, clears away a play that was never finished, and opens what is there. */
async function takeDirectory({ dataDirectory: path, clock }: StartOptions, stack: AsyncDisposableStack) {
  makeDirectory(path);
  const lock = lockDataDirectory(path);
  stack.defer(() => lock.release());
  if (readPlayMarker(path)?.written === false) discardPlay(path);
  const directory = openDirectory(path, clock);
  stack.defer(() => directory.close());
  const isEmpty = (await directory.log.topics()).length === 0;
  return { directory, found: { isEmpty, marker: readPlayMarker(path) } };
}

/** The page is there from the beginning; what is posted is taken once everything from before is folded. */
async function openPort(process: Process, metrics: Metrics): Promise<string> {
  const { options, directory, story, partitions, condition, stack } = process;
  const { clock, logger, host, port, tokens } = options;
  const append = async (outputs: readonly Output[]) => {
    if (!condition.isOpen) throw new Error('the start is not finished');
    return directory.log.append(outputs);
  };
  const { configuration } = story.settled;
  const health = healthOf(condition, clock);
  const { types } = story.settled.sourcing;
  const { state } = directory;
  const deadLetters = deadLettersOf({ log: { ...directory.log, append }, state, configuration, clock });
  const counts = () => sourceCounts(directory, configuration);
  const console = {
    state,
    sourceCounts: counts,
    configuration,
    types,
    partitions,
    append,
    deadLetters,
    health,
    metrics,
    clock,
    logger,
  };
  const { server, address } = await serve({ host, port, tokens, ...console });
  stack.defer(() => server.close());
  return address;
}

async function play(one: Play, { options, directory, story, partitions }: Process): Promise<void> {
  const { settled } = story;
  const past = unlessEnded(one.past, options.signal);
  const { marker } = one;
  const account = await playInto(past, { directory, settled, partitions, marker, onProgress: options.tell.playing });
  options.tell.played(one, account);
}

async function* unlessEnded<T>(items: Iterable<T> | AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  for await (const item of items) {
    signal.throwIfAborted();
    yield item;
  }
}

function loopOf(
  { options, directory, story, condition }: Process,
  metrics: Metrics,
  onFailure: (failure: LoopFailure) => void,
): LoopSettings {
  const { clock, logger } = options;
  return {
    log: directory.log,
    clock,
    logger,
    random: Math.random,
    deadLetterLimits: story.settled.deadLetterLimits,
    onCounts: (service, counts) => {
      for (const [outcome, records] of Object.entries(counts)) metrics.count(service, outcome, records);
    },
    onFailure: (failure) => {
      condition.failures.push(failure);
      onFailure(failure);
    },
  };
}

async function startServices(process: Process, loop: LoopSettings): Promise<void> {
  const { options, directory, story, receivers, partitions, condition, stack } = process;
  const { logger } = options;
  const { configuration, sourcing } = story.settled;
  const warn = (source: string, warning: string) => logger.warn({ source }, warning);
  const read = signalsReader((await activeGeneration(directory.store)).past);
  condition.services = createServices({ directory, configuration, sourcing, partitions, loop, receivers, warn, read });
  for (const service of condition.services) {
    await service.start();
    stack.defer(() => service.stop());
  }
}

/** The archive can wait: nobody is told `ready` any later for it. */
async function startArchiving({ condition }: Process, archiving: Archiving): Promise<void> {
  const service = await archiving.start();
  if (service !== null) condition.services = [...condition.services, service];
}

function check({ options, condition }: Process): void {
  options.signal.throwIfAborted();
  const [failure] = condition.failures;
  if (failure !== undefined) throw failure.error;
}

/** Log time goes on with the clock, and so does the example company. */
async function startPresent(process: Process): Promise<void> {
  const { options, directory, story, stack } = process;
  const { clock, logger } = options;
  const { log } = directory;
  const onFault = (error: unknown) => logger.error({ error: String(error) }, 'no tick was written');
  const enabled = () => isPresent(process);
  const ticking = { log, everyMs: tickEveryMs, clock, onFault };
  // alerts are told in the present, also those of a past that stands still
  const tickers = [
    startTicker({ ...ticking, topic: topicNames.signals, enabled }),
    startTicker({ ...ticking, topic: topicNames.alerts }),
  ];
  for (const ticker of tickers) stack.defer(() => ticker.stop());
  if (story.live === null) return;
  const since = await newestTime(log, story.settled.configuration.sources.map(topicOf));
  const signals = story.live(since ?? clock.now());
  const onFailure = (error: unknown) => logger.error({ error: String(error) }, 'the example company has stopped');
  const feed = startFeed(log, signals, clock, onFailure);
  stack.defer(() => feed.stop());
}

/** A replayed past stays in its own time until something arrives in ours. */
async function isPresent({ options, directory, partitions }: Process): Promise<boolean> {
  if (readPlayMarker(directory.path)?.kind !== 'replay') return true;
  const states = Array.from({ length: partitions }, (_, partition) => directory.state.partition(aggregator, partition));
  const metas = await Promise.all(states.map((state) => state.documents([metaKey])));
  const times = metas.map(([meta]) => (meta ? (JSON.parse(meta.value) as PartitionMeta).logTime : 0));
  return options.clock.now() - Math.max(...times) < liveWithinMs;
}
