// Which rows are read: a cell is one of some texts, or none of them.
import { textOf } from './cells.ts';
import { locator, type Scope, type Shape } from './paths.ts';
import type { ConditionSettings } from './settings.ts';

export type Condition = {
  readonly columns: readonly string[];
  /** why the row is left out; null where it is read */
  fault(scope: Scope): string | null;
};

type When = ConditionSettings | readonly ConditionSettings[] | undefined;

const shownTexts = 10;

/** Conditions of a list must all hold; none is no condition. */
export function condition(when: When, shape: Shape, base: keyof Scope): Condition {
  const all = [when ?? []].flat() as readonly ConditionSettings[];
  const checks = all.map((one) => check(one, shape, base));
  return {
    columns: all.map(({ column }) => column),
    fault(scope) {
      for (const each of checks) {
        const fault = each(scope);
        if (fault !== null) return fault;
      }
      return null;
    },
  };
}

function check({ column, is, isNot }: ConditionSettings, shape: Shape, base: keyof Scope) {
  const locate = locator(column, shape, base);
  const wanted = is === undefined ? null : textsOf(is);
  const unwanted = isNot === undefined ? null : textsOf(isNot);
  return (scope: Scope): string | null => {
    const text = textOf(locate(scope)) ?? '';
    if (wanted !== null && !wanted.has(text)) return `${column} is not ${listTexts(wanted)}`;
    return unwanted?.has(text) ? `${column} is ${listTexts([text])}` : null;
  };
}

type Texts = NonNullable<ConditionSettings['is']>;

function textsOf(texts: Texts): ReadonlySet<string> {
  return new Set([texts].flat().map(String));
}

function listTexts(texts: Iterable<string>): string {
  const shown = [...texts]
    .slice(0, shownTexts)
    .map((text) => (text === '' ? 'empty' : JSON.stringify(text.slice(0, 40))));
  return shown.join(' or ');
}
