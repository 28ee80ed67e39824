// What every backend of the archive must do, as executable sentences. Run it from the test file of each backend.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareKeys } from '../step.ts';
import { type Archive, InvalidKey, NoSuchObject, ObjectDiffers } from './port.ts';

/** One place that can be opened, and opened again after `close`; `durable` says that it then holds what it held. */
export type ArchivePlace = {
  readonly durable: boolean;
  open(): Promise<Archive>;
  destroy(): Promise<void>;
};

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

async function keysOf(archive: Archive, prefix = ''): Promise<string[]> {
  return Array.fromAsync(archive.list(prefix));
}

// A name ends in `.z` where it is an object's, so that none is at once an object and a folder of others.
const folderNames = fc.constantFrom('a', 'a-b', 'a.b', 'a=b', 'A', 'b%2Fc', '_');
const keys = fc
  .tuple(fc.array(folderNames, { maxLength: 3 }), fc.constantFrom('x.z', 'x-y.z', '0.z'))
  .map(([folders, name]) => [...folders, name].join('/'));
const calls = fc.array(
  fc.record({ call: fc.constantFrom('put', 'put', 'delete'), key: keys, text: fc.constantFrom('', 'one', 'other') }),
  { maxLength: 20 },
);

const badKeys = [
  '',
  '/',
  'a/',
  '/a',
  'a//b',
  '..',
  'a/../b',
  './a',
  '.a',
  'a/.b',
  'a\\b',
  'a\0b',
  'é',
  'a*',
  ' ',
  'a:b',
];

/** `create` gives a fresh place for each test. */
export function archiveContract(name: string, create: () => Promise<ArchivePlace>): void {
  describe(`archive: ${name}`, () => {
    let place: ArchivePlace;
    let archive: Archive;

    beforeEach(async () => {
      place = await create();
      archive = await place.open();
    });
    afterEach(async () => {
      await archive.close();
      await place.destroy();
    });

    it.each([
      ['nothing', new Uint8Array(0)],
      ['any bytes', Uint8Array.from({ length: 256 }, (_, byte) => byte)],
      ['five megabytes', new Uint8Array(5_000_000).fill(7)],
    ])('gives back what was put: %s', async (_, bytes) => {
      expect(await archive.put('a/b.z', bytes)).toBe('stored');
      expect(Buffer.from(await archive.get('a/b.z')).equals(bytes)).toBe(true);
    });

    it('takes the same object twice, and says that it was there', async () => {
      await archive.put('a/b.z', bytesOf('one'));
      expect(await archive.put('a/b.z', bytesOf('one'))).toBe('kept');
      expect(await keysOf(archive)).toEqual(['a/b.z']);
    });

    it('overwrites nothing', async () => {
      await archive.put('a/b.z', bytesOf('one'));
      await expect(archive.put('a/b.z', bytesOf('other'))).rejects.toThrow(ObjectDiffers);
      expect(textOf(await archive.get('a/b.z'))).toBe('one');
    });

    it('lets one of many writers of a key win, and tells the others', async () => {
      const texts = Array.from({ length: 20 }, (_, index) => `${index}`);
      const results = await Promise.allSettled(texts.map((text) => archive.put('deep/er/b.z', bytesOf(text))));
      const won = results.flatMap(({ status }, index) => (status === 'fulfilled' ? [texts[index]] : []));
      expect(won).toEqual([textOf(await archive.get('deep/er/b.z'))]);
    });

    it('says that there is no such object', async () => {
      await archive.put('a/b.z', bytesOf('one'));
      for (const key of ['a', 'a/c.z', 'a/b.z/c.z', 'none']) {
        await expect(archive.get(key)).rejects.toThrow(NoSuchObject);
      }
    });

    it('lists by prefix, which need not end where a folder does, in order of the bytes', async () => {
      for (const key of ['a/b/2.z', 'a/b/1.z', 'a/b-c/1.z', 'a/bc/1.z', 'b/1.z']) await archive.put(key, bytesOf('x'));
      expect(await keysOf(archive)).toEqual(['a/b-c/1.z', 'a/b/1.z', 'a/b/2.z', 'a/bc/1.z', 'b/1.z']);
      expect(await keysOf(archive, 'a/b/')).toEqual(['a/b/1.z', 'a/b/2.z']);
      expect(await keysOf(archive, 'a/b')).toEqual(['a/b-c/1.z', 'a/b/1.z', 'a/b/2.z', 'a/bc/1.z']);
      expect(await keysOf(archive, 'a/b/2.z')).toEqual(['a/b/2.z']);
      expect(await keysOf(archive, 'none')).toEqual([]);
      expect(await keysOf(archive, '../')).toEqual([]);
    });

    it('lists over more than one page', async () => {
      const all = Array.from({ length: 1_234 }, (_, index) => `p/${String(index).padStart(5, '0')}.z`);
      for (const key of all.toReversed()) await archive.put(key, bytesOf(key));
      expect(await keysOf(archive, 'p/')).toEqual(all);
    });

    it('deletes what is there, and minds nothing that is not', async () => {
      for (const key of ['a/b/1.z', 'a/b/2.z']) await archive.put(key, bytesOf('one'));
      for (const key of ['a/b/1.z', 'a/b/1.z', 'a/b', 'none']) await archive.delete(key);
      expect(await keysOf(archive)).toEqual(['a/b/2.z']);
      expect(await archive.put('a/b/1.z', bytesOf('other'))).toBe('stored');
    });

    it('keeps deleting and putting apart', async () => {
      await archive.put('a/b/c/0.z', bytesOf('x'));
      const numbers = Array.from({ length: 50 }, (_, index) => index);
      await Promise.all(
        numbers.map(async (index) => {
          await archive.delete(`a/b/c/${index}.z`);
          await archive.put(`a/b/c/${index + 1}.z`, bytesOf('x'));
        }),
      );
      for (const key of await keysOf(archive)) expect(textOf(await archive.get(key))).toBe('x');
      expect((await keysOf(archive)).length).toBeGreaterThan(0);
    });

    it.each(badKeys)('refuses %j as a key', async (key) => {
      await expect(archive.put(key, bytesOf('one'))).rejects.toThrow(InvalidKey);
      await expect(archive.get(key)).rejects.toThrow(InvalidKey);
      await expect(archive.delete(key)).rejects.toThrow(InvalidKey);
      expect(await keysOf(archive)).toEqual([]);
    });

    it('holds after it was opened again what it held, where it is durable', async () => {
      await archive.put('a/b.z', bytesOf('one'));
      await archive.close();
      archive = await place.open();
      expect(await keysOf(archive)).toEqual(place.durable ? ['a/b.z'] : []);
    });

    it('does as a map does, whatever the calls', async () => {
      let run = 0;
      await fc.assert(
        fc.asyncProperty(
          calls,
          fc.string({ unit: fc.constantFrom('a', '-', '.', '/'), maxLength: 3 }),
          async (list, prefix) => {
            run += 1;
            const model = new Map<string, string>();
            for (const { call, key, text } of list) {
              const own = `run-${run}/${key}`;
              if (call === 'delete') {
                await archive.delete(own);
                model.delete(own);
                continue;
              }
              const found = model.get(own);
              const put = archive.put(own, bytesOf(text)).catch((error: Error) => error.name);
              const expected = found === text ? 'kept' : 'ObjectDiffers';
              expect(await put).toBe(found === undefined ? 'stored' : expected);
              if (found === undefined) model.set(own, text);
            }
            const wanted = [...model.keys()].filter((key) => key.startsWith(`run-${run}/${prefix}`)).sort(compareKeys);
            expect(await keysOf(archive, `run-${run}/${prefix}`)).toEqual(wanted);
            for (const [key, text] of model) expect(textOf(await archive.get(key))).toBe(text);
          },
        ),
        { numRuns: 50 },
      );
    });
  });
}
