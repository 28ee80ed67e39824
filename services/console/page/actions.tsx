// What a person can do with an alert: one button an action, and who has it already.
import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import type { Alert } from '../src/schemas.ts';
import { type Failure, refresh, send } from './api.ts';
import { nextMonday, outcomeText, peopleText, verdicts } from './people.ts';

type Ask = 'assign' | 'fix' | 'accept';
type Sent = { readonly command: string | null; readonly failure: Failure | null };

const nothingSent: Sent = { command: null, failure: null };
/** How often a command that was taken is looked for, until it is decided. */
const lookEveryMs = 400;

export function Actions({ alert, path }: { alert: Alert; path: string }) {
  const [sent, setSent] = useState<Sent>(nothingSent);
  const [asking, setAsking] = useState<Ask | null>(null);
  const outcome = sent.command === null ? '' : outcomeText(alert, sent.command);
  const isBusy = outcome === null;
  useLooking(path, isBusy);
  const act = async (action: string, details: object = {}) => {
    setAsking(null);
    const answer = await send<{ id: string }>(`${path}/${action}`, { sequence: alert.sequence, ...details });
    setSent({ command: answer.data?.id ?? null, failure: answer.failure });
  };
  return (
    <section className="panel actions" aria-label="What you do" aria-busy={isBusy}>
      {peopleText(alert).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <Buttons alert={alert} isBusy={isBusy} act={act} ask={setAsking} />
      {asking !== null && <Question key={asking} asking={asking} act={act} onCancel={() => setAsking(null)} />}
      <Told sent={sent} outcome={outcome} />
    </section>
  );
}

function useLooking(path: string, isBusy: boolean): void {
  useEffect(() => {
    if (!isBusy) return;
    const timer = setInterval(() => refresh(path), lookEveryMs);
    return () => clearInterval(timer);
  }, [path, isBusy]);
}

type Act = (action: string, details?: object) => Promise<void>;
type ButtonsProps = { alert: Alert; isBusy: boolean; act: Act; ask: (what: Ask) => void };

function Buttons({ alert, isBusy, act, ask }: ButtonsProps) {
  const usual = { variant: 'default', disabled: isBusy } as const;
  const snooze = () => act('snooze', { until: nextMonday(new Date()).toISOString() });
  return (
    <div className="buttons">
      {alert.state === 'open' && (
        <>
          <Button disabled={isBusy} onClick={() => act('acknowledge')}>
            I have it
          </Button>
          <Button {...usual} onClick={snooze}>
            Remind me Monday
          </Button>
          <Button {...usual} onClick={() => ask('assign')}>
            Give to…
          </Button>
        </>
      )}
      <Button {...usual} onClick={() => ask('fix')}>
        Done about it…
      </Button>
      {Object.entries(verdicts).map(([value, name]) => (
        <Button key={value} {...usual} onClick={() => act('verdict', { value })}>
          {name}
        </Button>
      ))}
      {alert.state === 'open' && (
        <Button {...usual} onClick={() => ask('accept')}>
          Accept as normal…
        </Button>
      )}
    </div>
  );
}

const questions = {
  assign: { label: 'Who gets it?', field: 'to', most: 200, button: 'Give it' },
  fix: { label: 'What was done about it?', field: 'text', most: 2_000, button: 'Say so' },
  accept: {
    label: 'Take the present level as normal? It closes the alert.',
    field: null,
    most: 0,
    button: 'Accept it',
  },
} as const;

function Question({ asking, act, onCancel }: { asking: Ask; act: Act; onCancel: () => void }) {
  const [text, setText] = useState('');
  const { label, field, most, button } = questions[asking];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void act(asking, field === null ? {} : { [field]: text.trim() });
  };
  return (
    <form className="buttons" onSubmit={submit} onKeyDown={(event) => event.key === 'Escape' && onCancel()}>
      {field === null ? (
        <p>{label}</p>
      ) : (
        <TextInput
          label={label}
          value={text}
          maxLength={most}
          onChange={(event) => setText(event.currentTarget.value)}
          w={360}
          autoFocus
        />
      )}
      <Button type="submit" autoFocus={field === null} disabled={field !== null && text.trim() === ''}>
        {button}
      </Button>
      <Button variant="default" onClick={onCancel}>
        Leave it
      </Button>
    </form>
  );
}

/** What became of the last action, for eyes and screen readers. */
function Told({ sent: { failure }, outcome }: { sent: Sent; outcome: string | null }) {
  if (failure !== null) {
    return (
      <p role="alert" className="widening">
        {failure.detail}
        {failure.id !== null && (
          <>
            {' '}
            The log has the cause under <code>{failure.id}</code>.
          </>
        )}
      </p>
    );
  }
  return (
    <p role="status" className="small soft">
      {outcome === null ? 'Taken; being decided…' : outcome}
    </p>
  );
}
