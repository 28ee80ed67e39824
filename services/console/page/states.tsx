// What a page says when it cannot show what was asked: nothing yet, loading, stale, not allowed, failed.
import { Button, PasswordInput, Skeleton } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { type Answer, type Failure, rememberToken } from './api.ts';

export function Loading() {
  return (
    <div aria-busy="true" aria-label="Loading" role="status">
      <Skeleton height={36} width="70%" mt={12} />
      <Skeleton height={20} width="40%" mt={14} mb={36} />
      <Skeleton height={220} mb={28} />
      <Skeleton height={380} />
    </div>
  );
}

function clockTime(timeMs: number): string {
  return new Date(timeMs).toLocaleTimeString('en-GB');
}

export function Stale({ answer: { failure, staleSince } }: { answer: Answer<unknown> }) {
  return (
    <div className="notice" role="status">
      <strong>Not refreshed{staleSince !== null && ` since ${clockTime(staleSince)}`}.</strong>
      <span>{failure?.detail} It is asked again every five seconds; what you see is what was known then.</span>
    </div>
  );
}

export function Failed({ failure }: { failure: Failure }) {
  if (failure.status === 401) return <TokenForm isRefused={failure.detail.includes('not known')} />;
  return (
    <section className="panel first" role="alert">
      <h2>
        {failure.status === 403 ? 'Not allowed' : failure.status === 404 ? 'Not found' : 'This cannot be shown now'}
      </h2>
      <p>{failure.detail}</p>
      <p className="soft small">
        It is asked again every five seconds.
        {failure.id !== null && (
          <>
            {' '}
            The log has the cause under <code>{failure.id}</code>.
          </>
        )}
      </p>
    </section>
  );
}

function TokenForm({ isRefused }: { isRefused: boolean }) {
  const [token, setToken] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rememberToken(token.trim());
    location.reload();
  };
  return (
    <section className="panel first">
      <h2>A token is needed</h2>
      <p>Gapwatch was started with tokens: paste one that may read. It is kept in this tab alone.</p>
      <form onSubmit={submit}>
        <PasswordInput
          label="Token"
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          error={isRefused ? 'This token is not known here' : undefined}
          w={360}
          autoFocus
        />
        <Button type="submit" disabled={token.trim() === ''}>
          Show the journey
        </Button>
      </form>
    </section>
  );
}

export function Command({ children }: { children: ReactNode }) {
  return (
    <pre>
      <code>{children}</code>
    </pre>
  );
}

/** Nothing was ever heard: what to do first. */
export function Empty() {
  return (
    <section className="panel first">
      <h1>Nothing was heard yet.</h1>
      <p className="soft">Give Gapwatch what customers said, and this page shows where it hurts.</p>
      <br />
      <h3>An export of last year, played as if each statement arrived in its time</h3>
      <Command>npx gapwatch start --replay export.ndjson --data-dir .gapwatch-replay</Command>
      <h3>History and news into this one, while it runs</h3>
      <Command>npx gapwatch ingest export.ndjson --source canonical --backfill</Command>
      <h3>An example company, to look around</h3>
      <Command>npm start</Command>
    </section>
  );
}
