import { Readable } from 'node:stream';
import {
  configurationSchema,
  type DeadLetter,
  type LogRecord,
  rawTopic,
  schemaVersions,
  topicNames,
} from '@gapwatch/contracts';
import { intakeHeaders } from '@gapwatch/core';
import { openMemoryState } from '@gapwatch/storage';
import { deadLettersOf, openMemoryLog } from '@gapwatch/transport';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LetterReader } from './letters.ts';
import { marksIn } from './marks.ts';
import { deadLetterHeader, outputOf, payloadOf, replay } from './replay.ts';

const at = '2026-03-04T08:00:00.000Z';
const configuration = configurationSchema.parse({ sources: [{ id: 'survey', type: 'csv', topic: 'their.survey' }] });
const fresh = { topic: 'replay.1', partition: 0, offset: 7, index: 0 };

function letterOf(service: string, topic: string, value: Uint8Array): DeadLetter {
  const record = { topic, partition: 1, offset: 5, time: 0, key: null, value, headers: {} } satisfies LogRecord;
  const [letter] = deadLettersOf(service, [{ record, code: 'schema', message: 'no' }], 0);
  return JSON.parse(String(letter?.value)) as DeadLetter;
}

function output(service: string, topic: string, value: string | Uint8Array, original = { key: null, headers: {} }) {
  return outputOf(letterOf(service, topic, Buffer.from(value as string)), original, fresh);
}

describe('what is sent again', () => {
  it('is byte for byte what came, whatever came', () => {
    const text = fc.oneof(fc.json(), fc.string({ unit: 'binary' })).map((one) => Buffer.from(one));
    fc.assert(
      fc.property(fc.oneof(text, fc.uint8Array()), (bytes) => {
        const sent = output('tagger', rawTopic('survey'), Buffer.from(bytes));
        expect(Buffer.from(sent?.value as Uint8Array)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('keeps key and headers, names its letter, and leaves the account of the run it came with', () => {
    const original = {
      key: 'c1',
      headers: { [intakeHeaders.backfill]: 'true', [intakeHeaders.run]: 'run-1', 'x-id': '9' },
    } as never;
    expect(output('tagger', rawTopic('survey'), '{}', original)).toMatchObject({
      topic: 'raw.survey',
      key: 'c1',
      headers: { [intakeHeaders.backfill]: 'true', 'x-id': '9', [deadLetterHeader]: 'tagger:raw.survey/1/5' },
    });
    expect(output('tagger', rawTopic('survey'), '{}', original)?.headers).not.toHaveProperty(intakeHeaders.run);
  });

  it('goes back to signals, in its partition, under an origin of its own', () => {
    const signal = { type: 'signal', origin: { topic: 'raw.survey', partition: 1, offset: 2, index: 0 }, friction: 1 };
    const sent = output('aggregator', topicNames.signals, JSON.stringify(signal));
    expect(sent).toMatchObject({ topic: 'signals', partition: 1 });
    expect(JSON.parse(String(sent?.value))).toEqual({ ...signal, origin: fresh });
  });

  it('as a command goes its whole way again', () => {
    const command = { type: 'command', id: '1', alert: 'a', sequence: 1, action: 'acknowledge', by: 'anna', at };
    const copy = { type: 'command', origin: { topic: 'commands', partition: 0, offset: 0, index: 0 }, command };
    const sent = output('detector', topicNames.friction, JSON.stringify(copy));
    expect(sent).toMatchObject({ topic: 'commands', headers: { schema: schemaVersions.commands } });
    expect(JSON.parse(String(sent?.value))).toEqual(command);
  });

  it.each([
    ['detector', topicNames.friction, '{"type":"hour"}'],
    ['notifier', topicNames.alerts, '{"type":"alert"}'],
  ])('is nothing that we made ourselves: %s, %s', (service, topic, value) => {
    expect(output(service, topic, value)).toBeNull();
  });
});

/** Two partitions, five letters of a source and one of a record of ours. */
async function someLetters() {
  let now = 0;
  const log = openMemoryLog({ clock: { now: () => ++now } });
  const state = openMemoryState();
  for (const topic of [topicNames.deadLetters, 'their.survey', topicNames.alerts]) await log.createTopic(topic, 2);
  for (let index = 0; index < 5; index += 1) {
    const [place] = await log.append([
      { topic: 'their.survey', key: `c${index}`, value: `{"row":${index}}`, headers: { 'x-row': `${index}` } },
    ]);
    const chunk = await log.read('their.survey', place!.partition, place!.offset, 1);
    const rejection = { record: chunk.records[0]!, code: index < 3 ? 'date' : 'rating', message: 'no' };
    await log.append(deadLettersOf('tagger', [rejection], now));
  }
  const ours = { topic: 'alerts', partition: 0, offset: 0, time: 0, key: null, value: Buffer.from('x'), headers: {} };
  await log.append(deadLettersOf('notifier', [{ record: ours, code: 'not-json', message: 'no' }], now));
  return { log, state, reader: new LetterReader(log, configuration), marks: marksIn(state) };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('the letters', () => {
  it('come newest first over all partitions, from any place on', async () => {
    const { reader } = await someLetters();
    const all = await collect(reader.newestFirst(await reader.ends()));
    expect(all.map(({ letter }) => letter.payload)).toEqual(['x', ...[4, 3, 2, 1, 0].map((row) => `{"row":${row}}`)]);
    expect(all.map(({ source }) => source)).toEqual([null, ...Array(5).fill('survey')]);
    for (const [index, { below }] of all.entries()) {
      const rest = await collect(reader.newestFirst(below));
      expect(rest.map(({ letter }) => letter.id)).toEqual(all.slice(index + 1).map(({ letter }) => letter.id));
    }
  });

  it('are found by reason, source and id', async () => {
    const { reader } = await someLetters();
    const ends = await reader.ends();
    expect(await collect(reader.newestFirst(ends, { reason: 'date' }))).toHaveLength(3);
    expect(await collect(reader.oldestFirst(ends, { source: 'survey' }))).toHaveLength(5);
    const [newest] = await collect(reader.newestFirst(ends));
    expect((await reader.find(newest!.letter.id))?.letter).toEqual(newest?.letter);
    expect(await reader.find('tagger:their.survey/0/99')).toBeNull();
    expect(await reader.find('nonsense')).toBeNull();
  });
});

describe('a replay', () => {
  it('refuses what no letter has room for', async () => {
    const { log, marks } = await someLetters();
    const letter = letterOf('tagger', 'their.survey', Buffer.alloc(3 * 1_048_576, 'x'));
    const letters = [{ letter, partition: 0, offset: 0, time: 0, source: 'survey' }];
    const replayed = await collect(replay(Readable.from(letters), { log, marks, by: 'anna', at, again: false }));
    expect(replayed).toMatchObject([{ refused: 'left-out' }]);
  });

  it('sends each letter once, marks it, and sends it again only when asked', async () => {
    const { log, reader, marks } = await someLetters();
    const run = async (again: boolean) => {
      const letters = reader.oldestFirst(await reader.ends());
      return collect(replay(letters, { log, marks, by: 'anna', at, again }));
    };
    const first = await run(false);
    expect(first.filter((one) => 'sent' in one)).toHaveLength(5);
    expect(first.flatMap((one) => ('refused' in one ? [one.refused] : []))).toEqual(['written-by-us']);
    for (const one of first) {
      if (!('sent' in one)) continue;
      const { topic, partition, offset } = one.sent;
      const [record] = (await log.read(topic, partition, offset, 1)).records;
      expect(Buffer.from(record!.value!)).toEqual(payloadOf(one.letter.letter));
      expect(record?.headers).toMatchObject({ [deadLetterHeader]: one.letter.letter.id, 'x-row': expect.any(String) });
      expect(await marks.read([one.letter.letter.id])).toEqual([{ by: 'anna', at }]);
    }
    const refused = (await run(false)).map((one) => ('refused' in one ? one.refused : 'sent'));
    expect(refused.filter((one) => one === 'replayed-already')).toHaveLength(5);
    expect((await run(true)).filter((one) => 'sent' in one)).toHaveLength(5);
  });

  it('marks nothing that the log did not take', async () => {
    const { log, reader, marks } = await someLetters();
    const broken = {
      ...log,
      read: log.read.bind(log),
      marks: log.marks.bind(log),
      append: () => Promise.reject(new Error('full')),
    };
    const letters = reader.oldestFirst(await reader.ends());
    await expect(collect(replay(letters, { log: broken, marks, by: 'anna', at, again: false }))).rejects.toThrow(
      'full',
    );
    const [letter] = await collect(reader.oldestFirst(await reader.ends(), { source: 'survey' }));
    expect(await marks.read([letter!.letter.id])).toEqual([null]);
  });
});
