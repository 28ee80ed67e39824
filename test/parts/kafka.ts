// A real Apache Kafka: the one that a variable names, else one in a container, else one node of KRaft from local jars.
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Container, containerOf } from './containers.ts';
import { freePort, partsFolder, programOnPath, startProgram } from './programs.ts';
import { needs, partOf } from './required.ts';

export type KafkaPart = Container & { readonly brokers: readonly string[] };

/** Where it listens, and the port under which clients are told to find it. */
export type KafkaPorts = { readonly own: number; readonly advertised: number };

const clusterId = 'Z2Fwd2F0Y2gtdGVzdHMxMg';
const libraries = join(partsFolder, 'kafka/libs');

function properties({ own, advertised }: KafkaPorts, controllerPort: number, logs: string): string {
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
    `listeners=PLAINTEXT://127.0.0.1:${own},CONTROLLER://127.0.0.1:${controllerPort}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${advertised}`,
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

/** `ports`: any free one where absent. null: there is no Kafka here, and none is required. */
export const startKafka = (ports?: KafkaPorts): Promise<KafkaPart | null> =>
  partOf('Kafka', remedy, () => findKafka(ports));

async function findKafka(wanted?: KafkaPorts): Promise<KafkaPart | null> {
  const named = process.env.GAPWATCH_KAFKA_BROKERS;
  if (named) return { brokers: named.split(','), kill: () => {}, restart: async () => {}, stop: async () => {} };
  const port = await freePort();
  const ports = wanted ?? { own: port, advertised: port };
  return (await inContainer(ports)) ?? (await locally(ports));
}

const brokersAt = ({ advertised }: KafkaPorts) => [`127.0.0.1:${advertised}`];

async function inContainer(ports: KafkaPorts): Promise<KafkaPart | null> {
  const container = await containerOf('apache/kafka:4.1.0', ports.own, 9092, {
    KAFKA_NODE_ID: '1',
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
    KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${ports.advertised}`,
    KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
    KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: '1000',
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
  });
  return container === null ? null : { ...container, brokers: brokersAt(ports) };
}

async function locally(ports: KafkaPorts): Promise<KafkaPart | null> {
  const java = programOnPath('java');
  if (java === null || !existsSync(libraries)) return null;
  const controllerPort = await freePort();
  const classes = ['-cp', `${libraries}/*`];
  const program = await startProgram({
    command: java,
    port: ports.own,
    words: (folder) => ['-Xmx512m', ...classes, 'kafka.Kafka', join(folder, 'server.properties')],
    prepare: (folder) => {
      const file = join(folder, 'server.properties');
      writeFileSync(file, properties(ports, controllerPort, join(folder, 'logs')));
      const words = [...classes, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', file];
      const { status, stderr } = spawnSync(java, words, { encoding: 'utf8' });
      if (status !== 0) throw new Error(`the storage of Kafka cannot be made: ${stderr}`);
    },
  });
  return {
    brokers: brokersAt(ports),
    kill: (signal) => program.kill(signal),
    restart: (awayMs) => program.restart(awayMs),
    stop: () => program.stop(),
  };
}
