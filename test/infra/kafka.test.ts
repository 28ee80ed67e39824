// A Kafka that wants TLS and SASL and lets nobody do what infra/kafka/acls.md does not list: enough for a whole installation.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { gapwatch, repository } from '../journeys/gapwatch.fixture.ts';
import {
  configurationFile,
  post,
  reviews,
  sources,
  stages,
  startWorker,
  statementsAt,
} from '../journeys/kafka.fixture.ts';
import { runKafkaTool, startSpecialKafka, withKafka } from '../parts/kafka.ts';
import { freePort, programOnPath } from '../parts/programs.ts';
import { startRedis } from '../parts/redis.ts';
import { partOf } from '../parts/required.ts';

const [port, inside, controller] = [await freePort(), await freePort(), await freePort()];
const scram = ['SCRAM-SHA-256', 'SCRAM-SHA-512'];
const plainUsers = 'user_gapwatch="secret" user_gapwatch-topics="secret"';
const login = (mechanism: string, module: string) =>
  `listener.name.client.${mechanism.toLowerCase()}.sasl.jaas.config=org.apache.kafka.common.security.${module};`;

/** `CLIENT` is what the world sees; who asks on the other is the administrator. */
const settings = (folder: string) => [
  `listeners=CLIENT://127.0.0.1:${port},PLAINTEXT://127.0.0.1:${inside},CONTROLLER://127.0.0.1:${controller}`,
  `advertised.listeners=CLIENT://127.0.0.1:${port},PLAINTEXT://127.0.0.1:${inside}`,
  'listener.security.protocol.map=CLIENT:SASL_SSL,PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  `sasl.enabled.mechanisms=PLAIN,${scram.join(',')}`,
  login('PLAIN', `plain.PlainLoginModule required ${plainUsers}`),
  ...scram.map((mechanism) => login(mechanism, 'scram.ScramLoginModule required')),
  'ssl.keystore.type=PEM',
  `ssl.keystore.location=${folder}/keystore.pem`,
  'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users=User:ANONYMOUS',
];

function prepare(folder: string): void {
  const request = '-newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1';
  const made = ['req', '-x509', ...request.split(' '), '-keyout', 'key.pem', '-out', 'cert.pem'];
  execFileSync('openssl', made, { cwd: folder, stdio: 'ignore' });
  const pem = ['key.pem', 'cert.pem'].map((name) => readFileSync(join(folder, name), 'utf8'));
  writeFileSync(join(folder, 'keystore.pem'), pem.join(''));
}

const users = scram.flatMap((mechanism) => ['--add-scram', `${mechanism}=[name=gapwatch,password=secret]`]);
const kafka = await partOf('openssl', 'install openssl', async () =>
  programOnPath('openssl') === null ? null : startSpecialKafka(inside, controller, { settings, prepare, users }),
);
const redis = await startRedis();
afterAll(() => Promise.all([kafka?.stop(), redis?.stop()]));

const worker = (mechanism: string, password = 'secret') => ({
  GAPWATCH_KAFKA_BROKERS: `127.0.0.1:${port}`,
  GAPWATCH_KAFKA_TLS: 'on',
  GAPWATCH_KAFKA_SASL_MECHANISM: mechanism,
  GAPWATCH_KAFKA_SASL_USERNAME: 'gapwatch',
  GAPWATCH_KAFKA_SASL_PASSWORD: password,
  GAPWATCH_REDIS_URL: redis?.urls.join(',') ?? '',
  GAPWATCH_CONFIG: configurationFile(stages + sources),
  NODE_EXTRA_CA_CERTS: join(kafka?.folder ?? '', 'cert.pem'),
});
const administrator = () => ({ ...worker('plain'), GAPWATCH_KAFKA_SASL_USERNAME: 'gapwatch-topics' });

/** Does what the page tells an administrator to do. */
function grantWhatIsListed(): void {
  const page = readFileSync(join(repository, 'infra/kafka/acls.md'), 'utf8');
  const grants = [...page.matchAll(/^\$ACLS (.*)$/gm)].map(([, words = '']) => words.split(' '));
  expect(grants).toHaveLength(4);
  const to = ['--bootstrap-server', `127.0.0.1:${inside}`, '--add'];
  for (const words of grants) runKafkaTool('org.apache.kafka.tools.AclCommand', [...to, ...words]);
}

describe.skipIf(kafka === null || redis === null)(withKafka('a Kafka that is closed'), () => {
  it('is away without its authority, and refuses another password and whoever has no rights, each with what to do', async () => {
    const said = async (environment: Record<string, string>) => {
      const { status, stderr } = await gapwatch(['topics'], '', environment);
      return [status, stderr];
    };
    const known = worker('scram-sha-256');
    const answers = await Promise.all([
      said({ ...known, NODE_EXTRA_CA_CERTS: '' }),
      said(worker('scram-sha-512', 'wrong')),
      said(worker('plain', 'wrong')),
      said(known),
    ]);
    expect(answers).toEqual([
      [2, expect.stringMatching(/^gapwatch: Kafka is away .*certificate.*NODE_EXTRA_CA_CERTS\n$/)],
      [2, expect.stringMatching(/^gapwatch: Kafka does not let us: .*GAPWATCH_KAFKA_SASL_PASSWORD\n$/)],
      [2, expect.stringMatching(/^gapwatch: Kafka does not let us: .*GAPWATCH_KAFKA_SASL_PASSWORD\n$/)],
      [2, expect.stringMatching(/^gapwatch: Kafka does not let us: .*infra\/kafka\/acls\.md lists\n$/)],
    ]);
  });

  it('lets the two users work that the page lists, by every mechanism, and nothing more is needed', async () => {
    grantWhatIsListed();
    expect(await gapwatch(['topics'], '', administrator())).toMatchObject({ status: 0, stderr: '' });
    let heard = 0;
    for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512']) {
      const environment = worker(mechanism);
      const roles = ['gateway', 'tagger', 'aggregator', 'detector', 'notifier', 'console'];
      const { child, address } = await startWorker(environment, roles);
      await post(address, reviews(3, mechanism, Date.now()));
      heard += 3;
      await expect.poll(() => statementsAt(address)).toBe(heard);
      child.kill();
    }
    const { stdout } = await gapwatch(['verify'], '', worker('plain'));
    expect(stdout).toMatch(/wrong 0, missing 0, extra 0/);
    expect(await gapwatch(['rebuild'], '', administrator())).toMatchObject({ status: 0 });
  });
});
