import { describe, expect, it } from 'vitest';
import { objectKey } from './layout.ts';
import { openMemoryArchive } from './memory/archive.ts';
import { archivedStretches } from './stretches.ts';

async function archiveOf(
  places: readonly (readonly [topic: string, partition: number, first: number, last: number])[],
) {
  const archive = openMemoryArchive();
  for (const [index, [topic, partition, first, last]] of places.entries()) {
    await archive.put(objectKey({ topic, partition, hour: 1_000 - index, first, last }), new Uint8Array(1));
  }
  return archive;
}

describe('the stretches of an archive', () => {
  it('touch where objects overlap or follow each other, whatever their hours, and are apart at a hole', async () => {
    const archive = await archiveOf([
      ['signals', 0, 4, 9],
      ['signals', 0, 0, 3],
      ['signals', 0, 2, 5],
      ['signals', 0, 11, 11],
      ['signals', 1, 7, 8],
      ['raw.a', 0, 0, 0],
    ]);
    await archive.put('doctor/x.z', new Uint8Array(1));
    const all = await archivedStretches(archive);
    expect([...all.keys()].sort()).toEqual(['raw.a', 'signals']);
    expect([...all.get('signals')!.entries()].sort()).toEqual([
      [
        0,
        [
          { first: 0, end: 10 },
          { first: 11, end: 12 },
        ],
      ],
      [1, [{ first: 7, end: 9 }]],
    ]);
  });

  it('of one topic are its own, and none of one whose name begins alike', async () => {
    const archive = await archiveOf([
      ['raw.a', 0, 0, 3],
      ['raw.ab', 0, 0, 9],
    ]);
    expect([...(await archivedStretches(archive, 'raw.a'))]).toEqual([
      ['raw.a', new Map([[0, [{ first: 0, end: 4 }]]])],
    ]);
  });
});
