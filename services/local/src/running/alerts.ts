// The alerts as the detector's state has them.

import type { AlertDocument } from '@gapwatch/core';
import { namespace as detector } from '@gapwatch/detector';
import type { StateStore } from '@gapwatch/storage';

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
