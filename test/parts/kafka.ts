// A real Apache Kafka: the one that a variable names, else one in a container, else one node of KRaft from local jars.
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Container, containerOf } from './containers.ts';
import { freePort, partsFolder, programOnPath, startProgram } from './programs.ts';
import { needs, partOf } from './required.ts';

export type KafkaPart = Container & { readonly brokers: readonly string[] };

const clusterId = 'Z2Fwd2F0Y2gtdGVzdHMxMg';
const libraries = join(partsFolder, 'kafka/libs');

function properties(port: number, controllerPort: number, logs: string): string {
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
    `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names=CONTROLLER',
    'inter.broker.listener.name=PLAINTEXT',
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    `log.dirs=${logs}`,
    'num.partitions=1',
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=4',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'group.initial.rebalance.delay.ms=0',
    'group.min.session.timeout.ms=1000',
    'auto.create.topics.enable=false',
    'log.retention.check.interval.ms=1000',
  ].join('\n');
}

const remedy = 'set GAPWATCH_KAFKA_BROKERS, start Docker, or install Java and let .ci/run fetch the jars';

/** Names a suite that needs Kafka. */
export const withKafka = (what: string) => needs(what, 'Kafka', remedy);

/** null: there is no Kafka here, and none is required. */
export const startKafka = (): Promise<KafkaPart | null> => partOf('Kafka', remedy, findKafka);

async function findKafka(): Promise<KafkaPart | null> {
  const named = process.env.GAPWATCH_KAFKA_BROKERS;
  if (named) return { brokers: named.split(','), kill: () => {}, restart: async () => {}, stop: async () => {} };
  const port = await freePort();
  return (await inContainer(port)) ?? (await locally(port));
}

async function inContainer(port: number): Promise<KafkaPart | null> {
  const container = await containerOf('apache/kafka:4.1.0', port, 9092, {
    KAFKA_NODE_ID: '1',
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
    KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
    KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
    KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: '1000',
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
  });
  return container === null ? null : { ...container, brokers: [`127.0.0.1:${port}`] };
}

async function locally(port: number): Promise<KafkaPart | null> {
  const java = programOnPath('java');
  if (java === null || !existsSync(libraries)) return null;
  const controllerPort = await freePort();
  const classes = ['-cp', `${libraries}/*`];
  const program = await startProgram({
    command: java,
    port,
    words: (folder) => ['-Xmx512m', ...classes, 'kafka.Kafka', join(folder, 'server.properties')],
    prepare: (folder) => {
      const file = join(folder, 'server.properties');
      writeFileSync(file, properties(port, controllerPort, join(folder, 'logs')));
      const words = [...classes, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', file];
      const { status, stderr } = spawnSync(java, words, { encoding: 'utf8' });
      if (status !== 0) throw new Error(`the storage of Kafka cannot be made: ${stderr}`);
    },
  });
  return {
    brokers: [`127.0.0.1:${port}`],
    kill: (signal) => program.kill(signal),
    restart: () => program.restart(),
    stop: () => program.stop(),
  };
}
