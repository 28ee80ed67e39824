// The contract of the log on a real Kafka.
import { randomUUID } from 'node:crypto';
import { openKafkaLog } from '@gapwatch/transport/kafka';
import { afterAll, describe } from 'vitest';
import { systemClock } from '../../packages/runtime/src/index.ts';
import { logContract } from '../../packages/transport/src/contract.ts';
import { startKafka, withKafka } from '../parts/kafka.ts';

const kafka = await startKafka();
afterAll(() => kafka?.stop());
describe.skipIf(kafka === null)(withKafka('the log'), () => {
  logContract('kafka', async () => {
    const topicPrefix = `${randomUUID().slice(0, 8)}.`;
    return {
      durable: true,
      keepsTime: false,
      setTime: () => {},
      open: async () =>
        openKafkaLog({
          settings: { brokers: kafka!.brokers, tls: false, sasl: null, sessionTimeoutMs: 6_000, topicPrefix },
          clientId: 'test',
          clock: systemClock,
          random: Math.random,
          onAway: (what, e) => console.log('away', what, e.message),
          onBack: () => {},
        }),
      destroy: async () => {},
    };
  });
});
