// The rival of the chain: `rival.py`, where Python and what it imports are at hand.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export type Rival = {
  readonly brokers: readonly string[];
  readonly redisUrl: string;
  readonly topic: string;
  readonly records: number;
};

/** `GAPWATCH_PYTHON` names another interpreter, as one of a virtual environment. */
const python = process.env.GAPWATCH_PYTHON ?? 'python3';
const lacksModules = 3;

/** Records a second; null: there is no Python here, or it lacks the modules. */
export function rivalRate({ brokers, redisUrl, topic, records }: Rival): number | null {
  const words = [join(import.meta.dirname, 'rival.py'), brokers.join(','), redisUrl, topic, String(records)];
  const { status, stdout, stderr } = spawnSync(python, words, { encoding: 'utf8' });
  if (status === null || status === lacksModules) return null;
  if (status !== 0) throw new Error(`the rival ended with ${status}: ${stderr}`);
  return Number(stdout);
}
