// Where a column lies: the name at the head of a table, or a dotted path in a JSON object. Made ready once, used for every row.

export type Row = Readonly<Record<string, unknown>>;
/** What a statement is read from: the row itself and, where it is an element of a list in the row, that element. */
export type Scope = { readonly row: Row; readonly element: Row };
/** The value of a column; undefined where the row has no such column. */
export type Locate = (scope: Scope) => unknown;

/** How the columns of a source are found. `word`: what a user calls one. */
export type Shape = { readonly isNested: boolean; readonly word: 'column' | 'path' };
export const flat: Shape = { isNested: false, word: 'column' };
export const nested: Shape = { isNested: true, word: 'path' };

const outward = '$.';

/** `base`: where a path without `$.` begins. */
export function locator(column: string, shape: Shape, base: keyof Scope): Locate {
  if (!shape.isNested) return (scope) => (Object.hasOwn(scope.row, column) ? scope.row[column] : undefined);
  const isOutward = column.startsWith(outward);
  const find = pathFinder(isOutward ? column.slice(outward.length) : column);
  const from = isOutward ? 'row' : base;
  return (scope) => find(scope[from]);
}

/** Finds a path in an object; at each step a key that is called like the whole rest of the path goes before. */
function pathFinder(path: string): (object: Row) => unknown {
  const steps = path.split('.');
  const rests = steps.map((_, index) => steps.slice(index).join('.'));
  return (object) => {
    let found: unknown = object;
    for (const [index, step] of steps.entries()) {
      if (typeof found !== 'object' || found === null) return undefined;
      const rest = rests[index] as string;
      if (Object.hasOwn(found, rest)) return (found as Row)[rest];
      found = Object.hasOwn(found, step) ? (found as Row)[step] : undefined;
    }
    return undefined;
  };
}

const shownKeys = 40;

/** Says what is there where a path leads nowhere: the keys of the last object on its way. */
export function describeAbsence(column: string, { row, element }: Scope): string {
  const isOutward = column.startsWith(outward);
  const steps = (isOutward ? column.slice(outward.length) : column).split('.');
  let found: object = isOutward ? row : element;
  const way: string[] = [];
  for (const step of steps) {
    const next = Object.hasOwn(found, step) ? (found as Row)[step] : undefined;
    if (typeof next !== 'object' || next === null) break;
    found = next;
    way.push(step);
  }
  return `there is no ${JSON.stringify(column)}; ${inside(way)} ${keysOf(found)}`;
}

function inside(way: readonly string[]): string {
  return way.length === 0 ? 'the keys here are' : `the keys of ${JSON.stringify(way.join('.'))} are`;
}

function keysOf(object: object): string {
  const keys = Object.keys(object);
  return keys.length === 0 ? 'none' : listNames(keys.slice(0, shownKeys));
}

export function listNames(names: readonly unknown[]): string {
  return names.map((name) => JSON.stringify(name)).join(', ');
}
