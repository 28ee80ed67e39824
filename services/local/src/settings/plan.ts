// What a change of the configuration means, field by field: taken from here on, or a rebuild for the past to follow.
import type { Configuration, Stage } from '@gapwatch/contracts';
import { canonicalJson } from '@gapwatch/runtime';

/** `field`: where it stands, a stage or source by its id. `from`, `to`: JSON, null where there is none. */
export type Change = {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
  readonly means: 'from-here-on' | 'rebuild';
  readonly why: string;
};

type Meaning = Pick<Change, 'means' | 'why'>;

const places = 'it says which statements belong to a stage: those of the past stay where they are without';
const counts = 'it says how statements are counted: those of the past stay counted as they are without';
const read = 'it is read when it is needed, and nothing that was kept rests on it';

const ofStage: Readonly<Record<Exclude<keyof Stage, 'id'>, Meaning>> = {
  name: { means: 'rebuild', why: places },
  match: { means: 'rebuild', why: places },
  promises: { means: 'rebuild', why: counts },
  owner: { means: 'from-here-on', why: read },
  target: { means: 'from-here-on', why: 'alerts are measured by it from the next hour on' },
};

const ofAll = {
  segments: { means: 'rebuild', why: counts },
  lateness: { means: 'rebuild', why: counts },
  archive: { means: 'from-here-on', why: read },
  alerts: { means: 'from-here-on', why: 'what was decided stays decided; the next hour is decided by it' },
} as const satisfies Readonly<Record<string, Meaning>>;

const ofSource: Meaning = { means: 'from-here-on', why: 'it reads what comes; what it has read stays as it was read' };

/** In the order of the file; empty where both mean the same. */
export function planChange(before: Configuration, after: Configuration): Change[] {
  return [
    ...stageChanges(before.stages ?? null, after.stages ?? null),
    ...listChanges('sources', before.sources, after.sources),
    ...Object.entries(ofAll).flatMap(([field, meaning]) => {
      const name = field as keyof typeof ofAll;
      return changeOf(field, before[name], after[name], meaning);
    }),
  ];
}

function changeOf(field: string, from: unknown, to: unknown, meaning: Meaning): Change[] {
  if (isSame(from, to)) return [];
  return [{ field, from: from ?? null, to: to ?? null, ...meaning }];
}

function isSame(one: unknown, other: unknown): boolean {
  return canonicalJson(one ?? null) === canonicalJson(other ?? null);
}

function stageChanges(before: readonly Stage[] | null, after: readonly Stage[] | null): Change[] {
  const ids = (stages: readonly Stage[] | null) => stages?.map(({ id }) => id) ?? null;
  const meaning: Meaning = { means: 'rebuild', why: places };
  if (before === null || after === null) return changeOf('stages', ids(before), ids(after), meaning);
  const known = new Map(before.map((stage) => [stage.id, stage]));
  const wanted = new Map(after.map((stage) => [stage.id, stage]));
  const gone = before.filter(({ id }) => !wanted.has(id)).map(({ id }) => `stages.${id}`);
  const [stayed, stay] = [before.filter(({ id }) => wanted.has(id)), after.filter(({ id }) => known.has(id))];
  return [
    ...gone.map((field): Change => ({ field, from: 'configured', to: null, ...meaning })),
    ...after.flatMap((stage) => {
      const old = known.get(stage.id);
      const field = `stages.${stage.id}`;
      return old === undefined
        ? [{ field, from: null, to: 'configured', ...meaning }]
        : fieldChanges(field, old, stage);
    }),
    // of two rules that both fit the first one wins
    ...changeOf('stages', ids(stayed), ids(stay), { means: 'rebuild', why: `in another order: ${places}` }),
  ];
}

function fieldChanges(at: string, before: Stage, after: Stage): Change[] {
  return Object.entries(ofStage).flatMap(([field, meaning]) => {
    const name = field as keyof typeof ofStage;
    return changeOf(`${at}.${field}`, before[name], after[name], meaning);
  });
}

function listChanges(
  field: string,
  before: readonly { readonly id: string }[],
  after: readonly { readonly id: string }[],
): Change[] {
  const known = new Map(before.map((item) => [item.id, item]));
  const wanted = new Map(after.map((item) => [item.id, item]));
  return [...new Set([...known.keys(), ...wanted.keys()])].flatMap((id) =>
    changeOf(`${field}.${id}`, known.get(id), wanted.get(id), ofSource),
  );
}
