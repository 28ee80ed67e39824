// Which gaps of a stage are measured, and what the others lack. A gap is never computed from a default.
export type Need = 'belief' | 'target' | 'voices' | 'history';

/** Shares; null is what is not known. `usual`: what the stage's own baseline expects. */
export type Measures = {
  readonly experience: number | null;
  readonly usual: number | null;
  readonly belief: number | null;
  readonly target: number | null;
};

export type GapNeeds = Readonly<Record<'baseline' | 'knowledge' | 'desire' | 'total', Need | null>>;

/** What each gap lacks; null where it is measured. */
export function gapNeeds({ experience, usual, belief, target }: Measures): GapNeeds {
  const heard = experience === null ? 'voices' : null;
  return {
    baseline: usual === null ? 'history' : heard,
    knowledge: belief === null ? 'belief' : heard,
    desire: target === null ? 'target' : belief === null ? 'belief' : null,
    total: target === null ? 'target' : heard,
  };
}
