// The stages in the order in which a customer meets them, and what is known of each beside its figures.
import { type Configuration, unknownStage } from '@gapwatch/contracts';
import { dayMs } from '@gapwatch/core';
import type { Overview } from './state.ts';

export type JourneyStage = {
  readonly id: string;
  readonly name: string;
  readonly owner: string | null;
  readonly configured: boolean;
};

/** The configured stages in their order, then those that only the signals name, then what maps nowhere. */
export function journeyOf(configuration: Configuration, overview: Overview): readonly JourneyStage[] {
  const configured = configuration.stages ?? [];
  const named = new Set(configured.map(({ id }) => id));
  const others = [...overview.stages.keys()].filter((id) => !named.has(id) && id !== unknownStage).sort();
  const isUnknownShown = configuration.stages !== undefined || overview.stages.has(unknownStage);
  const last = isUnknownShown && !named.has(unknownStage) ? [unknownStage] : [];
  return [
    ...configured.map(({ id, name, owner }) => ({
      id,
      name: name ?? titleOf(id),
      owner: owner ?? null,
      configured: true,
    })),
    ...[...others, ...last].map((id) => ({ id, name: titleOf(id), owner: null, configured: false })),
  ];
}

/** `after-sales` reads `After sales`. */
export function titleOf(id: string): string {
  const words = id.replaceAll(/[-_]+/g, ' ').trim();
  return words === '' ? id : words[0]!.toUpperCase() + words.slice(1);
}

/** A past that was played ends where its statements end, though the log itself goes on. */
const playedAfterMs = 14 * dayMs;

/** Where what is shown ends, milliseconds UTC; null before anything was said. */
export function shownUntil({ logTime, newestStatement }: Overview): number | null {
  if (newestStatement < 0) return null;
  const isPlayed = logTime - newestStatement > playedAfterMs;
  return isPlayed ? (Math.floor(newestStatement / dayMs) + 1) * dayMs : Math.max(logTime, newestStatement + 1);
}
