// The Kubernetes manifests against the schemas of their kinds, and the rules that every pod keeps. No cluster runs them here.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Deployment } from 'kubernetes-models/apps/v1';
import { Job } from 'kubernetes-models/batch/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { Service } from 'kubernetes-models/v1';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { repository } from '../journeys/gapwatch.fixture.ts';

type Container = Record<string, unknown> & {
  envFrom: Record<string, { name: string }>[];
  resources: { limits: { memory?: string } };
};
type Pod = { securityContext: unknown; containers: Container[] };
type Manifest = {
  kind: 'Deployment' | 'Job' | 'PodDisruptionBudget' | 'Service';
  metadata: { name: string };
  spec: { replicas?: number; template: { spec: Pod } };
};
type Kustomization = { resources: string[]; configMapGenerator: { name: string; files?: string[] }[] };

const kinds = { Deployment, Job, PodDisruptionBudget, Service };
const read = (name: string) => readFileSync(join(repository, 'infra/kubernetes', name), 'utf8');
const kustomization = parse(read('kustomization.yaml')) as Kustomization;
const manifests = kustomization.resources.flatMap((name) =>
  parseAllDocuments(read(name)).map((document) => document.toJS() as Manifest),
);
const titled = manifests.map((manifest) => [`${manifest.kind} ${manifest.metadata.name}`, manifest] as const);
const deployments = titled.filter(([, { kind }]) => kind === 'Deployment');
const pods = titled.filter(([, { kind }]) => kind === 'Deployment' || kind === 'Job');

function check(manifest: Manifest): void {
  new kinds[manifest.kind](manifest as never).validate();
}

describe('the Kubernetes manifests', () => {
  it.each(titled)('%s keeps the schema of its kind', (_, manifest) => {
    expect(() => check(manifest)).not.toThrow();
  });

  it('would not pass with a field of the wrong type', () => {
    const broken = structuredClone(deployments[0]![1]);
    Object.assign(broken.spec, { replicas: 'two' });
    expect(() => check(broken)).toThrow();
  });

  it.each(pods)('%s is not root, writes nowhere and has no capabilities', (_, { spec }) => {
    const pod = spec.template.spec;
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    for (const container of pod.containers) {
      expect(container.securityContext).toEqual({
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
      });
      expect(container.resources.limits.memory).toMatch(/^\d+[MG]i$/);
    }
  });

  it.each(deployments)('%s is asked whether it lives and is ready', (_, { spec }) => {
    for (const container of spec.template.spec.containers) {
      for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) expect(container[probe]).toBeDefined();
    }
  });

  it('budgets the disruption of whatever has more than one replica', () => {
    const several = deployments
      .filter(([, { spec }]) => (spec.replicas ?? 1) > 1)
      .map(([, { metadata }]) => metadata.name);
    const budgets = manifests.filter(({ kind }) => kind === 'PodDisruptionBudget').map(({ metadata }) => metadata.name);
    expect(budgets.sort()).toEqual(several.sort());
  });

  it('takes its environment from what is generated here, or from the secret of the installation', () => {
    const named = pods.flatMap(([, { spec }]) =>
      spec.template.spec.containers.flatMap(({ envFrom }) => envFrom.flatMap((from) => Object.values(from))),
    );
    const generated = kustomization.configMapGenerator.map(({ name }) => name);
    for (const { name } of named) expect([...generated, 'gapwatch-secrets']).toContain(name);
  });

  it('mounts the configuration that Compose mounts', () => {
    expect(read('gapwatch.yaml')).toBe(readFileSync(join(repository, 'infra/gapwatch.yaml'), 'utf8'));
  });
});
