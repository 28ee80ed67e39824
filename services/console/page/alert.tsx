// Alert: do I believe it, and what stands behind it?
import { causeText } from '../src/cause.ts';
import type { Alert, StageOverview } from '../src/schemas.ts';
import { Actions } from './actions.tsx';
import { CostFact, LargeFact, SinceFact, SureFact } from './alert-card.tsx';
import { useAnswer } from './api.ts';
import { historyText } from './people.ts';
import { stageLink } from './route.ts';
import { StageChart } from './stage.tsx';
import { Failed, Loading } from './states.tsx';
import { alertTitle, count, dayAndTime, heard, nowInterval, ofHundred, often, range, standing } from './words.ts';

type PageProps = { id: string; asOf: string | null; stages: readonly StageOverview[] };

export function AlertPage({ id, asOf, stages }: PageProps) {
  const path = `v1/alerts/${encodeURIComponent(id)}`;
  const { data, failure } = useAnswer<Alert>(path);
  if (data === null) return failure === null ? <Loading /> : <Failed failure={failure} />;
  const stage = stages.find((one) => one.id === data.stage) ?? null;
  return (
    <article>
      <Sentence alert={data} asOf={asOf} />
      <Actions key={id} alert={data} path={path} />
      <br />
      <section className="panel" aria-label="Four facts">
        <dl className="facts row">
          <SinceFact alert={data} asOf={asOf} />
          <LargeFact alert={data} />
          <SureFact alert={data} />
          <CostFact alert={data} />
        </dl>
      </section>
      <br />
      <div className="columns">
        {stage !== null && (
          <section className="panel" aria-label="Over time">
            <header>
              <h2>
                <a href={stageLink(stage.id)}>{stage.name}</a>: who had a bad time
              </h2>
              <span className="small soft">of 100 {stage.heardOf} heard, 90 days</span>
            </header>
            <StageChart stage={stage} alert={data} />
          </section>
        )}
        <Why alert={data} stage={stage} />
      </div>
      <History alert={data} />
    </article>
  );
}

function Sentence({ alert, asOf }: { alert: Alert; asOf: string | null }) {
  const now = `${ofHundred(alert.now)} of 100 customers had a bad time (${range(nowInterval(alert))}); before, ${ofHundred(alert.before)}.`;
  return (
    <section className="headline">
      <div>
        <h1>{alertTitle(alert, asOf)}</h1>
        <p>
          {now} Noise alone does this {often(alert.budget)}. {causeText(alert)}. {standing(alert)}
        </p>
      </div>
    </section>
  );
}

function Why({ alert, stage }: { alert: Alert; stage: StageOverview | null }) {
  return (
    <section className="panel" aria-label="Where it comes from">
      <header>
        <h2>Where it comes from</h2>
        <span className="small soft">of 100 votes since it began</span>
      </header>
      <table>
        <thead>
          <tr>
            <th scope="col">Source</th>
            {['Votes', 'Before', 'Now'].map((name) => (
              <th key={name} scope="col" className="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {alert.sources.map(({ source, votes, before, now }) => (
            <tr key={source}>
              <th scope="row">{source}</th>
              <td className="number">{count(votes)}</td>
              <td className="number">{ofHundred(before)}</td>
              <td className="number">{ofHundred(now)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <br />
      <h3>Would it still stand without its loudest source?</h3>
      <p>{standing(alert)}</p>
      <br />
      <h3>Who was heard</h3>
      <p>
        {count(alert.customers.heard)} since it began
        {alert.customers.exposed === null ? ', of unknown' : `, of ${count(alert.customers.exposed)} who were there`}.
        {stage !== null && <span className="soft"> In the last full week: {heard(stage)}.</span>}
      </p>
    </section>
  );
}

function History({ alert }: { alert: Alert }) {
  return (
    <section className="panel" aria-label="History">
      <header>
        <h2>History</h2>
        <span className="small soft">alert {alert.id}</span>
      </header>
      <ol className="history">
        {alert.history.toReversed().map((entry) => (
          <li key={entry.command?.id ?? entry.sequence}>
            <time className="soft" dateTime={entry.at}>
              {dayAndTime(entry.at)}
            </time>
            <span>{historyText(entry)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
