// The port of the archive: objects under keys, written once, as a folder or an S3 bucket keeps them.
// Guarantee: what `put` answered for is durable and whole, and is never overwritten; there is no rename and no append.

/** Objects are bounded by whoever writes them: an object is put, and got, as a whole. */
export interface Archive {
  /**
   * Writes the object if the key is free (on S3: `If-None-Match: *`).
   * `kept`: the very same bytes were there already, as after a lost reply.
   * @throws ObjectDiffers if there are others, which stay; InvalidKey
   */
  put(key: string, bytes: Uint8Array): Promise<'stored' | 'kept'>;
  /** @throws NoSuchObject; InvalidKey */
  get(key: string): Promise<Uint8Array>;
  /** keys that begin with the prefix, in the order of their UTF-8 bytes, read a page at a time */
  list(prefix: string): AsyncIterable<string>;
  /** removes the object; a key without one is no fault, as after a lost reply. @throws InvalidKey */
  delete(key: string): Promise<void>;
  close(): Promise<void>;
}

/** For whoever looks only, also beside the one who writes. */
export type ArchiveReader = Pick<Archive, 'get' | 'list'>;

/** The key holds something else already, which nothing overwrites. */
export class ObjectDiffers extends Error {
  override readonly name = 'ObjectDiffers';
  constructor(key: string) {
    super(
      `${key}: the archive holds other content under this key, perhaps that of another log: move that archive away`,
    );
  }
}

export class NoSuchObject extends Error {
  override readonly name = 'NoSuchObject';
  constructor(key: string) {
    super(`${key}: the archive has no such object`);
  }
}

export class InvalidKey extends Error {
  override readonly name = 'InvalidKey';
  constructor(key: string) {
    super(
      `${JSON.stringify(key.slice(0, 200))} is no key of the archive: write segments of letters, digits and =._%- with / between, none beginning with a dot`,
    );
  }
}

// what a file system takes of a name: 'topic=' and the longest name that Kafka takes
const segment = /^[A-Za-z0-9=_%-][A-Za-z0-9=._%-]{0,254}$/;
const longestKey = 1_024;

export function isKey(key: string): boolean {
  return key.length <= longestKey && key.split('/').every((part) => segment.test(part));
}

/** Answers the key. Every backend takes the same keys: what S3 takes and no file system can be led astray by. @throws InvalidKey */
export function checkedKey(key: string): string {
  if (isKey(key)) return key;
  throw new InvalidKey(key);
}
