// Labelled texts of ../shared/data, from the files as they lie. Figures trained from them are in the product; rows are not.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { readZipped } from './zip.ts';

export type Label = 'negative' | 'neutral' | 'positive';
/** `weight`: how much the set's kind of text resembles what customers write, and how sure its labels are. */
export type LabelledText = {
  readonly set: string;
  readonly text: string;
  readonly label: Label;
  readonly weight: number;
};
export type TextInLanguage = { readonly language: string; readonly text: string };

export const dataFolder = resolve(import.meta.dirname, '../../../shared/data');
export const hasData = existsSync(dataFolder);

function read(path: string): string {
  const bytes = readFileSync(join(dataFolder, path));
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

type Row = Readonly<Record<string, string>>;

function readCsv(path: string, delimiter = ','): Row[] {
  const tabs = delimiter === '\t';
  return parse(read(path), {
    columns: true,
    delimiter,
    relax_quotes: true,
    relax_column_count: true,
    ...(tabs && { quote: null }),
  }) as Row[];
}

function labelled(
  set: string,
  weight: number,
  rows: readonly Row[],
  read: (row: Row) => [string | undefined, Label | null],
): LabelledText[] {
  return rows.flatMap((row) => {
    const [text, label] = read(row);
    return text && label !== null ? [{ set, text, label, weight }] : [];
  });
}

/** Low is bad; what lies between the two bounds is left out, since people in the middle write anything. */
function byScale(value: number, bad: number, good: number, middle: Label | null = null): Label | null {
  if (Number.isNaN(value)) return null;
  return value <= bad ? 'negative' : value >= good ? 'positive' : middle;
}

const kindFeelings = new Set(
  'admiration amusement approval caring excitement gratitude joy love optimism pride relief'.split(' '),
);
const badFeelings = new Set(
  'anger annoyance disappointment disapproval disgust embarrassment fear grief remorse sadness'.split(' '),
);
const calm = new Set(['neutral', 'curiosity', 'realization', 'confusion']);

/** Mixed feelings are left out. */
function byFeelings(
  labels: readonly string[],
  good: ReadonlySet<string>,
  bad: ReadonlySet<string>,
  none: ReadonlySet<string>,
): Label | null {
  if (labels.length === 0) return null;
  if (labels.every((label) => good.has(label))) return 'positive';
  if (labels.every((label) => bad.has(label))) return 'negative';
  return labels.every((label) => none.has(label)) ? 'neutral' : null;
}

const complaintIntents =
  /not_working|declined|failed|wrong|lost|stolen|not_recognised|charged|missing|reverted|pending|compromised|unable|swallowed|cancel|late|refund|arrival/;

function uci(name: string): LabelledText[] {
  return read(`uci_sentiment_sentences/${name}_labelled.txt`)
    .split('\n')
    .flatMap((line) => {
      const [text, label] = line.split('\t');
      return text && label
        ? [
            {
              set: `uci-${name}`,
              text: text.trim(),
              label: label.trim() === '1' ? 'positive' : 'negative',
              weight: name === 'imdb' ? 0.5 : 1,
            } as const,
          ]
        : [];
    });
}

function lines(archive: string, name: string): string[] {
  const text = readZipped(join(dataFolder, 'nltk_customer_sentiment', `${archive}.zip`), `${archive}/${name}`);
  return text
    .split('\n')
    .map((line) => line.replace(/<[^>]*>/g, '').trim())
    .filter((line) => line !== '' && !line.startsWith(';'));
}

function linesOf(set: string, archive: string, name: string, label: Label, weight: number): LabelledText[] {
  return lines(archive, name).map((text) => ({ set, text, label, weight }));
}

/** Every text with a label, set by set. */
export function labelledTexts(): LabelledText[] {
  const feelings = { good: new Set(['joy', 'trust']), bad: new Set(['anger', 'disgust', 'fear', 'sadness']) };
  return [
    ...labelled('nhs-comments', 1, readCsv('nhs_patient_feedback/v6framework_before_2022-07.csv.gz'), (row) => {
      const label =
        ([null, 'positive', 'positive', 'neutral', 'negative', 'negative'] as const)[
          Math.round(Number(row['Comment sentiment']))
        ] ?? null;
      return [row['FFT answer'], label];
    }),
    ...labelled('nhs-phase-1', 0.8, readCsv('nhs_patient_feedback/text_data.csv.gz'), (row) => [
      row.feedback,
      byScale(Number(row.criticality || Number.NaN), -1, 1, 'neutral'),
    ]),
    ...linesOf('pros-cons', 'pros_cons', 'IntegratedPros.txt', 'positive', 0.4),
    ...linesOf('pros-cons', 'pros_cons', 'IntegratedCons.txt', 'negative', 0.4),
    ...linesOf('films', 'sentence_polarity', 'rt-polarity.pos', 'positive', 0.3),
    ...linesOf('films', 'sentence_polarity', 'rt-polarity.neg', 'negative', 0.3),
    ...['amazon_cells', 'yelp', 'imdb'].flatMap(uci),
    ...labelled('clothing', 0.8, readCsv('womens_clothing_subset/Womens Clothing E-Commerce Reviews.csv'), (row) => [
      row['Review Text'],
      byScale(Number(row.Rating), 2, 5),
    ]),
    ...labelled('lounges', 1, readCsv('skytrax_lounge_seat/lounge.csv.gz'), (row) => [
      row.content,
      byScale(Number(row.overall_rating || Number.NaN), 2, 4),
    ]),
    ...labelled('seats', 1, readCsv('skytrax_lounge_seat/seat.csv.gz'), (row) => [
      row.content,
      byScale(Number(row.overall_rating || Number.NaN), 3, 7),
    ]),
    ...labelled('banking77', 0.7, [...readCsv('banking77/train.csv'), ...readCsv('banking77/test.csv')], (row) => [
      row.text,
      complaintIntents.test(row.category ?? '') ? null : 'neutral',
    ]),
    ...labelled('clinc150', 0.5, readCsv('clinc150/clinc150.tsv.gz', '\t'), (row) => [row.text, 'neutral']),
    ...labelled('goemotions', 0.4, readCsv('goemotions/goemotions.tsv.gz', '\t'), (row) => [
      row.text,
      byFeelings((row.labels ?? '').split(','), kindFeelings, badFeelings, calm),
    ]),
    ...labelled('xed', 0.2, readCsv('xed_subtitles/xed.tsv.gz', '\t'), (row) => [
      row.text,
      byFeelings((row.labels ?? '').split(','), feelings.good, feelings.bad, new Set()),
    ]),
    ...labelled('brighter', 0.6, readCsv('brighter_emotions/brighter.tsv.gz', '\t'), (row) => {
      const labels = ['anger', 'disgust', 'fear', 'joy', 'sadness'].filter((name) => Number(row[name]) > 0);
      return [
        row.text,
        labels.length === 0
          ? Number(row.surprise) > 0
            ? null
            : 'neutral'
          : byFeelings(labels, feelings.good, feelings.bad, new Set()),
      ];
    }),
    ...labelled('afrisenti', 0.5, readCsv('afrisenti_portuguese/afrisenti_pt.tsv.gz', '\t'), (row) => [
      row.text,
      (row.label ?? null) as Label | null,
    ]),
    ...labelled('complaints', 0.6, readCsv('cfpb_complaints/cfpb_2019_sample.csv.gz'), (row) => [
      row['Consumer complaint narrative'],
      'negative',
    ]),
    ...labelled(
      'tatoeba',
      0.8,
      readCsv('tatoeba_sentences/tatoeba.tsv.gz', '\t').filter((row) => taughtLanguages.has(row.language ?? '')),
      (row) => [row.text, 'neutral'],
    ),
  ];
}

const taughtLanguages = new Set(['en', 'de', 'es', 'fr', 'pt', 'it', 'nl']);

/** Words with a value from −5 to 5, of every list. */
export function sentimentWords(): { readonly word: string; readonly value: number }[] {
  const lists = readCsv('sentiment_words/sentiment_words.tsv.gz', '\t').flatMap((row) => {
    const value = Number(row.value);
    const most = row.list?.includes('pattern') ? 1 : row.list?.includes('vader') ? 4 : 5;
    return row.word && !Number.isNaN(value) ? [{ word: row.word, value: (5 * value) / most }] : [];
  });
  const afinn = read('afinn/AFINN-en-165.txt')
    .split('\n')
    .map((line) => line.split('\t'));
  const vader = read('vader/vader_lexicon.txt')
    .split('\n')
    .map((line) => line.split('\t'));
  const opinions = (name: string, value: number) => lines('opinion_lexicon', name).map((word) => ({ word, value }));
  return [
    ...lists,
    ...opinions('positive-words.txt', 2),
    ...opinions('negative-words.txt', -2),
    ...afinn.flatMap(([word, value]) => (word && value ? [{ word, value: Number(value) }] : [])),
    ...vader.flatMap(([word, value]) => (word && value ? [{ word, value: (5 * Number(value)) / 4 }] : [])),
  ];
}

/** Emoji whose description has a value of its own. */
export function sentimentEmoji(): { readonly word: string; readonly value: number }[] {
  const good =
    /smil|grinning|joy|heart(?!broken)|thumbs up|clapping|party|hugging|kiss|beaming|star-struck|hundred|sparkl|ok hand|raising hands|laugh/;
  const bad =
    /angry|pout|crying|frown|thumbs down|vomit|nause|disappoint|worried|weary|tired face|broken heart|enraged|swear|symbols on mouth|confounded|unamused|steam|persever|anguish|fear|skull|pile of poo|middle finger|confused|rolling eyes|face with head-bandage/;
  return read('vader/emoji_utf8_lexicon.txt')
    .split('\n')
    .flatMap((line) => {
      const [word = '', name = ''] = line.split('\t');
      if (bad.test(name) && !/tears of joy/.test(name)) return [{ word, value: -4 }];
      return good.test(name) ? [{ word, value: 4 }] : [];
    });
}

export function textsInLanguages(): TextInLanguage[] {
  const tatoeba = readCsv('tatoeba_sentences/tatoeba.tsv.gz', '\t');
  const films = readCsv('xed_subtitles/xed.tsv.gz', '\t');
  return [...tatoeba, ...films].flatMap(({ language = '', text = '' }) =>
    text ? [{ language: language.slice(0, 2), text }] : [],
  );
}

/** One in ten texts is held out, by a hash of its words: the same for every run, and for equal texts alike. */
export function isHeldOut(text: string): boolean {
  let hash = 7;
  for (let at = 0; at < text.length; at += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return Math.abs(hash ^ (hash >>> 13)) % 10 === 0;
}
