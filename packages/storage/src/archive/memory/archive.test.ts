import { archiveContract } from '../contract.ts';
import { openMemoryArchive } from './archive.ts';

archiveContract('memory', async () => ({
  durable: false,
  open: async () => openMemoryArchive(),
  destroy: async () => {},
}));
