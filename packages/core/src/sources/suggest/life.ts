// When customers came and when they left, from what the times of a table are called.
import { columnsOf, fieldsOf, type Guess, type Proposal } from './proposal.ts';
import type { SampledColumn } from './sampled.ts';
import { suggestTime } from './time.ts';

const left = /churn|cancel|terminat/i;
/** of what most still have: the end of it is known for those alone who left */
const ended = /^(subscription|membership|contract|plan)?[ _-]?end(ed|s)?([ _-]?(date|at|on))?$/i;
const joined = /sign[ _-]?up|joined|member[ _-]?since/i;

const lifeColumns = (event: string) => ({ kind: { constant: 'lifecycle' }, 'lifecycle.event': { constant: event } });

/** Null where no time is called so. `free`: the columns that nothing takes yet; `rows`: how many cells a full one has. */
export function proposeLife(
  guesses: readonly Guess[],
  free: readonly SampledColumn[],
  rows: number,
  doubts: string[],
): Proposal | null {
  const time = guesses.find(({ field }) => field === 'occurredAt')?.column ?? '';
  const used = guesses.map(({ column }) => column);
  if (left.test(time)) return { ...happened(guesses, 'churned'), used };
  if (joined.test(time)) return { ...happened(guesses, 'joined'), used };
  const times = free.filter((column) => suggestTime(column) !== null);
  const end = times.find(({ name }) => left.test(name)) ?? times.find((column) => isEnd(column, rows));
  if (end === undefined) return null;
  if (!left.test(end.name))
    doubts.push(`lifecycle: has whoever has an end in ${JSON.stringify(end.name)} left for good?`);
  return { ...fromTo(guesses, end), used: [...used, end.name] };
}

function isEnd({ name, cells }: SampledColumn, rows: number): boolean {
  return ended.test(name) && cells.length * 2 < rows;
}

/** Who comes or goes may say why: words, and beside them the event. */
function happened(guesses: readonly Guess[], event: string): Omit<Proposal, 'used'> {
  const said = guesses.filter(isSaid);
  const others = fieldsOf(guesses.filter((guess) => !isSaid(guess)));
  if (said.length === 0) return { columns: { ...lifeColumns(event), ...others } };
  const statements = [{ columns: columnsOf('feedback', said) }, { name: event, columns: lifeColumns(event) }];
  return { columns: others, statements };
}

/** A row that begins at one time, with words or with a customer, and ends at another. */
function fromTo(guesses: readonly Guess[], end: SampledColumn): Omit<Proposal, 'used'> {
  const own = guesses.filter((guess) => isSaid(guess) || guess.field === 'occurredAt');
  const begins = own.some(isSaid) ? columnsOf('feedback', own) : { ...lifeColumns('joined'), ...fieldsOf(own) };
  const ends = { ...lifeColumns('churned'), occurredAt: suggestTime(end)?.suggestion ?? end.name };
  return {
    columns: fieldsOf(guesses.filter((guess) => !own.includes(guess))),
    statements: [{ columns: begins }, { name: 'churned', columns: ends }],
  };
}

function isSaid({ field }: Guess): boolean {
  return field === 'text' || field === 'rating';
}
