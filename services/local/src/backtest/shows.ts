// What an export can show: each gap beside what it needs, what was found of it, and where to get the rest. It stands first
// in every answer of a backtest, so that a stage without an alert is not taken for a stage without a gap.
import type { AlertRecord, Configuration } from '@gapwatch/contracts';
import type { Heard } from './heard.ts';
import type { StageView } from './stages.ts';

type Gap = AlertRecord['gap'] | 'churn';

export type Showing = {
  gap: Gap;
  /** `partly`: at some stages */
  state: 'shown' | 'partly' | 'missing';
  needs: string;
  found: string;
  /** where the rest is had; null where nothing is missing */
  get: string | null;
};

export type Shows = {
  gaps: Showing[];
  /** customers' statements, and shares of them; null where there is none */
  statements: number;
  named: number | null;
  mapped: number | null;
  /** whether anybody says who was at a stage and kept silent */
  coverage: 'known' | 'unknown';
  sources: { source: string; statements: number }[];
  /** share of the customers who are known to more than one source */
  joined: number | null;
};

/** Below this share of customers known to more than one source, what compares sources says nothing. */
const leastJoined = 0.2;

type Found = { readonly heard: Heard; readonly stages: readonly StageView[]; readonly configuration: Configuration };

export function showsOf(found: Found): Shows {
  const { stages, heard } = found;
  const { counts, customers, sources } = heard;
  const shareOf = (part: number) => (counts.statements === 0 ? null : part / counts.statements);
  return {
    gaps: [
      baseline(found),
      knowledge(found),
      total(found),
      desire(found),
      resolution(found),
      promise(found),
      solicited(found),
      lateral(found),
      churn(found),
    ],
    statements: stages.reduce((sum, { days }) => sum + days.statements.reduce((all, one) => all + one, 0), 0),
    named: shareOf(counts.statements - counts.anonymous),
    mapped: shareOf(counts.statements - counts.unmapped),
    coverage: counts.active > 0 ? 'known' : 'unknown',
    sources: [...sources]
      .map(([source, statements]) => ({ source, statements }))
      .sort((one, other) => other.statements - one.statements || (one.source < other.source ? -1 : 1)),
    joined: customers.spoke === 0 ? null : customers.inSources / customers.spoke,
  };
}

function stateOf(part: number, whole: number): Showing['state'] {
  return part === 0 ? 'missing' : part < whole ? 'partly' : 'shown';
}

function baseline({ stages }: Found): Showing {
  const watched = stages.filter(({ state }) => state === 'watching' || state === 'open').length;
  const longest = stages.reduce((most, { daysHeard }) => Math.max(most, daysHeard), 0);
  return {
    gap: 'baseline',
    state: stateOf(watched, stages.length),
    needs: '35 days of history a stage (49 at about 1,000 signals a day)',
    found: `${ofStages(watched, stages)} watched in the end; heard on up to ${number(longest, 'day')}`,
    get: watched < stages.length ? 'a longer export: what is learning is watched from the date beside it' : null,
  };
}

const beliefAdvice = 'gapwatch belief STAGE SHARE --what kpi, or an export of your KPIs (kind: belief)';
const targetAdvice = 'target: 0.9 at the stage in the configuration, or target events';

function targeted({ heard, configuration }: Found): Set<string> {
  const configured = (configuration.stages ?? []).filter(({ target }) => target !== undefined);
  return new Set([...heard.targeted, ...configured.map(({ id }) => id)]);
}

/** How many of the stages are in a set. */
function among(stages: readonly StageView[], names: ReadonlySet<string>): number {
  return stages.filter(({ stage }) => names.has(stage)).length;
}

function knowledge({ heard, stages }: Found): Showing {
  const believed = among(stages, heard.believed);
  return {
    gap: 'knowledge',
    state: stateOf(believed, stages.length),
    needs: 'what the company reports of a stage: KPI, mirror survey or met SLA',
    found: believed === 0 ? 'none' : `${number(heard.counts.beliefs, 'claim')} about ${ofStages(believed, stages)}`,
    get: believed < stages.length ? beliefAdvice : null,
  };
}

function ofStages(part: number, stages: readonly StageView[]): string {
  return `${part} of ${number(stages.length, 'stage')}`;
}

function total(found: Found): Showing {
  const { stages } = found;
  const targets = among(stages, targeted(found));
  return {
    gap: 'total',
    state: stateOf(targets, stages.length),
    needs: 'a target a stage',
    found: targets === 0 ? 'none' : `targets for ${ofStages(targets, stages)}`,
    get: targets < stages.length ? targetAdvice : null,
  };
}

function desire(found: Found): Showing {
  const { stages, heard } = found;
  const targets = targeted(found);
  const both = stages.filter(({ stage }) => heard.believed.has(stage) && targets.has(stage)).length;
  const lacks = [
    ...(among(stages, targets) < stages.length ? [targetAdvice] : []),
    ...(among(stages, heard.believed) < stages.length ? [beliefAdvice] : []),
  ];
  return {
    gap: 'desire',
    state: stateOf(both, stages.length),
    needs: 'a target and what the company reports, about the same stage',
    found: both === 0 ? 'not both' : `both for ${ofStages(both, stages)}`,
    get: lacks.length === 0 ? null : lacks.join('; '),
  };
}

function resolution({ heard: { solved } }: Found): Showing {
  return {
    gap: 'resolution',
    state: solved === 0 ? 'missing' : 'shown',
    needs: 'tickets that say when they were solved (status, observedAt)',
    found: solved === 0 ? 'none' : `${number(solved, 'conversation')} called solved`,
    get: solved === 0 ? "an export of the help desk with each ticket's status and its time" : null,
  };
}

function promise({ heard: { counts }, configuration }: Found): Showing {
  const general = (configuration.stages ?? []).filter(({ promises }) => promises !== undefined).length;
  const found = [
    ...(counts.promises > 0 ? [number(counts.promises, 'promise')] : []),
    ...(general > 0 ? [`a promise to all at ${number(general, 'stage')}`] : []),
  ];
  return {
    gap: 'promise',
    state: found.length === 0 ? 'missing' : 'shown',
    needs: 'promises with the time at which they are due',
    found: found.length === 0 ? 'none' : found.join(', '),
    get: found.length === 0 ? 'promise { what, dueAt, keptAt } in the signals, or promises: at the stage' : null,
  };
}

function solicited({ heard: { counts } }: Found): Showing {
  const both = Math.min(counts.solicited, counts.unsolicited);
  return {
    gap: 'solicited',
    state: both === 0 ? 'missing' : 'shown',
    needs: 'both: answers to surveys, and what customers say unasked',
    found: `${counts.solicited.toLocaleString('en-GB')} asked for, ${counts.unsolicited.toLocaleString('en-GB')} not`,
    get: both === 0 ? 'solicited: true or false in each signal; tickets and reviews beside surveys' : null,
  };
}

function lateral({ heard, configuration }: Found): Showing {
  const owners = new Set(
    (configuration.stages ?? []).filter(({ id }) => heard.believed.has(id)).flatMap(({ owner }) => owner ?? []),
  );
  const { spoke, inSources, atStages } = heard.customers;
  const isJoined = heard.sources.size < 2 || inSources >= leastJoined * spoke;
  const isShown = owners.size >= 2 && atStages > 0 && isJoined;
  return {
    gap: 'lateral',
    state: isShown ? 'shown' : 'missing',
    needs: 'what two or more owners report, and customers who cross stages',
    found: `${number(owners.size, 'owner')} with a report; ${atStages.toLocaleString('en-GB')} of ${number(spoke, 'customer')} at more than one stage`,
    get: isShown ? null : isJoined ? `owner: at the stages; ${beliefAdvice}` : 'one customer id in all sources',
  };
}

function churn({ heard: { counts } }: Found): Showing {
  return {
    gap: 'churn',
    state: counts.churned === 0 ? 'missing' : 'shown',
    needs: 'who left, and when (lifecycle: churned)',
    found: counts.churned === 0 ? 'none' : `${number(counts.churned, 'customer')} who left`,
    get: counts.churned === 0 ? 'an export of cancellations from billing or CRM (kind: lifecycle)' : null,
  };
}

function number(count: number, word: string): string {
  return `${count.toLocaleString('en-GB')} ${word}${count === 1 ? '' : 's'}`;
}
