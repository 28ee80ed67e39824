// An open alert beside its stage, in short.
import { causeText } from '../src/cause.ts';
import type { Alert } from '../src/schemas.ts';
import { Fact, Meter } from './facts.tsx';
import { alertLink } from './route.ts';
import { ago, churn, count, day, nowInterval, ofHundred, often, onsetRange, range, standing } from './words.ts';

type AlertProps = { alert: Alert; asOf: string | null };

export function AlertCard({ alert, asOf }: AlertProps) {
  const isOpen = alert.state === 'open';
  return (
    <section className={isOpen ? 'panel alerting' : 'panel'} aria-label="Open alert">
      <header>
        <h2>{isOpen && <span className="widening">▲ </span>}Worse than before</h2>
        <span className="small soft">{alert.owner ?? ''}</span>
      </header>
      <dl className="facts">
        <SinceFact alert={alert} asOf={asOf} />
        <LargeFact alert={alert} />
        <SureFact alert={alert} />
        <CostFact alert={alert} />
      </dl>
      <br />
      <p className="small soft">
        {causeText(alert)}. {standing(alert)}
      </p>
      <p>
        <a href={alertLink(alert.id)}>The evidence behind it</a>
      </p>
    </section>
  );
}

export function SinceFact({ alert, asOf }: AlertProps) {
  return (
    <Fact name="Since about" value={day(alert.onset, asOf)}>
      {[onsetRange(alert, asOf), ago(alert.onset, asOf)].filter((part) => part !== '').join('; ')}
    </Fact>
  );
}

export function LargeFact({ alert }: { alert: Alert }) {
  return (
    <Fact name="How large" value={`${ofHundred(alert.before)} → ${ofHundred(alert.now)} of 100`}>
      {ofHundred(alert.size)} more of 100 customers had a bad time; now {range(nowInterval(alert))}
    </Fact>
  );
}

export function SureFact({ alert }: { alert: Alert }) {
  return (
    <Fact name="How sure" value={`Noise alone: ${often(alert.budget)}`}>
      <Meter {...alert.evidence} />
      evidence {count(alert.evidence.value)}, an alert opens at {count(alert.evidence.threshold)}
    </Fact>
  );
}

export function CostFact({ alert }: { alert: Alert }) {
  const { value, note } = churn(alert);
  return (
    <Fact name="What it costs" value={value}>
      {note}
    </Fact>
  );
}
