// What people noted on the time line: in the chart a line where it happened with its words, below it all of them in full.
import type { Notes } from '../src/notes.ts';
import { useAnswer } from './api.ts';
import { dayAndTime } from './words.ts';

export type Noted = Notes['items'][number];

/** Notes on a stage and on the whole journey, the oldest first, since a time on. */
export function useNotes(stage: string, from: string): readonly Noted[] {
  const query = new URLSearchParams({ stage, from });
  return useAnswer<Notes>(`v1/notes?${query}`).data?.items.toReversed() ?? [];
}

/** Where the chart begins and ends, milliseconds UTC. */
export type Span = readonly [from: number, to: number];

/** So many labels stand above each other before they would meet. */
const rows = 4;

/** Lies over the chart. What is newer than its last point stands at its end. */
export function NoteMarks({ notes, span: [from, to] }: { notes: readonly Noted[]; span: Span }) {
  return notes.map(({ id, at, text }, index) => {
    const share = Math.min(1, Math.max(0, (Date.parse(at) - from) / (to - from)));
    const row = index % rows;
    return (
      <div key={id} className="mark" style={{ left: `${share * 100}%` }} title={`${dayAndTime(at)}: ${text}`}>
        <span className={share > 0.7 ? 'before' : undefined} style={{ bottom: `${8 + row * 18}px` }}>
          {text}
        </span>
      </div>
    );
  });
}

export function NoteList({ notes }: { notes: readonly Noted[] }) {
  if (notes.length === 0) return null;
  return (
    <ul className="marks" aria-label="Noted in these days">
      {notes.map(({ id, at, text, by, url }) => (
        <li key={id}>
          <time dateTime={at}>{dayAndTime(at)}</time> {url === undefined ? text : <a href={url}>{text}</a>}{' '}
          <span className="soft">{by}</span>
        </li>
      ))}
    </ul>
  );
}
