// The journey as a line of stages. State is told by shape and word, never by colour alone.
import type { StageOverview } from '../src/schemas.ts';
import { stageLink } from './route.ts';
import { trendOf } from './trend.ts';
import { count, direction, figure, heard, ofHundred, percent, plusMinus } from './words.ts';

type StripProps = { stages: readonly StageOverview[]; selected: string | null; asOf: string | null };

export function Strip({ stages, selected, asOf }: StripProps) {
  const total = stages.reduce((sum, { statements }) => sum + statements, 0);
  // one scale for all, so that stages compare
  const top = Math.max(0.05, ...stages.map((stage) => Math.max(0, ...trendOf(stage.days).map((share) => share ?? 0))));
  return (
    <ol className="journey" aria-label="Stages of the journey">
      {stages.map((stage) => (
        <li key={stage.id}>
          <Stage stage={stage} asOf={asOf} total={total} top={top} isSelected={stage.id === selected} />
        </li>
      ))}
    </ol>
  );
}

type StageProps = { stage: StageOverview; asOf: string | null; total: number; top: number; isSelected: boolean };

function Stage({ stage, asOf, total, top, isSelected }: StageProps) {
  const { sign, text, isWidening } = direction(stage, asOf);
  const isUnknown = stage.id === 'unknown' && !stage.configured;
  return (
    <a className="stage" href={stageLink(stage.id)} aria-current={isSelected ? 'true' : undefined}>
      <Rail state={stage.state} />
      <span className="name">{stage.name}</span>
      <span className="owner">
        {isUnknown ? `${percent(total === 0 ? 0 : stage.statements / total)} of statements` : (stage.owner ?? '')}
      </span>
      <Figure stage={stage} />
      <span className={isWidening ? 'direction widening' : 'direction soft'}>
        {sign !== '' && <span aria-hidden="true">{sign} </span>}
        {text}
      </span>
      <Spark stage={stage} top={top} />
      <span className="heard">{heard(stage)}</span>
    </a>
  );
}

function Figure({ stage }: { stage: StageOverview }) {
  const shown = figure(stage);
  if (shown === null) {
    return (
      <span className="figure">
        <span>{stage.state === 'silent' ? 'nobody heard yet' : 'nobody heard that week'}</span>
      </span>
    );
  }
  return (
    <span className="figure">
      <strong className={stage.alert === null ? undefined : 'widening'}>{ofHundred(shown.share)}</strong>
      <span>
        {shown.interval !== null && `${plusMinus(shown.interval)} `}
        <span className="visually-hidden">{count(100)} unhappy </span>of 100
      </span>
    </span>
  );
}

/** A segment of the line that joins the stages, with the node of this one. */
function Rail({ state }: { state: StageOverview['state'] }) {
  return (
    <svg className="rail" aria-hidden="true">
      <line x1="0" x2="100%" y1="12" y2="12" />
      {state === 'open' ? (
        <path className="node open" d="M18 5 L25 18 L11 18 Z" strokeLinejoin="round" />
      ) : (
        <circle className={`node ${state}`} cx="18" cy="12" r={state === 'watching' ? 5 : 6} />
      )}
    </svg>
  );
}

const width = 180;
const height = 44;

/** 90 days as a line: the share of the seven days before; dashed the usual; coloured since the onset. */
function Spark({ stage, top }: { stage: StageOverview; top: number }) {
  const trend = trendOf(stage.days);
  if (trend.every((share) => share === null)) return <span className="hatched" aria-hidden="true" />;
  const y = (share: number) => height - 2 - (share / top) * (height - 6);
  const onset = stage.alert === null ? null : onsetIndex(stage, trend.length);
  return (
    <span className="spark" aria-hidden="true">
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="presentation">
        {stage.usual !== null && <line className="usual" x1="0" x2={width} y1={y(stage.usual)} y2={y(stage.usual)} />}
        <path className="trend" d={pathOf(trend, y)} />
        {onset !== null && (
          <path
            className="since"
            d={pathOf(
              trend.map((share, index) => (index < onset ? null : share)),
              y,
            )}
          />
        )}
      </svg>
    </span>
  );
}

function onsetIndex({ alert, days }: StageOverview, length: number): number {
  const index = Math.floor((Date.parse(alert?.onset ?? '') - Date.parse(days.from)) / 86_400_000);
  return Math.min(Math.max(index, 0), length - 1);
}

function pathOf(trend: readonly (number | null)[], y: (share: number) => number): string {
  let isDown = false;
  const steps = trend.map((share, index) => {
    if (share === null) {
      isDown = false;
      return '';
    }
    const place = `${((index / (trend.length - 1)) * width).toFixed(1)} ${y(share).toFixed(1)}`;
    const step = `${isDown ? 'L' : 'M'}${place}`;
    isDown = true;
    return step;
  });
  return steps.join('');
}
