// Dates of exports: a named format is obeyed to the letter, and without a name only what cannot be misread is taken.
import { isZone, wallToUtcMs } from './zones.ts';

/** `time`: UTC with milliseconds. */
export type DateReading = { readonly time: string; readonly fault?: undefined } | { readonly fault: string };
export type DateReader = (text: string) => DateReading;

type Unit = 'year' | 'month' | 'day' | 'weekday' | 'hour' | 'minute' | 'second' | 'millisecond' | 'half' | 'offset';
type Parts = Partial<Record<Unit, number>>;
type Token = { readonly unit: Unit; readonly pattern: string; readonly fixed?: string; read(text: string): number };

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const oneOrTwo = '(\\d{1,2})';
const two = '(\\d{2})';
/** two digits of a year: 70 to 99 are of the last century, the rest of this one */
const pivot = 70;
export const earliestYear = 1900;
export const latestYear = 2200;

function digits(unit: Unit): Token {
  return { unit, pattern: oneOrTwo, fixed: two, read: Number };
}

const tokens: Readonly<Record<string, Token>> = {
  YYYY: { unit: 'year', pattern: '(\\d{4})', read: Number },
  YY: { unit: 'year', pattern: two, read: (text) => Number(text) + (Number(text) < pivot ? 2_000 : 1_900) },
  MMM: {
    unit: 'month',
    pattern: '([A-Za-z]{3,9})\\.?',
    read: (text) => monthNames.indexOf(text.slice(0, 3).toLowerCase()) + 1,
  },
  ddd: { unit: 'weekday', pattern: '([A-Za-z]{2,9})\\.?', read: () => 0 },
  MM: digits('month'),
  M: digits('month'),
  DD: digits('day'),
  D: digits('day'),
  HH: digits('hour'),
  H: digits('hour'),
  hh: digits('hour'),
  h: digits('hour'),
  mm: digits('minute'),
  m: digits('minute'),
  ss: digits('second'),
  s: digits('second'),
  SSS: { unit: 'millisecond', pattern: '(\\d{1,9})', read: (text) => Math.trunc(Number(`0.${text}`) * 1_000) },
  A: { unit: 'half', pattern: '([AaPp])\\.?[Mm]\\.?', read: (text) => (text.toLowerCase() === 'p' ? 12 : 0) },
  Z: {
    unit: 'offset',
    pattern: '(Z|(?:UTC|GMT)(?:[+-]\\d{1,2}(?::?\\d{2})?)?|[+-]\\d{2}:?\\d{2})',
    read: offsetMinutes,
  },
};

const tokenPattern = /YYYY|YY|ddd|MMM|MM|M|DD|D|HH|H|hh|h|mm|m|ss|s|SSS|A|Z|T|[^A-Za-z]+|./g;

export const dateFormatRemedy =
  'write unix, unix-ms, or a format of YYYY MM DD (MMM for a name, ddd for a day of the week), HH mm ss SSS (hh and A for am and pm) and Z, such as DD/MM/YYYY or YYYY-MM-DD HH:mm:ss';

export function isDateFormat(format: string): boolean {
  return format === 'unix' || format === 'unix-ms' || compile(format) !== null;
}

/** A reader of dates. Without a format: RFC 3339 and dates that begin with the year. `zone` holds where the text names none. */
export function dateReader(format: string | undefined, zone: string): DateReader {
  if (!isZone(zone)) throw new RangeError(`no time zone: ${zone}`);
  if (format === undefined) return (text) => readUnnamed(text, zone);
  if (format === 'unix') return (text) => readUnix(text, 1_000);
  if (format === 'unix-ms') return (text) => readUnix(text, 1);
  const compiled = compile(format);
  if (compiled === null) throw new RangeError(`no date format: ${format}; ${dateFormatRemedy}`);
  return (text) => readNamed(text, format, compiled, zone);
}

type Compiled = { readonly pattern: RegExp; readonly tokens: readonly Token[] };

function compile(format: string): Compiled | null {
  const pieces = format.match(tokenPattern) ?? [];
  const found: Token[] = [];
  let pattern = '';
  for (const [index, piece] of pieces.entries()) {
    const token = Object.hasOwn(tokens, piece) ? tokens[piece] : undefined;
    if (token !== undefined) {
      found.push(token);
      const touches = isToken(pieces[index - 1]) || isToken(pieces[index + 1]);
      pattern += touches ? (token.fixed ?? token.pattern) : token.pattern;
    } else if (/^[A-Za-z]$/.test(piece) && piece !== 'T') return null;
    else pattern += literal(piece);
  }
  const units = found.map((token) => token.unit);
  const whole = (['year', 'month', 'day'] as const).every((unit) => units.includes(unit));
  if (!whole || new Set(units).size !== units.length) return null;
  return { pattern: new RegExp(`^${pattern}$`), tokens: found };
}

function isToken(piece: string | undefined): boolean {
  return piece !== undefined && Object.hasOwn(tokens, piece);
}

function literal(piece: string): string {
  return piece.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(/ +/g, ' +');
}

function readNamed(text: string, format: string, compiled: Compiled, zone: string): DateReading {
  const match = compiled.pattern.exec(text);
  if (match === null) return { fault: `${quote(text)} is not written as ${format}` };
  const parts: Parts = {};
  for (const [index, token] of compiled.tokens.entries()) parts[token.unit] = token.read(match[index + 1] ?? '');
  return fromParts(parts, text, zone);
}

// `.` and `,` before fractions, a blank or T before the clock, an offset or none
const yearFirst =
  /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)? ?(Z|UTC|[+-]\d{2}:?\d{2})?$/;

function readUnnamed(text: string, zone: string): DateReading {
  const match = yearFirst.exec(text);
  if (match === null) return { fault: unnamedFault(text) };
  const parts: Parts = {
    year: Number(match[1]),
    month: Number(match[3]),
    day: Number(match[4]),
    hour: Number(match[5] ?? 0),
    minute: Number(match[6] ?? 0),
    second: Number(match[7] ?? 0),
    millisecond: Math.trunc(Number(`0.${match[8] ?? 0}`) * 1_000),
  };
  if (match[9] !== undefined) parts.offset = offsetMinutes(match[9]);
  return fromParts(parts, text, zone);
}

function unnamedFault(text: string): string {
  const ambiguous = /^\d{1,2}([/.-])\d{1,2}\1(?:\d{4}|\d{2})\b/.test(text);
  const why = ambiguous ? 'may begin with the day or with the month' : 'is no date that can be read without its format';
  return `${quote(text)} ${why}: name it, such as format: ${ambiguous ? 'DD/MM/YYYY or format: MM/DD/YYYY' : 'DD/MM/YYYY HH:mm'}`;
}

function readUnix(text: string, unitMs: number): DateReading {
  if (!/^-?\d{1,14}(?:\.\d+)?$/.test(text))
    return { fault: `${quote(text)} is no count of ${unitMs === 1 ? 'milliseconds' : 'seconds'}` };
  return fromMs(Math.trunc(Number(text) * unitMs), text);
}

function fromParts(parts: Parts, text: string, zone: string): DateReading {
  const { year = 0, month = 0, day = 0, minute = 0, second = 0, millisecond = 0 } = parts;
  const hour = hourOf(parts);
  if (month < 1 || month > 12) return { fault: `${quote(text)} has no month from 1 to 12` };
  const days = new Date(Date.UTC(2_000 + (year % 400), month, 0)).getUTCDate();
  if (day < 1 || day > days) return { fault: `${quote(text)}: that month has ${days} days` };
  if (hour === null || minute > 59 || second > 59) return { fault: `${quote(text)}: there is no such time of day` };
  if (year < earliestYear || year > latestYear) return { fault: yearFault(text) };
  const wallMs = Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
  return fromMs(parts.offset === undefined ? wallToUtcMs(wallMs, zone) : wallMs - parts.offset * 60_000, text);
}

/** The hour of the day; with am or pm the clock has twelve hours. Null where there is none. */
function hourOf(parts: Parts): number | null {
  const { hour = 0, half } = parts;
  if (half === undefined) return hour < 24 ? hour : null;
  return hour >= 1 && hour <= 12 ? (hour % 12) + half : null;
}

function fromMs(ms: number, text: string): DateReading {
  const earliest = Date.UTC(earliestYear, 0, 1) - 86_400_000;
  if (ms < earliest || ms > Date.UTC(latestYear + 1, 0, 2)) return { fault: yearFault(text) };
  return { time: new Date(ms).toISOString() };
}

function yearFault(text: string): string {
  return `${quote(text)} lies outside the years ${earliestYear} to ${latestYear}`;
}

/** Of `Z`, `UTC`, `+02:00`, `-0330`, `GMT+1`. */
function offsetMinutes(text: string): number {
  const [, sign = '+', hours = 0, rest = 0] = /([+-])(\d{1,2}):?(\d{2})?$/.exec(text) ?? [];
  const minutes = Number(hours) * 60 + Number(rest);
  return sign === '-' ? -minutes : minutes;
}

function quote(text: string): string {
  return JSON.stringify(text.length <= 40 ? text : `${text.slice(0, 40)}…`);
}
