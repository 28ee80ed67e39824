// The alerts as the detector's state has them.
import type { AlertDocument } from '@gapwatch/core';
import { namespace as detector } from '@gapwatch/detector';
import type { StateStore } from '@gapwatch/storage';
import { UsageError } from '../terminal/output.ts';

/** Every alert, newest first. */
export async function readAlerts(state: StateStore): Promise<AlertDocument[]> {
  const alerts: AlertDocument[] = [];
  for await (const { value } of state.partition(detector, 0).scan('alert|')) {
    alerts.push(JSON.parse(value) as AlertDocument);
  }
  return alerts.sort((one, other) => (one.record.openedAt < other.record.openedAt ? 1 : -1));
}

export async function openAlerts(state: StateStore): Promise<AlertDocument[]> {
  return (await readAlerts(state)).filter(({ record }) => record.state === 'open');
}

/** The one alert whose id begins like this. @throws UsageError where there is none, or more than one */
export async function findAlert(state: StateStore, id: string): Promise<AlertDocument> {
  const found = (await readAlerts(state)).filter(({ record }) => record.id.startsWith(id));
  const [alert] = found;
  if (alert === undefined) throw new UsageError(`no alert ${id}: gapwatch alerts list names them`);
  if (found.length > 1) throw new UsageError(`${found.length} alerts begin with ${id}: write more of it`);
  return alert;
}
