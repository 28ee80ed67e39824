// What a start begins with: nothing, the example company, or an export; or what an earlier start has left.
import type { Signal } from '@gapwatch/contracts';
import { configurationSchema } from '@gapwatch/contracts';
import { type ExportAccount, newAccount } from '../exports/read.ts';
import { chooseSources } from '../exports/source.ts';
import type { PastPayload } from '../play/play.ts';
import { loadSettled, type Settled, settle, withSource } from '../settings/configuration.ts';
import { exampleCompany } from '../simulate/index.ts';
import { UsageError } from '../terminal/output.ts';
import type { PlayMarker } from './directory.ts';
import { examplePast, exportPast } from './past.ts';

export type Play = {
  readonly marker: Omit<PlayMarker, 'written'>;
  readonly past: Iterable<PastPayload> | AsyncIterable<PastPayload>;
  /** what the reading of an export found; null where nothing is read */
  readonly account: ExportAccount | null;
};

export type Story = {
  readonly settled: Settled;
  /** to be played into the empty directory; null where there is nothing to play */
  readonly play: Play | null;
  /** what goes on after a time, in milliseconds UTC; null where nobody plays the present */
  readonly live: ((sinceMs: number) => Iterable<Signal>) | null;
  /** worth telling the person who started */
  readonly notes: readonly string[];
};

export type StoryOptions = {
  readonly demo: boolean;
  readonly replay: readonly string[];
  readonly source: string | undefined;
  readonly configurationFile: string | undefined;
  readonly now: number;
  readonly onRead: (bytes: number, total: number | null) => void;
};

/** What the directory holds already. */
export type Found = { readonly isEmpty: boolean; readonly marker: PlayMarker | null };

/** The example company is the same for everybody. */
const exampleSeed = 1;

/** @throws UsageError where what was asked for does not fit what is there */
export async function chooseStory(options: StoryOptions, found: Found): Promise<Story> {
  if (options.demo && options.replay.length > 0) throw new UsageError('--demo and --replay are two pasts: choose one');
  if (options.demo && (found.isEmpty || found.marker?.kind === 'demo')) return exampleStory(options, found);
  const settled = await loadSettled(options.configurationFile, options.source);
  if (options.replay.length > 0) return exportStory(options, settled, found);
  const notes = options.demo
    ? ['the data directory has data of its own: the example company is not played into it']
    : [];
  return { settled, play: null, live: null, notes };
}

function exampleStory({ now, configurationFile }: StoryOptions, { marker }: Found): Story {
  if (configurationFile !== undefined) {
    throw new UsageError('the example company brings its own configuration: leave out --config, or --demo');
  }
  const from = new Date(marker?.from ?? now);
  const company = exampleCompany(from, exampleSeed);
  const settled = settle(configurationSchema.parse(company.config), null);
  const play = {
    marker: { kind: 'demo', from: from.toISOString() },
    past: examplePast(company.history()),
    account: null,
  } as const;
  return { settled, play: marker === null ? play : null, live: company.live, notes: [] };
}

function exportStory(options: StoryOptions, settled: Settled, { isEmpty, marker }: Found): Story {
  if (marker?.kind === 'replay') {
    return { settled, play: null, live: null, notes: ['this directory was played into before: going on from there'] };
  }
  if (!isEmpty) throw new UsageError('--replay needs an empty data directory: name another with --data-dir');
  const exports = chooseSources(settled, options.replay, options.source);
  const account = newAccount();
  const past = exportPast(exports, { sourcing: settled.sourcing, account, onRead: options.onRead });
  const play = { marker: { kind: 'replay', from: new Date(options.now).toISOString() }, past, account } as const;
  const known = exports.reduce((all, { source }) => withSource(all, source), settled);
  return { settled: known, play, live: null, notes: [] };
}
