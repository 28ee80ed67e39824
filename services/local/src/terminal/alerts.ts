// Alerts for a person at a terminal: shares as so many of 100 customers, times to the minute, UTC.
import type { Concerned } from '@gapwatch/console';
import { type AlertDocument, gapTitles } from '@gapwatch/core';
import { onOneLine } from './output.ts';

const ofHundred = (share: number): number => Math.round(100 * share);
const indent = (line: string): string => `  ${line}`;
const day = (time: string): string => time.slice(0, 10);
const minute = (time: string): string => `${time.slice(0, 16).replace('T', ' ')} UTC`;

/** One alert in one line. */
export function alertLine({ record }: AlertDocument): string {
  const { id, state, stage, onset, openedAt, before, now } = record;
  return `${id}  ${state.padEnd(6)}  ${stage}  ${ofHundred(before)} → ${ofHundred(now)} of 100, since about ${day(onset)}, alerted ${day(openedAt)}`;
}

/** Lines without their ends. */
export function alertLines({ record, history }: AlertDocument): string[] {
  const { id, onset, onsetInterval, before, now, evidence, budget, customers } = record;
  const between = onsetInterval === null ? '' : ` (between ${day(onsetInterval[0])} and ${day(onsetInterval[1])})`;
  const ends = record.closedAt === null ? 'open' : `closed ${minute(record.closedAt)}`;
  return [
    headline(record),
    `  alert ${id}, opened ${minute(record.openedAt)}, ${ends}`,
    `  since about ${day(onset)}${between}`,
    `  before ${ofHundred(before)} of 100 customers unhappy, now ${ofHundred(now)}${sizeText(record)}`,
    `  evidence ${evidence.value.toFixed(1)} against ${evidence.threshold.toFixed(1)}: noise alone does this ${budget.count} time${budget.count === 1 ? '' : 's'} in ${budget.perDays} days`,
    `  ${customers.heard} votes${customers.exposed === null ? '' : ` of ${customers.exposed} customers who were there`}`,
    ...record.sources.map(
      (one) => `    ${one.source}: ${one.votes} votes, ${ofHundred(one.before)} → ${ofHundred(one.now)} of 100`,
    ),
    fragility(record.fragile),
    ...(record.reversed ? [] : [`  churn: ${record.churn.state.replaceAll('-', ' ')}`]),
    ...peopleLines(record.people).map(onOneLine).map(indent),
    ...history.map((entry) => indent(`${minute(entry.at)} ${onOneLine(historyText(entry))}`)),
  ];
}

function headline({ stage, gap, cause, reversed }: AlertDocument['record']): string {
  return reversed ? `${stage}: better than before (${gap})` : `${stage}: ${gapTitles[gap]} (${gap}, ${cause})`;
}

/** Before and now are what customers lived; a gap to what was reported or wanted has a size of its own. */
function sizeText({ gap, size, interval, reversed }: AlertDocument['record']): string {
  const [low = 0, high = 0] = interval.map(ofHundred);
  if (reversed) return `: ${ofHundred(-size)} fewer (${-high} to ${-low})`;
  if (gap !== 'baseline') return `; the gap is ${ofHundred(size)} of 100 (${low} to ${high})`;
  return `: ${ofHundred(size)} more (${low} to ${high})`;
}

/** The newest word of each kind: who has it, until when it is quiet, what was done. */
function peopleLines(people: AlertDocument['record']['people']): string[] {
  if (people === undefined) return [];
  const { acknowledged, snoozed, assigned, fixed, verdict } = people;
  return [
    ...(acknowledged ? [`${acknowledged.by} has it, since ${minute(acknowledged.at)}`] : []),
    ...(assigned ? [`given to ${assigned.to} by ${assigned.by}`] : []),
    ...(snoozed ? [`snoozed until ${minute(snoozed.until)} by ${snoozed.by}`] : []),
    ...(fixed ? [`done about it, says ${fixed.by}: ${fixed.text}`] : []),
    ...(verdict ? [`${verdict.value.replaceAll('-', ' ')}, says ${verdict.by}`] : []),
  ];
}

function historyText({ event, size, reason, command }: AlertDocument['history'][number]): string {
  if (command === undefined) return `${event}, ${ofHundred(size)} more of 100`;
  const said = Object.values(command.details ?? {}).join(' ');
  return `${command.action}${said === '' ? '' : ` ${said}`} by ${command.by}: ${reason}`;
}

function fragility({ loudestSource, standsWithout }: AlertDocument['record']['fragile']): string {
  if (loudestSource === null || standsWithout === null) return '  one source only: no other can confirm it';
  return standsWithout
    ? `  it stands without ${loudestSource}, the loudest source`
    : `  it does not stand without ${loudestSource}`;
}

/** One customer in one line. */
export function customerLine({ customer, segment, issue, reasons, since, contacts, url }: Concerned): string {
  const who = [customer, ...Object.entries(segment).map(([name, value]) => `${name}:${value}`)].join(' ');
  const times = contacts === 1 ? 'one contact' : `${contacts} contacts`;
  const why = reasons.length === 0 ? '' : `, ${reasons.join(', ')}`;
  return `${issue.padEnd(7)}  ${who}  since ${minute(since)}, ${times}${why}${url === null ? '' : `  ${url}`}`;
}
