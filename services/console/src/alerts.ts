// Alerts, newest first. Reversed ones are improvements: shown only to who asks.
import type { AlertRecord, Configuration } from '@gapwatch/contracts';
import type { AlertDocument } from '@gapwatch/core';
import { Problem } from '@gapwatch/runtime';
import { z } from 'zod';
import { titleOf } from './journey.ts';
import { readCursor, writeCursor } from './query.ts';
import { type Alert, type AlertSummary, type Alerts, type AlertsQuery, alertSummarySchema, limits } from './schemas.ts';
import type { StateReader } from './state.ts';

const cursorSchema = z.tuple([z.string(), z.string()]);

export async function readAlerts(
  reader: StateReader,
  configuration: Configuration,
  query: AlertsQuery,
): Promise<Alerts> {
  const records = (await reader.alerts()).map(({ record }) => record);
  const found = records.filter((record) => isAsked(record, query)).sort(newestFirst);
  const after = query.cursor === undefined ? null : readCursor(cursorSchema, query.cursor);
  const rest = after === null ? found : found.filter(({ openedAt, id }) => isAfter([openedAt, id], after));
  const limit = Number(query.limit ?? limits.defaultAlerts);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const next = last !== undefined && rest.length > page.length ? writeCursor([last.openedAt, last.id]) : null;
  return { items: page.map((record) => summaryOf(record, configuration)), next };
}

/** @throws Problem 404 */
export async function readAlert(reader: StateReader, configuration: Configuration, id: string): Promise<Alert> {
  const found = (await reader.alerts()).find(({ record }) => record.id === id);
  if (found === undefined) throw new Problem(404, 'no-alert', 'There is no such alert; GET /v1/alerts lists them.');
  return { ...summaryOf(found.record, configuration), history: historyOf(found) };
}

/** In the list before comes what opened later; equal times go by id. */
function newestFirst(left: AlertRecord, right: AlertRecord): number {
  return isAfter([left.openedAt, left.id], [right.openedAt, right.id]) ? 1 : -1;
}

type Place = readonly [openedAt: string, id: string];

function isAfter(place: Place, other: Place): boolean {
  const difference = Date.parse(place[0]) - Date.parse(other[0]);
  return difference === 0 ? place[1] > other[1] : difference < 0;
}

function isAsked(record: AlertRecord, { state, stage, reversed }: AlertsQuery): boolean {
  if (record.reversed && reversed !== 'true') return false;
  return (state === undefined || record.state === state) && (stage === undefined || record.stage === stage);
}

/** The record without its place in the log, with the names of its stage. */
function summaryOf(record: AlertRecord, { stages }: Configuration): AlertSummary {
  const stage = stages?.find(({ id }) => id === record.stage);
  const names = { stageName: stage?.name ?? titleOf(record.stage), owner: stage?.owner ?? null };
  return alertSummarySchema.parse({ ...record, ...names });
}

function entryOf({ sequence, event, at, size, evidence, reason, command }: AlertDocument['history'][number]) {
  return {
    sequence,
    event,
    at,
    size,
    evidence,
    ...(reason !== undefined && { reason }),
    ...(command !== undefined && { command }),
  };
}

function historyOf({ history }: AlertDocument): Alert['history'] {
  return history.map(entryOf);
}
