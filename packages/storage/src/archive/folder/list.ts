// The keys of a folder in the order in which S3 lists them; memory is one directory of each depth.
import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compareKeys } from '../../step.ts';
import { isKey } from '../port.ts';
import { codeOf } from './faults.ts';

/** What is no object of ours, such as a half-written one, is passed over. `above`: the part of the key before this folder. */
export async function* listKeys(root: string, prefix: string, above = ''): AsyncGenerator<string> {
  for (const name of await namesIn(join(root, above))) {
    const key = above + name;
    const isFolder = key.endsWith('/');
    if (!isKey(isFolder ? key.slice(0, -1) : key)) continue;
    if (isFolder && (key.startsWith(prefix) || prefix.startsWith(key))) yield* listKeys(root, prefix, key);
    else if (!isFolder && key.startsWith(prefix)) yield key;
  }
}

/** A folder's name ends with the slash that follows it in a key, and takes its place in the order by it. */
async function namesIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown): Dirent[] => {
    // removed since its parent was read
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  const names = entries.flatMap((entry) => {
    if (entry.isDirectory()) return [`${entry.name}/`];
    return entry.isFile() ? [entry.name] : [];
  });
  return names.sort(compareKeys);
}
