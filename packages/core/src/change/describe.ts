/** What the console and an alert show of a stage, in figures; it changes nothing. */
import { type GapNeeds, gapNeeds } from '../gap/needs.ts';
import { readyDay } from './baseline.ts';
import { type Figures, figuresOf } from './decision.ts';
import { evidenceOf } from './evidence.ts';
import type { StageState } from './state.ts';

export type SourceBaseline = {
  source: string;
  state: 'learning' | 'watching';
  friction: number | null;
  unhappy: number | null;
};

export type StageDescription = {
  gaps: GapNeeds;
} /** `until`: the hour at which the first source will bet, as far as its votes so far tell. */ & (
  | { state: 'learning'; until: number; sources: SourceBaseline[] }
  | {
      state: 'watching' | 'open';
      /** Unhappy share and mean friction that the baselines expect of the usual mix of sources. */
      before: number;
      friction: number;
      /** Evidence of a rise, or, in an open episode, the evidence that it opened with. */
      evidence: number;
      threshold: number;
      /** In an open episode: evidence that at most half of the step is left. */
      closingEvidence: number | null;
      /** Share of variance that the votes of a day have in common (ρ). */
      correlation: number;
      episode: (Figures & { openedHour: number; onsetHour: number; onsetInterval: [number, number] }) | null;
      sources: SourceBaseline[];
    }
);

/** Describes a stage as of `hour`, which may lie after the last hour that it was heard in. `target`: what is wanted there. */
export function describeStage(stage: StageState, hour: number, target: number | null = null): StageDescription {
  const sources = stage.sources.map(
    ({ source, ready, today }): SourceBaseline => ({
      source,
      state: ready ? 'watching' : 'learning',
      friction: ready ? (today?.mean ?? null) : null,
      unhappy: ready ? (today?.unhappy ?? null) : null,
    }),
  );
  const isWatched = sources.some(({ state }) => state === 'watching');
  const gaps = gapNeeds({
    experience: wasHeard(stage) ? 1 : null,
    usual: isWatched ? 1 : null,
    belief: stage.belief?.share ?? null,
    target,
  });
  if (!isWatched) return { gaps, state: 'learning', until: learningEnds(stage, hour), sources };
  return { gaps, ...describeWatch(stage), sources };
}

/** Whether anybody spoke in the episode, or within the last three weeks. */
function wasHeard({ episode, sources }: StageState): boolean {
  return episode !== null || sources.some(({ pending }) => pending.votes.some((votes) => votes > 0));
}

function learningEnds({ sources }: StageState, hour: number): number {
  const day = Math.floor(hour / 24);
  const days = sources.map((series) => readyDay(series, day));
  return Math.max(Math.min(...days, Number.MAX_SAFE_INTEGER / 24), day + 1) * 24;
}

function describeWatch(stage: StageState) {
  const { episode, threshold, correlation } = stage;
  return {
    state: episode ? ('open' as const) : ('watching' as const),
    ...usualMix(stage),
    evidence: episode?.evidence ?? evidenceOf(stage.rising),
    threshold,
    closingEvidence: episode ? evidenceOf(episode.closing) : null,
    correlation,
    episode: episode && {
      ...figuresOf(episode.recent, stage, episode.gap),
      openedHour: episode.openedHour,
      onsetHour: episode.onsetHour,
      onsetInterval: episode.onsetInterval,
    },
  };
}

function usualMix({ sources }: StageState): { before: number; friction: number } {
  let votes = 0;
  let friction = 0;
  let unhappy = 0;
  for (const { ready, level } of sources) {
    if (!ready) continue;
    votes += level.votes / Math.max(level.days, 1);
    friction += level.friction / Math.max(level.days, 1);
    unhappy += level.unhappy / Math.max(level.days, 1);
  }
  return { before: votes > 0 ? unhappy / votes : 0, friction: votes > 0 ? friction / votes : 0 };
}
