// The fields of a signal that a column can fill, and how the text of a cell is read for each.

export type CellType = 'text' | 'word' | 'time' | 'rating' | 'number' | 'whole' | 'truth';

const plainFields = {
  kind: 'word',
  source: 'text',
  subject: 'text',
  version: 'whole',
  op: 'word',
  thread: 'text',
  customer: 'text',
  occurredAt: 'time',
  observedAt: 'time',
  stage: 'text',
  author: 'word',
  text: 'text',
  language: 'text',
  rating: 'rating',
  'rating.value': 'rating',
  'rating.min': 'number',
  'rating.max': 'number',
  status: 'word',
  solicited: 'truth',
  'promise.what': 'text',
  'promise.dueAt': 'time',
  'promise.keptAt': 'time',
  'belief.share': 'number',
  'belief.n': 'whole',
  'belief.from': 'time',
  'belief.to': 'time',
  'belief.what': 'word',
  'lifecycle.event': 'word',
  'lifecycle.value': 'number',
  'lifecycle.involuntary': 'truth',
  'lifecycle.mergedInto': 'text',
  contact: 'text',
  url: 'text',
} as const satisfies Record<string, CellType>;

const types: ReadonlyMap<string, CellType> = new Map(Object.entries(plainFields));
export const plainFieldNames: readonly string[] = [...types.keys()];

/** How a cell is read for this field; null when a signal has no such field. `segment.X` and `attributes.X` take any name X. */
export function cellTypeOf(field: string): CellType | null {
  if (/^(?:segment|attributes)\../.test(field)) return 'text';
  return types.get(field) ?? null;
}

/** The path in the signal: `attributes.a.b` is the attribute `a.b`; `rating` alone is its value. */
export function pathOf(field: string): readonly [string] | readonly [string, string] {
  if (field === 'rating') return ['rating', 'value'];
  const dot = field.indexOf('.');
  return dot < 0 ? [field] : [field.slice(0, dot), field.slice(dot + 1)];
}
