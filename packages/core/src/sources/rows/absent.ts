// Paths that lead nowhere in any object so far: a typing error, most likely. An object may lack what another has, so this
// is only known at the end. Once a path was found it is looked for no more.
import { describeAbsence, type Locate, locator, nested, type Row, type Scope } from './paths.ts';
import type { RowSettings, StatementSettings } from './settings.ts';

type Pending = {
  readonly column: string;
  readonly label: string;
  readonly each: Locate | null;
  readonly locate: Locate;
};

export class AbsentPaths {
  #pending: readonly Pending[];
  /** the first place where a path was looked for: its keys are named */
  readonly #first = new Map<string, Scope>();

  constructor({ columns, statements = [] }: RowSettings) {
    const shared = pathsOf({ columns }, 'row');
    const own = statements.flatMap((statement) => [...listOf(statement), ...pathsOf(statement, 'element')]);
    this.#pending = [...shared, ...own];
  }

  look(row: Row): void {
    if (this.#pending.length > 0) this.#pending = this.#pending.filter((pending) => !this.#isFound(pending, row));
  }

  /** One line for each path that was in none of the objects. */
  warnings(): string[] {
    return this.#pending.flatMap(({ column, label }) => {
      const scope = this.#first.get(label);
      return scope === undefined
        ? []
        : [`${label} was found in none of the objects: ${describeAbsence(column, scope)}`];
    });
  }

  #isFound({ label, each, locate }: Pending, row: Row): boolean {
    const list = each === null ? [row] : each({ row, element: row });
    if (!Array.isArray(list)) return false;
    return list.some((element: unknown) => {
      if (typeof element !== 'object' || element === null) return false;
      const scope = { row, element: element as Row };
      if (!this.#first.has(label)) this.#first.set(label, scope);
      return locate(scope) !== undefined;
    });
  }
}

function listOf({ each }: StatementSettings): Pending[] {
  return each === undefined
    ? []
    : [
        {
          column: each,
          label: `each (path ${JSON.stringify(each)})`,
          each: null,
          locate: locator(each, nested, 'row'),
        },
      ];
}

function pathsOf(statement: Pick<StatementSettings, 'columns' | 'each'>, base: keyof Scope): Pending[] {
  const each = statement.each === undefined ? null : locator(statement.each, nested, 'row');
  return Object.entries(statement.columns).flatMap(([field, settings]) => {
    const column = typeof settings === 'string' ? settings : settings.column;
    return column === undefined
      ? []
      : [{ column, label: `${field} (path ${JSON.stringify(column)})`, each, locate: locator(column, nested, base) }];
  });
}
