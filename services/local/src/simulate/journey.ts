// A stage as the simulator knows it: how many speak there, through which doors, how many are unhappy, what that does.
import type { Plant } from './plant.ts';
import { unitOf } from './random.ts';

/** How a customer comes to speak: a ticket, an answer to a survey, a public review, a remark of their own. */
export type Door = 'ticket' | 'survey' | 'review' | 'remark';
export const doors: readonly Door[] = ['ticket', 'survey', 'review', 'remark'];

export type StageProfile = {
  id: string;
  name: string;
  /** a department */
  owner: string;
  /** the queue of the help desk that belongs to the stage */
  queue: string;
  /** share of customers with a good experience that the company wants */
  target: number;
  /** share of customers who are unhappy when nothing is planted */
  unhappyShare: number;
  /** statements of customers a day */
  statementsPerDay: number;
  /** weights of the doors, in the order of `doors` */
  doors: readonly [number, number, number, number];
  /** share of the visits after which the customer says something */
  spokenShare: number;
  /** share of the unhappy tickets that come back after they were called solved */
  reopenShare: number;
  /** chance that one unhappy experience drives a customer away */
  churnEffect: number;
  plants: readonly Plant[];
  /** the day from which nobody is heard any more, where there is one */
  silentFromDay?: number;
};

const owners: Readonly<Record<string, string>> = {
  discover: 'marketing',
  buy: 'sales',
  delivery: 'logistics',
  use: 'product',
  support: 'support',
  renew: 'accounts',
};

const queues: Readonly<Record<string, string>> = {
  discover: 'presales',
  buy: 'orders',
  delivery: 'shipping',
  use: 'product',
  support: 'service',
  renew: 'contracts',
};

const key = { share: 101, effect: 102 } as const;
const leastShare = 0.08;
const mostShare = 0.3;

/** The usual shape of the stage with that id. The share of unhappy customers lies in [.08, .30] and differs by stage. */
export function profileOf(id: string, index: number, seed: number): StageProfile {
  const unhappyShare = leastShare + (mostShare - leastShare) * unitOf(seed, key.share, index);
  return {
    id,
    name: id.charAt(0).toUpperCase() + id.slice(1),
    owner: owners[id] ?? 'operations',
    queue: queues[id] ?? id,
    target: 0.9,
    unhappyShare: Number(unhappyShare.toFixed(4)),
    statementsPerDay: 100,
    doors: [0.35, 0.4, 0.15, 0.1],
    spokenShare: 0.4,
    reopenShare: 0.3,
    churnEffect: Number((0.004 + 0.012 * unitOf(seed, key.effect, index)).toFixed(4)),
    plants: [],
  };
}
