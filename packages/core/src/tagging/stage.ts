// Where in the journey a signal belongs: what it says itself, then the configured rules, then the names of the stages.
import { type MatchRule, type Stage, unknownStage } from '@gapwatch/contracts';
import { keyOf } from './hash.ts';
import { createTokens, scan, type Tokens } from './scan.ts';

/** The parts of a signal that rules look at. */
export type Placed = {
  readonly stage?: string | undefined;
  readonly text?: string | undefined;
  readonly attributes?: Readonly<Record<string, string | number | boolean>> | undefined;
  readonly segment?: Readonly<Record<string, string>> | undefined;
};

/** Words in a row, each as the keys that it may have in a text. */
type Words = readonly ReadonlySet<number>[];
type Rules = {
  readonly ids: ReadonlySet<string>;
  readonly fields: readonly {
    readonly id: string;
    readonly path: readonly string[];
    readonly is: ReadonlySet<string>;
  }[];
  /** words of the rules, then the stages' own names, in order */
  readonly words: readonly { readonly id: string; readonly words: Words }[];
};

const compiled = new WeakMap<readonly Stage[], Rules>();
const tokens = createTokens();

/**
 * The id of the stage. `stages` null: the signals name their own. A stage that is not configured is `unknown`. Rules on
 * fields are tried before those on words, since a queue is surer than a word; within each in the order of the file.
 */
export function stageOf(signal: Placed, stages: readonly Stage[] | null): string {
  if (stages === null) return signal.stage ?? unknownStage;
  const rules = rulesOf(stages);
  if (signal.stage !== undefined) return rules.ids.has(signal.stage) ? signal.stage : unknownStage;
  for (const { id, path, is } of rules.fields) {
    const value = fieldOf(signal, path);
    if (value !== undefined && is.has(value)) return id;
  }
  if (signal.text === undefined) return unknownStage;
  scan(signal.text, tokens);
  return rules.words.find(({ words }) => stands(words, tokens))?.id ?? unknownStage;
}

function rulesOf(stages: readonly Stage[]): Rules {
  const known = compiled.get(stages);
  if (known !== undefined) return known;
  const rules = compile(stages);
  compiled.set(stages, rules);
  return rules;
}

function compile(stages: readonly Stage[]): Rules {
  const each = (read: (rule: MatchRule, id: string) => Rules['words']) =>
    stages.flatMap(({ id, match = [] }) => match.flatMap((rule) => read(rule, id)));
  const named = stages.flatMap(({ id, name }) =>
    [id, ...(name === undefined ? [] : [name])].map((text) => ({ id, words: wordsOf(text) })),
  );
  return {
    ids: new Set(stages.map(({ id }) => id)),
    fields: stages.flatMap(({ id, match = [] }) =>
      match.flatMap((rule) => ('field' in rule ? [{ id, path: rule.field.split('.'), is: new Set(rule.is) }] : [])),
    ),
    words: [
      ...each((rule, id) => ('words' in rule ? rule.words.map((text) => ({ id, words: wordsOf(text) })) : [])),
      ...named,
    ],
  };
}

/** A word is also found with the endings that make it plural in the seven languages. */
const endings = ['', 's', 'es', 'n', 'en', 'e', 'er'];

function wordsOf(text: string): Words {
  return (text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).map(
    (word) => new Set(endings.map((ending) => keyOf(word + ending))),
  );
}

function stands(words: Words, { keys, count }: Tokens): boolean {
  if (words.length === 0) return false;
  for (let at = 0; at + words.length <= count; at += 1) {
    if (words.every((word, index) => word.has(keys[at + index] as number))) return true;
  }
  return false;
}

/** `attributes.queue` and the like; an attribute's own name may have dots. */
function fieldOf(signal: Placed, [first = '', ...rest]: readonly string[]): string | undefined {
  const value = (signal as Readonly<Record<string, unknown>>)[first];
  if (rest.length === 0) return textOf(value);
  if (typeof value !== 'object' || value === null) return undefined;
  const name = rest.join('.');
  return Object.hasOwn(value, name) ? textOf((value as Readonly<Record<string, unknown>>)[name]) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}
