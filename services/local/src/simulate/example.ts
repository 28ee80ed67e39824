// The example company of the first start: a made-up shop with an app, half a year of history, and a present that goes on.
// One stage widens, one is loud but well, one gets better, one has fallen silent. Its story depends on the UTC day of
// `now` and the seed alone, so that a second start on the same day tells the same one.
import type { ConfigurationInput, Signal } from '@gapwatch/contracts';
import { byArrival, knownMs } from './arrival.ts';
import { profileOf, type StageProfile } from './journey.ts';
import type { Company } from './options.ts';
import type { Plant } from './plant.ts';
import { Random } from './random.ts';
import { dayMs, secondMs } from './season.ts';
import { play } from './simulate.ts';

export type ExampleCompany = {
  /** gapwatch.yaml as an object */
  config: ConfigurationInput;
  /** the half year that ends at `now`, in order of arrival */
  history(): Iterable<Signal>;
  /** what arrives from `sinceMs` (not before `now`) on, in order of arrival, without end */
  live(sinceMs: number): Generator<Signal, void, undefined>;
};

const historyDays = 182;
const customers = 2_400;
const widensDaysAgo = 25;
const improvesDaysAgo = 70;
const silentForDays = 30;
// Live: logins and page views come on top, so that something is seen to happen; nobody says more than before.
const viewsPerSecond = 3;
const recentVisits = 400;
const stagelessViewShare = 0.75;

/** What makes each stage of the example what it is; the rest is usual. */
const shapes: Readonly<Record<string, Partial<StageProfile>>> = {
  discover: { statementsPerDay: 12, spokenShare: 0.5, unhappyShare: 0.06, target: 0.92, doors: [0.3, 0.4, 0.1, 0.2] },
  buy: { statementsPerDay: 24, spokenShare: 0.55, unhappyShare: 0.2, target: 0.9, doors: [0.3, 0.5, 0.1, 0.1] },
  delivery: {
    statementsPerDay: 44,
    spokenShare: 0.5,
    unhappyShare: 0.08,
    target: 0.92,
    doors: [0.35, 0.45, 0.12, 0.08],
  },
  use: { statementsPerDay: 20, spokenShare: 0.3, unhappyShare: 0.12, target: 0.88, doors: [0.25, 0.25, 0.4, 0.1] },
  support: {
    statementsPerDay: 56,
    spokenShare: 0.71,
    unhappyShare: 0.11,
    target: 0.85,
    doors: [0.7, 0.25, 0, 0.05],
    reopenShare: 0.08,
  },
  renew: { statementsPerDay: 0.6, spokenShare: 0.02, unhappyShare: 0.15, target: 0.9, doors: [0.2, 0.7, 0, 0.1] },
};

const words: Readonly<Record<string, string[]>> = {
  discover: ['brochure', 'price list', 'comparison', 'newsletter', 'demo', 'advert', 'Prospekt', 'affiche'],
  buy: [
    'checkout',
    'voucher',
    'basket',
    'invoice',
    'charged',
    'payment',
    'Gutschein',
    'Rechnung',
    'cupón',
    'factura',
    'facture',
    'paiement',
  ],
  delivery: [
    'parcel',
    'courier',
    'delivery',
    'delivered',
    'tracking',
    'driver',
    'shipping',
    'rescheduled',
    'Paket',
    'Kurier',
    'geliefert',
    'paquete',
    'repartidor',
    'colis',
    'livreur',
    'livraison',
  ],
  use: [
    'app',
    'battery',
    'update',
    'version',
    'PIN',
    'calendar',
    'sync',
    'charging',
    'screen',
    'settings',
    'Akku',
    'batería',
    'aplicación',
    'batterie',
    'application',
  ],
  support: ['hold', 'agent', 'hotline', 'chat', 'call back', 'case', 'Rückruf', 'caso', 'dossier'],
  renew: ['contract', 'renewal', 'renewed', 'cancel', 'subscription', 'Vertrag', 'contrato', 'contrat', 'abonnement'],
};

const names: Readonly<Record<string, string>> = { delivery: 'Deliver' };

function plantsOf(stage: string): Plant[] {
  if (stage === 'delivery') return [{ stage, step: 0.14, day: historyDays - widensDaysAgo, rampDays: 6 }];
  if (stage === 'buy') return [{ stage, step: -0.12, day: historyDays - improvesDaysAgo, rampDays: 28 }];
  return [];
}

function stageOf(id: string, index: number, seed: number): StageProfile {
  const usual = profileOf(id, index, seed);
  const profile: StageProfile = { ...usual, name: names[id] ?? usual.name, ...shapes[id], plants: plantsOf(id) };
  return id === 'renew' ? { ...profile, silentFromDay: historyDays - silentForDays } : profile;
}

function companyOf(todayMs: number, seed: number): Company {
  const fromMs = todayMs - historyDays * dayMs;
  return {
    fromMs,
    days: Number.POSITIVE_INFINITY,
    customers,
    seed,
    ratingsOnly: false,
    stages: Object.keys(shapes).map((id, index) => stageOf(id, index, seed)),
    namesStages: false,
    edition: `${(fromMs / dayMs).toString(36)}-`,
  };
}

const sourceIds = ['helpdesk', 'survey', 'reviews', 'app-store', 'web-form', 'crm', 'scorecards'];

function configOf({ stages }: Company): ConfigurationInput {
  return {
    stages: stages.map(({ id, name, owner, target, queue }) => ({
      id,
      name,
      owner,
      target,
      match: [
        { field: 'attributes.queue', is: [queue] },
        { field: 'attributes.topic', is: [queue] },
        { words: words[id] as string[] },
      ],
    })),
    sources: [{ id: 'canonical', type: 'canonical' }, ...sourceIds.map((id) => ({ id, type: 'canonical' }))],
    segments: ['plan', 'country'],
    // stricter than the default, so that half a year of six stages shows what is there and nothing else
    alerts: { falseAlarms: { count: 1, perDays: 365 } },
  };
}

function* until(signals: Iterable<Signal>, endMs: number): Generator<Signal, void, undefined> {
  for (const signal of signals) {
    if (knownMs(signal) >= endMs) return;
    yield signal;
  }
}

const isVisit = (signal: Signal): boolean => signal.lifecycle?.event === 'active' && signal.stage !== undefined;

/** Somebody of the last hours looks at another page, mostly at none that belongs to a stage. */
function viewOf(recent: readonly Signal[], atMs: number, count: number, random: Random): Signal {
  const { stage, ...visit } = random.pick(recent);
  const view: Signal = {
    ...visit,
    subject: `view:${atMs.toString(36)}-${count}`,
    occurredAt: new Date(atMs).toISOString(),
  };
  if (stage !== undefined && !random.chance(stagelessViewShare)) view.stage = stage;
  return view;
}

/** Who has left looks at nothing any more. */
function forget(recent: Signal[], { customer }: Signal): void {
  const kept = recent.filter((visit) => visit.customer !== customer);
  recent.splice(0, recent.length, ...kept);
}

/** The story from `sinceMs` on, with the views of pages in between. */
function* goOn(signals: Iterable<Signal>, sinceMs: number): Generator<Signal, void, undefined> {
  const random = new Random(sinceMs % 2 ** 31);
  const recent: Signal[] = [];
  const next = (): number => Math.ceil(random.exponential(secondMs / viewsPerSecond));
  let viewMs = sinceMs + next();
  let count = 0;
  for (const signal of signals) {
    const atMs = knownMs(signal);
    for (; viewMs < atMs && recent.length > 0; viewMs += next()) yield viewOf(recent, viewMs, count++, random);
    if (signal.lifecycle?.event === 'churned') forget(recent, signal);
    if (isVisit(signal) && recent.push(signal) > recentVisits) recent.shift();
    if (atMs >= sinceMs) yield signal;
  }
}

/** A company to look at. `live` continues exactly this history when it is asked with the `now` at which that ended. */
export function exampleCompany(now: Date, seed: number): ExampleCompany {
  const todayMs = Math.floor(now.getTime() / dayMs) * dayMs;
  const company = companyOf(todayMs, seed);
  const story = (): Iterable<Signal> => byArrival(play(company, () => {}));
  return {
    config: configOf(company),
    history: () => until(story(), now.getTime()),
    live: (sinceMs) => goOn(story(), Math.max(sinceMs, now.getTime())),
  };
}
