// From what a schema says against a value to faults in words: unions are followed to the branch that was meant,
// and an unknown key is told its nearest known neighbour.
import { z } from 'zod';
import { nearest } from './nearest.ts';

type Issue = z.core.$ZodIssue;
/** `isKey`: the fault lies in the last key of the path, not in its value. */
export type ValueFault = { readonly path: readonly PropertyKey[]; readonly message: string; readonly isKey: boolean };

/** The faults of a value under a schema; none when it fits. Paths begin with `path`. */
export function faultsOf(schema: z.ZodType, value: unknown, path: readonly PropertyKey[] = []): readonly ValueFault[] {
  const parsed = schema.safeParse(value);
  if (parsed.success) return [];
  const keys = new KnownKeys(schema);
  return parsed.error.issues
    .flatMap((issue) => explain(issue, value, keys))
    .map((fault) => ({ ...fault, path: [...path, ...fault.path] }));
}

function explain(issue: Issue, value: unknown, keys: KnownKeys): readonly ValueFault[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(issue.path, key, keys));
  if (issue.code === 'invalid_key') {
    return [{ path: issue.path, message: issue.issues.map(({ message }) => message).join('; '), isKey: true }];
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) return explainUnion(issue, value, keys);
  return [{ path: issue.path, message: wording(issue, valueAt(value, issue.path)), isKey: false }];
}

/** The branch with the fewest faults was meant; where none goes deeper than the value itself, the kinds it may have are named. */
function explainUnion(
  issue: Issue & { code: 'invalid_union' },
  value: unknown,
  keys: KnownKeys,
): readonly ValueFault[] {
  const deeper = issue.errors.filter((issues) =>
    issues.some((each) => each.path.length > 0 || each.code !== 'invalid_type'),
  );
  const [meant] = deeper.toSorted((left, right) => weight(left) - weight(right));
  if (meant === undefined) {
    const kinds = issue.errors.flatMap((issues) =>
      issues.map((each) => (each.code === 'invalid_type' ? article(each.expected) : each.message)),
    );
    const message = wrongKind([...new Set(kinds)].join(' or '), valueAt(value, issue.path));
    return [{ path: issue.path, message, isKey: false }];
  }
  return meant.flatMap((each) => explain({ ...each, path: [...issue.path, ...each.path] } as Issue, value, keys));
}

function weight(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
}

function unknownKey(path: readonly PropertyKey[], key: string, keys: KnownKeys): ValueFault {
  const known = keys.at(path);
  const near = nearest(key, known);
  const hint =
    near === null ? (known.length === 0 ? '' : `; known here are ${known.join(', ')}`) : `; did you mean ${near}?`;
  return { path: [...path, key], message: `unknown key${hint}`, isKey: true };
}

function wording(issue: Issue, found: unknown): string {
  if (issue.code === 'invalid_type') return wrongKind(article(issue.expected), found);
  if (issue.code === 'invalid_value' && found === undefined)
    return `missing: one of ${issue.values.map(String).join(', ')} is needed`;
  if (issue.code === 'invalid_value' && issue.message.startsWith('Invalid'))
    return chooseOne(issue.values.map(String), found);
  if (issue.code === 'too_big' && issue.message.startsWith('Too big'))
    return `${show(found)} is too ${issue.origin === 'number' ? 'large' : 'long'}: at most ${issue.maximum}`;
  if (issue.code === 'too_small' && issue.message.startsWith('Too small')) return tooSmall(issue, found);
  return issue.message;
}

function tooSmall(issue: Issue & { code: 'too_small' }, found: unknown): string {
  if (issue.origin !== 'number' && issue.origin !== 'int')
    return `at least ${issue.minimum} ${Number(issue.minimum) === 1 ? 'is' : 'are'} needed`;
  return `${show(found)} is too small: ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`;
}

function chooseOne(values: readonly string[], found: unknown): string {
  const near = nearest(String(found), values);
  return `${show(found)} is none of ${values.join(', ')}${near === null ? '' : `; did you mean ${near}?`}`;
}

function wrongKind(expected: string, found: unknown): string {
  if (found === undefined) return `missing: ${expected} is needed`;
  if (found === null) return `empty: ${expected} is needed; write it, or take the line out`;
  return `${show(found)} is not ${expected}`;
}

const kinds: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a group of keys',
  record: 'a group of keys',
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

function article(expected: string): string {
  return kinds[expected] ?? expected;
}

function show(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a group of keys';
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 60 ? text : `${text.slice(0, 50)}…`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<PropertyKey, unknown>)[key];
  }
  return found;
}

type Node = z.core.JSONSchema.JSONSchema;

/** The keys that a schema knows at a path, read from its JSON Schema; all branches of a union together. */
class KnownKeys {
  private readonly root: Node;

  constructor(schema: z.ZodType) {
    this.root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  }

  at(path: readonly PropertyKey[]): readonly string[] {
    let nodes = this.branches([this.root]);
    for (const key of path) nodes = this.branches(nodes.flatMap((node) => this.child(node, key)));
    return [...new Set(nodes.flatMap((node) => Object.keys(node.properties ?? {})))];
  }

  private child(node: Node, key: PropertyKey): readonly Node[] {
    const found = typeof key === 'number' ? node.items : (node.properties?.[String(key)] ?? node.additionalProperties);
    return typeof found === 'object' && !Array.isArray(found) ? [found as Node] : [];
  }

  private branches(nodes: readonly Node[]): readonly Node[] {
    return nodes.flatMap((node) => {
      const branches = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])];
      const target = typeof node.$ref === 'string' ? this.reference(node.$ref) : [];
      return [node, ...this.branches([...branches, ...target] as Node[])];
    });
  }

  private reference(pointer: string): readonly Node[] {
    const name = /^#\/\$defs\/(.+)$/.exec(pointer)?.[1];
    const found = name === undefined ? undefined : this.root.$defs?.[name];
    return typeof found === 'object' ? [found as Node] : [];
  }
}
