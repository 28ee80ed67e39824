// What runs on a thread of a backtest.
import { parentPort, workerData } from 'node:worker_threads';
import { foldShare, type Share } from './fold-parts.ts';

const folded = await foldShare(workerData as Share, (statements) => parentPort?.postMessage(statements));
parentPort?.postMessage(folded);
