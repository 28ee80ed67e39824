// What can happen to a running system, each under the name by which the table knows it.
import { differences } from './differing.ts';
import type { Fault } from './fault.ts';
import { lineFaults } from './lines.ts';
import { partFaults } from './parts.ts';
import { workerFaults } from './workers.ts';

const nothing: Fault = { name: 'nothing', times: { quick: 1, full: 1 }, strike: async () => null };

/** Nothing comes first: what is slow is slow beside it. */
export const faults: readonly Fault[] = [nothing, ...workerFaults, ...partFaults, ...lineFaults, ...differences];
