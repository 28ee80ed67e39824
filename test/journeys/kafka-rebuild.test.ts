// A rebuild on Kafka, Redis and S3: refused while somebody folds, from the archive where Kafka let the records go.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { topicNames } from '../../packages/contracts/src/index.ts';
import { end, gapwatch } from './gapwatch.fixture.ts';
import {
  archivedInstallation,
  configurationFile,
  emptyRedis,
  post,
  type RunningWorker,
  reviews,
  sources,
  startArchivedParts,
  startWorker,
  statementsAt,
  withBucket,
  withOwnParts,
} from './kafka.fixture.ts';

const real = await startArchivedParts();
afterAll(() => real?.stop());

const patience = { timeout: 30_000, interval: 100 };
const suite = withBucket('gapwatch rebuild on real parts');
const clean = { wrong: 0, missing: 0, extra: 0 };
const receiving = ['gateway', 'tagger', 'console'];
const folding = ['aggregator', 'detector', 'notifier'];

describe.skipIf(real === null)(suite, { timeout: 180_000 }, () => {
  let environment: Record<string, string>;
  let reading: RunningWorker;
  beforeEach(async () => {
    environment = archivedInstallation(real!);
    await gapwatch(['topics'], '', environment);
    reading = await startWorker(environment, receiving);
  });

  const statementsIn = (stage: string) => statementsAt(reading.address, stage);
  const rebuilt = (extra: Record<string, string> = {}) =>
    gapwatch(['rebuild', '--json'], '', { ...environment, ...extra });
  const say = (count: number, name: string) => post(reading.address, reviews(count, name, Date.now()));

  it('folds what Kafka let go from the archive, by the rules of today, while others go on', async () => {
    let folds = await startWorker(environment, folding);
    await say(60, 'first');
    await expect.poll(() => statementsIn('delivery'), patience).toBe(60);
    expect(await rebuilt()).toMatchObject({ status: 2, stderr: expect.stringContaining('aggregator runs') });
    expect(await end(folds.child)).toBe(0);

    // an archiver that is stopped has written down what it read
    const archiver = await startWorker(environment, ['archiver']);
    const partitionsRead = async () => {
      const metrics = await (await fetch(`${archiver.address}/metrics`)).text();
      return metrics.match(/^gapwatch_position\{[^}]*topic="signals"[^}]*\} [1-9]/gm)?.length;
    };
    await expect.poll(partitionsRead, patience).toBe(2);
    expect(await end(archiver.child)).toBe(0);
    await withOwnParts(environment, async ({ log, state }) => {
      for (let partition = 0; partition < 2; partition += 1) {
        const position = await state.partition(`archiver.${topicNames.signals}`, partition).position();
        expect(position).toBeGreaterThan(0);
        await log.deleteBefore(topicNames.signals, partition, position);
      }
    });

    const withoutArchive = { GAPWATCH_S3_ENDPOINT: '', GAPWATCH_S3_BUCKET: '' };
    expect(await rebuilt(withoutArchive)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no longer in the log'),
    });

    // what comes now waits for the aggregator: the state in force decides on it first
    await say(15, 'second');
    const same = await rebuilt();
    expect(same.status, same.stderr).toBe(0);
    expect(JSON.parse(same.stdout)).toMatchObject({ generation: 2, switched: true, verified: clean });
    expect(JSON.parse(same.stdout).windows).toMatchObject({ changed: 0 });
    await expect.poll(() => statementsIn('delivery'), patience).toBe(75);

    const other = { GAPWATCH_CONFIG: configurationFile(`stages:\n  - { id: refunds }\n${sources}`) };
    const report = await rebuilt(other);
    expect(report.status, report.stderr).toBe(0);
    expect(JSON.parse(report.stdout)).toMatchObject({ generation: 3, switched: true, verified: clean });
    await expect.poll(() => statementsIn('delivery'), patience).toBe(0);
    expect(await statementsIn('unknown')).toBe(75);

    // workers of the old configuration are refused, those of the new one go on where the rebuild ended
    expect(await gapwatch(['work', 'aggregator'], '', environment)).toMatchObject({ status: 2 });
    expect(await end(reading.child)).toBe(0);
    reading = await startWorker({ ...environment, ...other }, receiving);
    folds = await startWorker({ ...environment, ...other }, folding);
    await say(5, 'third');
    await expect.poll(() => statementsIn('unknown'), patience).toBe(80);
    const verified = await gapwatch(['verify', '--json'], '', environment);
    expect(JSON.parse(verified.stdout)).toMatchObject(clean);
    expect(await end(folds.child)).toBe(0);

    // Redis is lost when Kafka no longer has the beginning: nobody can fold it anew but a rebuild
    await emptyRedis(real!.redis);
    const lost = await rebuilt(other);
    expect(lost.status, lost.stderr).toBe(0);
    expect(JSON.parse(lost.stdout)).toMatchObject({ switched: true, verified: clean });
    await expect.poll(() => statementsIn('unknown'), patience).toBe(80);
  });
});
