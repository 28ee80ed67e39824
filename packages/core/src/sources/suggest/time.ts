// How the cells of a column are read as times.
import { dateReader } from '../rows/dates.ts';
import type { ColumnSuggestion } from './proposal.ts';
import { isFew, type SampledColumn } from './sampled.ts';

const clocks = ['', ' HH:mm', ' HH:mm:ss', ' hh:mm A', ' hh:mm:ss A'];
const days = ['/', '.', '-'].flatMap((mark) => [
  `DD${mark}MM${mark}YYYY`,
  `MM${mark}DD${mark}YYYY`,
  `DD${mark}MM${mark}YY`,
]);
const words = ['D MMM YYYY', 'MMM D, YYYY', 'D-MMM-YYYY', 'D-MMM-YY'];
/** Of forms, of mail and feeds, and of programs that print a time as it comes. */
const printed = [
  'YYYY/MM/DD hh:mm:ss A Z',
  'ddd, D MMM YYYY HH:mm:ss Z',
  'ddd MMM D HH:mm:ss Z YYYY',
  'ddd, MMM D, YYYY',
  'ddd, D MMM YYYY',
];
const writtenFormats = [...[...days, ...words].flatMap((day) => clocks.map((clock) => day + clock)), ...printed];

type TimeFormat = { readonly format: string | undefined; readonly odd: readonly string[] };

export type TimeSuggestion = {
  readonly suggestion: ColumnSuggestion;
  /** cells that are no times of that format */
  readonly odd: readonly string[];
  /** the two formats that fit equally well and mean different days, or null */
  readonly doubtful: readonly [string, string] | null;
};

/** Several guesses ask it of each column, and every answer tries all the formats on all the cells. */
const known = new WeakMap<SampledColumn, TimeSuggestion | null>();

/** Null where most of the cells are times of no one format. */
export function suggestTime(column: SampledColumn): TimeSuggestion | null {
  const before = known.get(column);
  if (before !== undefined) return before;
  const suggestion = readAsTime(column);
  known.set(column, suggestion);
  return suggestion;
}

function readAsTime(column: SampledColumn): TimeSuggestion | null {
  const [first, second] = timeFormats(column);
  if (first === undefined) return null;
  const { format, odd } = first;
  if (format === undefined) return { suggestion: column.name, odd, doubtful: null };
  const isDoubtful =
    second?.format !== undefined &&
    second.odd.length === odd.length &&
    second.format.slice(0, 2) !== format.slice(0, 2);
  return {
    suggestion: { column: column.name, format },
    odd,
    doubtful: isDoubtful ? [format, second.format as string] : null,
  };
}

/** Formats under which most cells are times, those that leave fewest over first; undefined is the one that needs no name. */
function timeFormats({ cells }: SampledColumn): TimeFormat[] {
  const counts = cells.every((cell) => /^\d{10}$/.test(cell)) ? ['unix'] : [];
  const counted = cells.every((cell) => /^\d{13}$/.test(cell)) ? ['unix-ms'] : counts;
  const formats = [undefined, ...counted, ...writtenFormats].map((format) => {
    const read = dateReader(format, 'UTC');
    return { format, odd: cells.filter((cell) => read(cell).fault !== undefined) };
  });
  return formats.filter(({ odd }) => isFew(odd, cells)).toSorted((one, other) => one.odd.length - other.odd.length);
}
