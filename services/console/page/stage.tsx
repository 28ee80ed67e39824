// One stage: what is it made of?
import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { Alert, StageOverview, Windows } from '../src/schemas.ts';
import { AlertCard } from './alert-card.tsx';
import { useAnswer } from './api.ts';
import { Chart } from './chart.tsx';
import { Fact, Meter } from './facts.tsx';
import { useNotes } from './notes.tsx';
import { ago, count, day, dayAndTime, figure, heard, ofHundred, percent, plusMinus } from './words.ts';

type DetailProps = { stage: StageOverview; asOf: string | null };

export function StageDetail({ stage, asOf }: DetailProps) {
  const alert = useAnswer<Alert>(stage.alert === null ? null : `v1/alerts/${encodeURIComponent(stage.alert.id)}`).data;
  return (
    <div className="columns">
      <section className="panel" aria-label={`${stage.name} over time`}>
        <header>
          <h2>{stage.name}: who had a bad time</h2>
          <span className="small soft">of 100 {stage.heardOf} heard, 90 days</span>
        </header>
        <StageChart stage={stage} alert={alert} />
        <WindowTable stage={stage} asOf={asOf} />
      </section>
      {alert !== null ? <AlertCard alert={alert} asOf={asOf} /> : <StageFacts stage={stage} asOf={asOf} />}
    </div>
  );
}

export function StageChart({ stage, alert }: { stage: StageOverview; alert: Alert | null }) {
  const notes = useNotes(stage.id, stage.days.from);
  if (stage.days.heard.every((heard) => heard === 0)) {
    return (
      <div className="chart hatched">
        <span className="visually-hidden">Nobody was heard in these 90 days.</span>
      </div>
    );
  }
  const shown = figure(stage);
  const { usual } = stage;
  const label = `Unhappy of 100 heard at ${stage.name}, 90 days; now ${shown === null ? 'unknown' : ofHundred(shown.share)}, usual ${usual === null ? 'unknown' : ofHundred(usual)}. The windows are in the table below.`;
  return <Chart days={stage.days} usual={usual} marks={alert} notes={notes} label={label} />;
}

function StageFacts({ stage, asOf }: DetailProps) {
  const shown = figure(stage);
  return (
    <section className="panel" aria-label={`${stage.name} in figures`}>
      <header>
        <h2>{stage.name}</h2>
        <span className="small soft">{stage.owner ?? 'no owner'}</span>
      </header>
      <dl className="facts">
        <Fact
          name={stage.now === null ? 'Lived' : `Lived, week of ${day(stage.now.from, asOf)}`}
          value={livedOf(stage, shown?.interval ?? null)}
        >
          {heard(stage)}
        </Fact>
        <Fact name="Reported" value={stage.belief === null ? null : `${percent(stage.belief)} had a good experience`} />
        <Fact name="Wanted" value={stage.target === null ? null : `${percent(stage.target)} with a good experience`} />
        <Watching stage={stage} asOf={asOf} />
        {stage.lastStatementAt !== null && (
          <Fact name="Last heard" value={ago(stage.lastStatementAt, asOf)}>
            {dayAndTime(stage.lastStatementAt)}
          </Fact>
        )}
      </dl>
    </section>
  );
}

function livedOf({ unhappyShare }: StageOverview, interval: [number, number] | null): string | null {
  if (unhappyShare === null) return null;
  return `${percent(1 - unhappyShare)}${interval === null ? '' : ` ${plusMinus(interval)}`} had a good experience`;
}

function Watching({ stage, asOf }: DetailProps) {
  if (stage.state === 'learning') {
    const until = stage.learningUntil === null ? 'until more was heard' : `until ${day(stage.learningUntil, asOf)}`;
    return (
      <Fact name="Worse than before" value={`Learning ${until}`}>
        History ends the wait: <code>npx gapwatch ingest FILE --source ID --backfill</code>
      </Fact>
    );
  }
  if (stage.evidence === null) return <Fact name="Worse than before" value={null} />;
  return (
    <Fact
      name="Evidence that it is getting worse"
      value={`${count(stage.evidence.value)} of ${count(stage.evidence.threshold)} needed`}
    >
      <Meter {...stage.evidence} />
    </Fact>
  );
}

function WindowTable({ stage, asOf }: DetailProps) {
  const [isOpen, setOpen] = useState(false);
  const [step, setStep] = useState('7d');
  const path = `v1/stages/${encodeURIComponent(stage.id)}/windows?step=${step}`;
  const { data } = useAnswer<Windows>(isOpen ? path : null);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>The windows as a table</summary>
      <SegmentedControl
        mt={12}
        size="xs"
        value={step}
        onChange={setStep}
        aria-label="Length of a window"
        data={[
          { value: '7d', label: 'Weeks' },
          { value: '1d', label: 'Days' },
        ]}
      />
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">From (UTC)</th>
              {['Statements', 'Customers', 'Unhappy', 'Of 100', 'Anonymous', 'Were there', 'Heard'].map((name) => (
                <th key={name} scope="col" className="number">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data?.items.toReversed().map((window) => (
              <WindowRow key={window.from} window={window} asOf={asOf} />
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function WindowRow({ window }: { window: Windows['items'][number]; asOf: string | null }) {
  const hatched = <span className="hatched">unknown</span>;
  return (
    <tr>
      <th scope="row" className="nowrap">
        {window.from.slice(0, 10)}
      </th>
      <td className="number">{count(window.statements)}</td>
      <td className="number">{count(window.customers)}</td>
      <td className="number">{count(window.unhappy)}</td>
      <td className="number">{window.experience === null ? hatched : ofHundred(1 - window.experience)}</td>
      <td className="number">{count(window.anonymous.statements)}</td>
      <td className="number">{window.exposed === null ? hatched : count(window.exposed)}</td>
      <td className="number">{window.coverage === null ? hatched : percent(window.coverage)}</td>
    </tr>
  );
}
