// A conversation with the help desk: what the customer asks, what staff answer and promise, 'solved', and whether it was.
// All of it goes on the agenda when the ticket is opened; what a customer would say after leaving is never said.
import type { Signal } from '@gapwatch/contracts';
import type { Customer } from './population.ts';
import { stamp, subjectOf } from './run.ts';
import { dayMs, hourMs, minuteMs } from './season.ts';
import type { Occasion } from './statements.ts';
import { compose, type Tone, type Turn, turn } from './words/compose.ts';
import { write } from './write.ts';

/** What a customer adds to a ticket after its first statement, on average; the volume of a stage allows for it. */
export const followUpsPerTicket = 0.42;

type Status = NonNullable<Signal['status']>;
type Talk = Occasion & {
  customer: Customer;
  thread: string;
  comments: number;
  nowMs: number;
  attributes: Signal['attributes'];
};

const receiptShare = 0.25;
const promiseShare = 0.4;
const chaseShare = 0.35;
const closedShare = 0.5;
const thanksShare = 0.35;
const followUpShare = 0.2;
const keptShare = { usual: 0.85, planted: 0.5 } as const;
const plantedReopenFactor = 1.8;
const calmTones: readonly Tone[] = ['question', 'question', 'question', 'question', 'neutral', 'happy'];

const channels = ['email', 'email', 'chat', 'phone', 'form'] as const;

function wait(talk: Talk, meanMs: number, leastMs = 5 * minuteMs): void {
  talk.nowMs += Math.floor(leastMs + talk.run.random.exponential(meanMs));
}

function comment(talk: Talk, author: 'customer' | 'staff' | 'bot', status: Status, text?: string): Signal {
  talk.comments += 1;
  const signal: Signal = {
    kind: 'ticket',
    source: 'helpdesk',
    subject: `${talk.thread}/comment:${talk.comments}`,
    thread: talk.thread,
    customer: talk.customer.id,
    occurredAt: stamp(talk.nowMs),
    segment: talk.customer.segment,
    author,
    status,
    ...(talk.attributes === undefined ? {} : { attributes: talk.attributes }),
  };
  if (talk.run.company.namesStages) signal.stage = talk.profile.id;
  if (text !== undefined) signal.text = text;
  return signal;
}

const words = (talk: Talk, what: Turn): string =>
  turn({ random: talk.run.random, language: talk.customer.language, stage: talk.profile.id }, what, talk.mood.planted);

function customerSays(talk: Talk, status: Status, text: string, unhappy: boolean): void {
  write(talk.run, comment(talk, 'customer', status, text), talk.customer, talk.nowMs, unhappy);
}

function houseSays(talk: Talk, signal: Signal): void {
  talk.run.agenda.add(talk.nowMs, { atMs: talk.nowMs, customer: talk.customer, signal });
}

const staffSays = (talk: Talk, status: Status, text: string): void =>
  houseSays(talk, comment(talk, 'staff', status, text));

/** Staff name a time. Where it was kept, a later version of the same statement says when. */
function promise(talk: Talk): void {
  const { run, nowMs, mood } = talk;
  const dueMs = nowMs + run.random.pick([1, 1, 2, 3]) * dayMs;
  const signal = comment(talk, 'staff', 'pending', `${words(talk, 'answering')} ${words(talk, 'promising')}`);
  signal.promise = { what: run.random.pick(['reply', 'call back', 'fix']), dueAt: stamp(dueMs) };
  houseSays(talk, signal);
  if (!run.random.chance(mood.planted ? keptShare.planted : keptShare.usual)) return;
  const keptAt = stamp(Math.floor(run.random.between(nowMs + hourMs, dueMs)));
  houseSays(talk, { ...signal, version: 1, observedAt: keptAt, promise: { ...signal.promise, keptAt } });
}

function solve(talk: Talk): void {
  wait(talk, 14 * hourMs);
  staffSays(talk, 'solved', words(talk, 'solving'));
}

function thank(talk: Talk): void {
  wait(talk, 8 * hourMs);
  customerSays(talk, 'solved', words(talk, 'thanking'), false);
}

function close(talk: Talk): void {
  if (!talk.run.random.chance(closedShare)) return;
  wait(talk, dayMs, 3 * dayMs);
  houseSays(talk, comment(talk, 'bot', 'closed'));
}

/** It was no solution: the customer says so in the same ticket, or in a new one that refers to it. */
function reopen(talk: Talk): void {
  const { run } = talk;
  wait(talk, 1.5 * dayMs, 2 * hourMs);
  if (run.random.chance(followUpShare)) {
    talk.attributes = { ...talk.attributes, followUpOf: talk.thread };
    talk.thread = subjectOf(run, 'ticket');
    talk.comments = 0;
    customerSays(talk, 'new', words(talk, 'reopening'), true);
  } else customerSays(talk, 'open', words(talk, 'reopening'), true);
  wait(talk, 10 * hourMs);
  staffSays(talk, 'open', words(talk, 'answering'));
  solve(talk);
}

function complaint(talk: Talk): void {
  const { run, profile, mood } = talk;
  wait(talk, 7 * hourMs);
  if (run.random.chance(promiseShare)) promise(talk);
  else staffSays(talk, 'pending', words(talk, 'answering'));
  if (run.random.chance(chaseShare)) {
    wait(talk, dayMs, 18 * hourMs);
    customerSays(talk, 'open', words(talk, 'chasing'), true);
  }
  solve(talk);
  if (run.random.chance(Math.min(0.8, profile.reopenShare * (mood.planted ? plantedReopenFactor : 1)))) reopen(talk);
  if (run.random.chance(thanksShare)) thank(talk);
}

function request(talk: Talk): void {
  wait(talk, 4 * hourMs);
  staffSays(talk, 'solved', words(talk, talk.run.random.chance(0.7) ? 'solving' : 'answering'));
  if (talk.run.random.chance(thanksShare)) thank(talk);
}

/** A customer opens a ticket; the whole of its course is decided here. */
export function openTicket(occasion: Occasion): void {
  const { run, customer, mood, profile, atMs } = occasion;
  if (customer === null) return;
  const { random } = run;
  const attributes = { queue: profile.queue, channel: random.pick(channels) };
  const talk: Talk = { ...occasion, customer, thread: subjectOf(run, 'ticket'), comments: 0, nowMs: atMs, attributes };
  const unhappyTone: Tone = mood.planted ? 'planted' : 'unhappy';
  const tone = mood.unhappy ? unhappyTone : random.pick(calmTones);
  const voice = { random, language: customer.language, stage: profile.id };
  customerSays(talk, 'new', compose(voice, tone, 'ticket'), mood.unhappy);
  if (random.chance(receiptShare)) {
    wait(talk, minuteMs, minuteMs);
    houseSays(talk, comment(talk, 'bot', 'new', words(talk, 'receipt')));
  }
  if (mood.unhappy) complaint(talk);
  else request(talk);
  close(talk);
}
