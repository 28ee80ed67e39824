// The frame of every page: where one is, how fresh it is, and the keys.
import { useMantineColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { Stages } from '../src/schemas.ts';
import { AlertPage } from './alert.tsx';
import { AlertList } from './alerts.tsx';
import { type Answer, useAnswer } from './api.ts';
import { JourneyPage } from './journey.tsx';
import { Keys, useKeys } from './keys.tsx';
import { type Place, usePlace } from './route.ts';
import { SourceList } from './sources.tsx';
import { Failed, Stale } from './states.tsx';
import { dayAndTime } from './words.ts';

export function App() {
  const place = usePlace();
  const answer = useAnswer<Stages>('v1/stages');
  const { toggleColorScheme } = useMantineColorScheme();
  const help = useRef<HTMLDialogElement>(null);
  useKeys(place, answer.data?.items ?? [], { toggleColorScheme, help });
  useEffect(() => {
    document.title = titleOf(answer);
  }, [answer]);
  return (
    <>
      <Bar place={place} answer={answer} onScheme={toggleColorScheme} onHelp={() => help.current?.showModal()} />
      <main tabIndex={-1}>
        {answer.data !== null && answer.failure !== null && <Stale answer={answer} />}
        {answer.data === null && answer.failure !== null ? (
          <Failed failure={answer.failure} />
        ) : (
          <Page place={place} answer={answer} />
        )}
      </main>
      <Keys ref={help} />
    </>
  );
}

function titleOf({ data }: Answer<Stages>): string {
  const open = data?.items.filter(({ alert }) => alert !== null).length ?? 0;
  return open > 0 ? `(${open}) Gapwatch` : 'Gapwatch';
}

function Page({ place, answer: { data } }: { place: Place; answer: Answer<Stages> }) {
  const asOf = data?.until ?? null;
  if (place.page === 'alert') return <AlertPage id={place.id} asOf={asOf} stages={data?.items ?? []} />;
  if (place.page === 'alerts') return <AlertList asOf={asOf} />;
  if (place.page === 'sources') return <SourceList />;
  return <JourneyPage stages={data} selected={place.stage} />;
}

type BarProps = { place: Place; answer: Answer<Stages>; onScheme: () => void; onHelp: () => void };

function Bar({ place, answer, onScheme, onHelp }: BarProps) {
  const open = answer.data?.items.filter(({ alert }) => alert !== null).length ?? 0;
  const isAlerts = place.page === 'alerts' || place.page === 'alert';
  return (
    <header className="bar">
      <a className="brand" href="#/">
        <Mark />
        Gapwatch
      </a>
      <nav aria-label="Pages">
        <a href="#/" aria-current={place.page === 'journey' ? 'page' : undefined}>
          Journey
        </a>
        <a href="#/alerts" aria-current={isAlerts ? 'page' : undefined}>
          Alerts
          {open > 0 && (
            <span className="count">
              {open}
              <span className="visually-hidden"> open</span>
            </span>
          )}
        </a>
        <a href="#/sources" aria-current={place.page === 'sources' ? 'page' : undefined}>
          Sources
        </a>
      </nav>
      <div className="status">
        <Freshness answer={answer} />
        <button type="button" onClick={onScheme} aria-label="Light or dark">
          ◐
        </button>
        <button type="button" onClick={onHelp} aria-label="Keys">
          ?
        </button>
      </div>
    </header>
  );
}

function Freshness({ answer: { data, failure } }: { answer: Answer<Stages> }) {
  if (failure !== null) {
    return (
      <span>
        <span className="pulse stale" />
        not refreshed
      </span>
    );
  }
  const until = data?.until ?? null;
  return (
    <span title={until === null ? undefined : `the log has come to ${dayAndTime(until)}`}>
      <span className="pulse" />
      {until === null ? 'live' : `as of ${dayAndTime(until)}`}
    </span>
  );
}

function Mark() {
  return (
    <svg
      viewBox="0 0 32 32"
      aria-hidden="true"
      fill="none"
      strokeWidth="3"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d="M4 17 L15 16 L28 6" stroke="currentColor" />
      <path d="M4 17 L15 18 L28 27" stroke="var(--widening)" />
    </svg>
  );
}
