import { logContract } from '../contract.ts';
import { openMemoryLog } from './log.ts';

logContract('memory', async () => {
  let now = 0;
  return {
    durable: false,
    keepsTime: true,
    setTime: (timeMs) => {
      now = timeMs;
    },
    open: async () => openMemoryLog({ clock: { now: () => now } }),
    destroy: async () => {},
  };
});
