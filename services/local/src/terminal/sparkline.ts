// A line of block characters: as tall as the share, a dot where nobody was heard.
const blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** `top`: the share that is drawn as a full block. Shares are thinned to so many characters, each the mean of its days. */
export function sparkline(shares: readonly (number | null)[], top: number, characters: number): string {
  return thin(shares, characters)
    .map((share) => (share === null ? '·' : blocks[Math.min(7, Math.floor((share / top) * 8))]))
    .join('');
}

/** The character of a line in which a place of so many lies. */
export function placeIn(index: number, length: number, characters: number): number {
  return Math.floor(index / Math.max(1, Math.ceil(length / characters)));
}

function thin(shares: readonly (number | null)[], characters: number): (number | null)[] {
  const step = Math.max(1, Math.ceil(shares.length / characters));
  const thinned: (number | null)[] = [];
  for (let from = 0; from < shares.length; from += step) {
    const heard = shares.slice(from, from + step).filter((share) => share !== null);
    thinned.push(heard.length === 0 ? null : heard.reduce((sum, share) => sum + share, 0) / heard.length);
  }
  return thinned;
}
