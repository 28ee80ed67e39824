// The runbook 'Kafka is lost': its topics are gone, the bucket is there. What was archived comes back under its old offsets,
// what is sent again counts once, and whoever was told is not told again.
import kafkajs from 'kafkajs';
import { afterAll, describe, expect, it } from 'vitest';
import { topicNames } from '../../packages/contracts/src/index.ts';
import { end, gapwatch } from './gapwatch.fixture.ts';
import {
  archivedInstallation,
  emptyRedis,
  post,
  type RunningWorker,
  reviews,
  startArchivedParts,
  startWorker,
  statementsAt,
  withBucket,
  withOwnParts,
} from './kafka.fixture.ts';

const real = await startArchivedParts();
afterAll(() => real?.stop());

const patience = { timeout: 60_000, interval: 100 };

async function loseTopics(prefix: string): Promise<void> {
  const admin = new kafkajs.Kafka({ brokers: [...real!.kafka.brokers], logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  const own = async () => (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
  await admin.deleteTopics({ topics: await own() });
  await expect.poll(own, patience).toEqual([]);
  await admin.disconnect();
}

/** How many records of `signals` the archiver has read; what it holds back of them it writes when it stops. */
async function archivedOf({ address }: RunningWorker): Promise<number> {
  const metrics = await (await fetch(`${address}/metrics`)).text();
  const positions = metrics.matchAll(/^gapwatch_position\{[^}]*service="archiver"[^}]*topic="signals"[^}]*\} (\d+)$/gm);
  return [...positions].reduce((sum, [, position]) => sum + Number(position), 0);
}

describe.skipIf(real === null)(withBucket('a Kafka that is lost'), { timeout: 180_000 }, () => {
  it('comes back from the bucket', async () => {
    const environment = archivedInstallation(real!);
    const verified = async () => JSON.parse((await gapwatch(['verify', '--json'], '', environment)).stdout);
    const statements = ({ address }: RunningWorker) => statementsAt(address, 'delivery', 'step=7d');
    const highOf = (topic: string) => withOwnParts(environment, async ({ log }) => (await log.marks(topic, 0)).high);
    expect((await gapwatch(['topics'], '', environment)).status).toBe(0);

    const before = await startWorker(environment, ['all']);
    const said = reviews(60, 'before', Date.now());
    await post(before.address, said);
    await expect.poll(() => statements(before), patience).toBe(60);
    await expect.poll(() => archivedOf(before), patience).toBeGreaterThan(60);
    expect(await end(before.child)).toBe(0);
    const high = await highOf(topicNames.signals);

    await loseTopics(environment.GAPWATCH_TOPIC_PREFIX!);
    await emptyRedis(real!.redis);
    const { status, stdout, stderr } = await gapwatch(['rebuild', '--json'], '', environment);
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ switched: true, verified: { wrong: 0, missing: 0, extra: 0 } });
    expect((await gapwatch(['topics'], '', environment)).status).toBe(0);
    expect(await highOf(topicNames.signals)).toBe(high);

    const after = await startWorker(environment, ['all']);
    expect(await statements(after)).toBe(60);
    await post(after.address, [...said, ...reviews(5, 'after', Date.now())]);
    await expect.poll(() => statements(after), patience).toBe(65);
    await expect.poll(verified, patience).toMatchObject({ wrong: 0, missing: 0, extra: 0, behind: 0 });
    expect(await end(after.child)).toBe(0);
  });
});
