// What is wrong with what lies in the log and the state, whatever keeps them.
import { namespace as aggregator } from '@gapwatch/aggregator';
import { apartHint } from '@gapwatch/console';
import { topicNames } from '@gapwatch/contracts';
import { joinedOf, metaKey, newMeta, type PartitionMeta } from '@gapwatch/core';
import type { Clock } from '@gapwatch/runtime';
import { type Log, newestTime, UnknownTopic } from '@gapwatch/transport';
import { mostStages, stageRemedy } from '../exports/doubts.ts';
import { type Reading, readingsOf, recordsLeft } from '../running/folded.ts';
import type { Place } from '../running/place.ts';
import { sourceCounts } from '../running/sources.ts';
import { announcedConfiguration, topicOf } from '../running/topics.ts';
import type { Settled } from '../settings/configuration.ts';
import { bad, type Check, clockMayDifferMs, type Found, good, look } from './finding.ts';

export type Kept = Pick<Place, 'log' | 'state'>;

/** `whoFolds`: what a person starts so that what waits is read; null: it runs. */
export type LogCheckOptions = {
  readonly settled: Settled;
  readonly clock: Clock;
  readonly whoFolds: string | null;
};

export function logChecks(kept: Kept, { settled, clock, whoFolds }: LogCheckOptions): Check[] {
  return [
    { what: 'agreement', look: () => agreement(kept, settled) },
    { what: 'clock', look: () => clockAgainst(kept.log, clock) },
    { what: 'reading', look: () => reading(kept, settled, whoFolds) },
    { what: 'dead letters', look: () => deadLetters(kept.log) },
    { what: 'customers', look: () => customers(kept, settled) },
    { what: 'stages', look: () => stages(kept) },
  ];
}

async function agreement(kept: Kept, { hash, file }: Settled): Promise<Found> {
  const inForce = await announcedConfiguration(kept);
  if (inForce === null)
    return look('no configuration is in force yet', 'the first start, or gapwatch topics, takes it');
  if (inForce.hash === hash) return good('what is in force is what the configuration says');
  return look(
    `${inForce.hash.slice(0, 12)} is in force, ${file ?? 'no file'} is ${hash.slice(0, 12)}`,
    'gapwatch config plan says what the change means',
  );
}

/** Records are stamped by whoever takes them in; a log whose time runs ahead of this clock closes no hours. */
async function clockAgainst(log: Log, clock: Clock): Promise<Found> {
  const newest = await newestTime(log, [topicNames.signals]);
  if (newest === null) return good('nothing was ever taken in');
  const aheadMs = newest - clock.now();
  const at = new Date(newest).toISOString();
  if (aheadMs <= clockMayDifferMs) return good(`the newest record is of ${at}`);
  return bad(
    `the newest record is of ${at}, ${Math.ceil(aheadMs / 60_000)} minutes ahead of the clock here`,
    'set the clocks of all machines by NTP: until then log time stands still, no hour closes, nothing is decided',
  );
}

async function reading(kept: Kept, { configuration }: Settled, whoFolds: string | null): Promise<Found> {
  const topics = configuration.sources.map(topicOf);
  const waiting: string[] = [];
  for (const one of readingsOf(topics)) {
    const left = await leftOf(kept, one);
    if (left > 0) waiting.push(`${left} of ${one.topic}`);
  }
  if (waiting.length === 0) return good('everything that is in the log was read');
  const found = `wait to be read: ${waiting.join(', ')}`;
  if (whoFolds === null) return good(found);
  return look(found, whoFolds);
}

/** A topic that is not there yet holds nothing. */
async function leftOf(kept: Kept, reading: Reading): Promise<number> {
  return recordsLeft(kept, reading).catch((error: unknown) => {
    if (error instanceof UnknownTopic) return 0;
    throw error;
  });
}

async function deadLetters(log: Log): Promise<Found> {
  let count = 0;
  for (let partition = 0; partition < (await log.partitions(topicNames.deadLetters)); partition += 1) {
    const { low, high } = await log.marks(topicNames.deadLetters, partition);
    count += high - low;
  }
  return count === 0
    ? good('none are kept')
    : look(`${count} are kept`, 'gapwatch dead-letters list says why they could not be taken, and which are open');
}

/** Whether sources name their customers alike: what one customer said in two of them meets only then. */
async function customers(kept: Kept, { configuration }: Settled): Promise<Found> {
  const there = new Set(await kept.log.topics());
  const sources = configuration.sources.filter((source) => there.has(topicOf(source)));
  const counts = await sourceCounts(kept, { ...configuration, sources });
  const joined = joinedOf(new Map([...counts].map(([id, { customers: sample }]) => [id, sample])));
  const shares = [...joined].flatMap(([id, { share }]) => (share === null ? [] : [`${id} ${percent(share)}`]));
  if (shares.length === 0) return good('of no source can be said how many of its customers another one names');
  const found = `of its customers another source names too: ${shares.join(', ')}`;
  const apart = [...joined].flatMap(([id, { isApart }]) => (isApart ? [id] : []));
  return apart.length === 0 ? good(found) : look(found, `${apart.join(', ')}: ${apartHint}`);
}

/** Of which stages something was heard, as the aggregator noted it. */
async function stages({ log, state }: Kept): Promise<Found> {
  const names = new Set<string>();
  for (let partition = 0; partition < (await log.partitions(topicNames.signals)); partition += 1) {
    const [stored] = await state.partition(aggregator, partition).documents([metaKey]);
    const meta = stored ? (JSON.parse(stored.value) as PartitionMeta) : newMeta();
    for (const name of Object.keys(meta.stages)) names.add(name);
  }
  const found = `${names.size} ${names.size === 1 ? 'stage was' : 'stages were'} heard of`;
  if (names.size <= mostStages) return good(found);
  const [one = ''] = names;
  return look(`${found}, such as ${JSON.stringify(one)}: each has a baseline and a share of the budget`, stageRemedy);
}

function percent(share: number): string {
  return share > 0 && share < 0.01 ? 'under 1 %' : `${Math.round(share * 100)} %`;
}
