/** The sources of a stage as groups of voices: how many speak through each, and how many of them are unhappy. */
import type { StageState } from './state.ts';

export type Voices = { votes: number; unhappy: number };

/** A group before (while the baseline was made) and now (since the onset); only the ratios between groups matter. */
export type Group = { value: string; before: Voices; now: Voices };

/** Empty where no episode is open. */
export function sourceGroups({ sources, episode }: StageState): Group[] {
  if (episode === null) return [];
  return sources.map(({ source, level, episode: heard }) => ({
    value: source,
    before: { votes: level.votes, unhappy: level.unhappy },
    now: { votes: heard?.votes ?? 0, unhappy: heard?.unhappy ?? 0 },
  }));
}
