// Journey: where does it hurt, and is it getting worse?
import type { Stages } from '../src/schemas.ts';
import { GapTable } from './gaps.tsx';
import { alertLink } from './route.ts';
import { StageDetail } from './stage.tsx';
import { Command, Empty, Loading } from './states.tsx';
import { Strip } from './strip.tsx';
import { headline, worst } from './words.ts';

export function JourneyPage({ stages, selected }: { stages: Stages | null; selected: string | null }) {
  if (stages === null) return <Loading />;
  const { items, until } = stages;
  if (until === null) return <Empty />;
  const alerting = worst(items);
  const fallback = alerting ?? items.find(({ now }) => now !== null) ?? items[0];
  const stage = items.find(({ id }) => id === selected) ?? fallback;
  return (
    <>
      <PastNotice stages={stages} />
      {stages.next !== null && <ManyNotice shown={items.length} />}
      <Sentence stages={stages} />
      <Strip stages={items} selected={stage?.id ?? null} asOf={until} />
      {stage !== undefined && <StageDetail key={stage.id} stage={stage} asOf={until} />}
      <GapTable stages={items} />
    </>
  );
}

function Sentence({ stages: { items, until } }: { stages: Stages }) {
  const { title, detail } = headline(items, until);
  const alert = worst(items)?.alert;
  const isLearning = items.every(({ state }) => state === 'learning' || state === 'silent');
  return (
    <section className="headline" aria-label="What matters most">
      <div>
        <h1>{title}</h1>
        <p>{detail}</p>
        {isLearning && (
          <div className="first">
            <Command>npx gapwatch ingest history.ndjson --source canonical --backfill</Command>
          </div>
        )}
      </div>
      {alert && (
        <a className="button" href={alertLink(alert.id)}>
          Open alert
        </a>
      )}
    </section>
  );
}

/** Nobody has thousands of stages: a field that names something else is read as one. */
function ManyNotice({ shown }: { shown: number }) {
  return (
    <div className="notice quiet">
      <span>
        Shown are the first {shown} stages of more. Name those of your journey under <code>stages</code> in the
        configuration, or correct what the source takes as <code>stage</code>.
      </span>
    </div>
  );
}

const playedAfterMs = 14 * 86_400_000;

/** A past that was played is shown as it ended, and the page says so. */
function PastNotice({ stages: { logTime, until } }: { stages: Stages }) {
  if (logTime === null || until === null || Date.parse(logTime) - Date.parse(until) < playedAfterMs) return null;
  return (
    <div className="notice quiet">
      <span>Nobody was heard for a while: what is shown ends with the last statement.</span>
    </div>
  );
}
