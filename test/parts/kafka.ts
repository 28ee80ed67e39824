// A real Apache Kafka: the one that a variable names, else one in a container, else one node of KRaft from local jars.
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka } from 'kafkajs';
import { type Container, containerOf } from './containers.ts';
import { freePort, partsFolder, programOnPath, startProgram } from './programs.ts';
import { needs, partOf } from './required.ts';

export type KafkaPart = Container & { readonly brokers: readonly string[] };

/** Where it listens, and the port under which clients are told to find it. */
export type KafkaPorts = { readonly own: number; readonly advertised: number };

const clusterId = 'Z2Fwd2F0Y2gtdGVzdHMxMg';
const libraries = join(partsFolder, 'kafka/libs');

/** One node of a cluster: its place among the ports of all controllers says which. */
type Node = { readonly id: number; readonly ports: KafkaPorts; readonly controllers: readonly number[] };

function properties({ id, ports, controllers }: Node, logs: string): string {
  const { own, advertised } = ports;
  const replicas = controllers.length;
  return [
    'process.roles=broker,controller',
    `node.id=${id}`,
    `controller.quorum.voters=${controllers.map((port, at) => `${at + 1}@127.0.0.1:${port}`).join(',')}`,
    `listeners=PLAINTEXT://127.0.0.1:${own},CONTROLLER://127.0.0.1:${controllers[id - 1]}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${advertised}`,
    'controller.listener.names=CONTROLLER',
    'inter.broker.listener.name=PLAINTEXT',
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    `log.dirs=${logs}`,
    'num.partitions=1',
    `default.replication.factor=${replicas}`,
    `min.insync.replicas=${Math.min(2, replicas)}`,
    `offsets.topic.replication.factor=${replicas}`,
    'offsets.topic.num.partitions=4',
    `transaction.state.log.replication.factor=${replicas}`,
    'transaction.state.log.min.isr=1',
    // a node that was killed is missed soon
    'broker.session.timeout.ms=2000',
    'broker.heartbeat.interval.ms=500',
    'group.initial.rebalance.delay.ms=0',
    'group.min.session.timeout.ms=1000',
    'auto.create.topics.enable=false',
    'log.retention.check.interval.ms=1000',
  ].join('\n');
}

/** What an administrator may do to a topic, under the name that the cluster knows. */
export async function growTopic({ brokers }: KafkaPart, topic: string, count: number): Promise<void> {
  const admin = new Kafka({ brokers: [...brokers], logLevel: 0 }).admin();
  await admin.createPartitions({ topicPartitions: [{ topic, count }] });
  await admin.disconnect();
}

/** Writes records in a transaction each, which is then committed or aborted. */
export async function transact(
  { brokers }: KafkaPart,
  topic: string,
  values: readonly (readonly [value: string, isCommitted: boolean])[],
): Promise<void> {
  const client = new Kafka({ brokers: [...brokers], logLevel: 0, retry: { retries: 20 } });
  const producer = client.producer({ idempotent: true, transactionalId: topic, maxInFlightRequests: 1 });
  await producer.connect();
  for (const [value, isCommitted] of values) {
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ value }] });
    await (isCommitted ? transaction.commit() : transaction.abort());
  }
  await producer.disconnect();
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
  return startNode({ id: 1, ports, controllers: [await freePort()] });
}

const nodes = 3;

/**
 * Nodes that hold every record together, each of which can be killed alone; any of the brokers knows the others. From local jars
 * alone. null: they are not here, and not required.
 */
export const startKafkaNodes = (): Promise<readonly KafkaPart[] | null> =>
  partOf('Kafka', remedy, async () => {
    const ports = await Promise.all(Array.from({ length: 2 * nodes }, freePort));
    const controllers = ports.slice(nodes);
    // none answers before it has found another
    const started = await Promise.all(
      ports.slice(0, nodes).map((own, at) => startNode({ id: at + 1, ports: { own, advertised: own }, controllers })),
    );
    const found = started.filter((node) => node !== null);
    return found.length === nodes ? found : null;
  });

/** What one node has beside the usual. */
export type KafkaSpecial = {
  /** lines that take the place of the usual ones of their name */
  readonly settings: (folder: string) => readonly string[];
  /** puts files into its folder that the settings name */
  readonly prepare: (folder: string) => void;
  /** words about users, for the tool that makes its storage */
  readonly users: readonly string[];
};

export type SpecialPart = KafkaPart & { readonly folder: string };

/** One node, from local jars alone. null: they are not here, and not required. */
export const startSpecialKafka = (
  own: number,
  controller: number,
  special: KafkaSpecial,
): Promise<SpecialPart | null> =>
  partOf('Kafka', remedy, () =>
    startNode({ id: 1, ports: { own, advertised: own }, controllers: [controller] }, special),
  );

const classes = ['-cp', `${libraries}/*`];

/** Runs one of Kafka's own tools to its end. */
export function runKafkaTool(name: string, words: readonly string[]): void {
  const { status, stderr } = spawnSync(programOnPath('java') ?? '', [...classes, name, ...words], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} ${words.join(' ')}: ${stderr}`);
}

async function startNode(node: Node, special?: KafkaSpecial): Promise<SpecialPart | null> {
  const java = programOnPath('java');
  if (java === null || !existsSync(libraries)) return null;
  const program = await startProgram({
    command: java,
    port: node.ports.own,
    words: (folder) => ['-Xmx512m', ...classes, 'kafka.Kafka', join(folder, 'server.properties')],
    prepare: (folder) => {
      const file = join(folder, 'server.properties');
      const further = special?.settings(folder) ?? [];
      writeFileSync(file, [properties(node, join(folder, 'logs')), ...further].join('\n'));
      special?.prepare(folder);
      const words = ['format', '-t', clusterId, '-c', file, ...(special?.users ?? [])];
      runKafkaTool('kafka.tools.StorageTool', words);
    },
  });
  return {
    folder: program.folder,
    brokers: brokersAt(node.ports),
    kill: (signal) => program.kill(signal),
    restart: (awayMs) => program.restart(awayMs),
    stop: () => program.stop(),
  };
}
