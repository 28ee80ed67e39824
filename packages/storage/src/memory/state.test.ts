import { stateContract } from '../contract.ts';
import { openMemoryState } from './state.ts';

stateContract('memory', async () => ({
  durable: false,
  open: async () => openMemoryState(),
  destroy: async () => {},
}));
