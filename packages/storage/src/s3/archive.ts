// The archive in an S3 bucket, Amazon's or any server that speaks its language.
// Guarantee: an object is written only where there is none (`If-None-Match: *`); what was answered is stored by the server.
// One request a put, get or delete, one a thousand keys listed. Checksums follow the SDK's own settings
// (AWS_REQUEST_CHECKSUM_CALCULATION=WHEN_REQUIRED for servers that know only the old ones).
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type Archive, checkedKey, NoSuchObject, ObjectDiffers } from '../archive/port.ts';
import { nameOf, S3Away, statusOf, toS3Fault } from './faults.ts';

export type S3ArchiveOptions = {
  readonly bucket: string;
  /** null: Amazon's own; else path style. Region and credentials come by the SDK's own chain */
  readonly endpoint: string | null;
  /** a connection on which nothing comes or goes for so long is given up, however long a whole request takes */
  readonly silenceMs?: number;
};

const usualSilenceMs = 30_000;
const connectMs = 3_000;
/** Longer absences are waited for where they can be seen. */
const attempts = 2;

/** Opens a bucket; nothing is asked before the first call. @throws S3Away, S3Refused from every call */
export function openS3Archive({ bucket, endpoint, silenceMs = usualSilenceMs }: S3ArchiveOptions): Archive {
  const client = new S3Client({
    ...(endpoint !== null && { endpoint, forcePathStyle: true }),
    maxAttempts: attempts,
    requestHandler: { socketTimeout: silenceMs, connectionTimeout: connectMs },
  });
  const archive = new S3Archive(client, bucket);
  return {
    put: async (key, bytes) => archive.put(checkedKey(key), bytes),
    get: async (key) => archive.get(checkedKey(key)),
    list: (prefix) => archive.list(prefix),
    delete: async (key) => archive.delete(checkedKey(key)),
    close: async () => client.destroy(),
  };
}

/** A proxy that answers everything well has stored nothing, and its bucket is not empty. */
function notS3(): S3Away {
  return new S3Away(new Error('what answers there is no S3'));
}

class S3Archive {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async #call<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw toS3Fault(error, this.#bucket);
    }
  }

  async put(key: string, bytes: Uint8Array): Promise<'stored' | 'kept'> {
    try {
      await this.#write(key, bytes, { IfNoneMatch: '*' });
      return 'stored';
    } catch (error) {
      if (statusOf(error) === 412) return this.#keep(key, bytes);
      if (statusOf(error) === 501 || nameOf(error) === 'NotImplemented') return this.#putUnguarded(key, bytes);
      throw toS3Fault(error, this.#bucket);
    }
  }

  async #write(key: string, bytes: Uint8Array, condition: { IfNoneMatch?: string }): Promise<void> {
    const input = { Bucket: this.#bucket, Key: key, Body: bytes, ContentType: 'application/zstd', ...condition };
    const { ETag } = await this.#client.send(new PutObjectCommand(input));
    if (ETag === undefined) throw notS3();
  }

  async #keep(key: string, bytes: Uint8Array): Promise<'kept'> {
    if (!Buffer.from(bytes).equals(await this.get(key))) throw new ObjectDiffers(key);
    return 'kept';
  }

  /** For a server that knows no condition: it is looked before, which is enough while a partition has one archiver. */
  async #putUnguarded(key: string, bytes: Uint8Array): Promise<'stored' | 'kept'> {
    try {
      return await this.#keep(key, bytes);
    } catch (error) {
      if (!(error instanceof NoSuchObject)) throw error;
    }
    await this.#call(() => this.#write(key, bytes, {}));
    return 'stored';
  }

  async get(key: string): Promise<Uint8Array> {
    try {
      const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
      // read to its end, also where nobody looks at it: a body left open keeps its connection
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    } catch (error) {
      if (nameOf(error) === 'NoSuchKey') throw new NoSuchObject(key);
      throw toS3Fault(error, this.#bucket);
    }
  }

  async *list(prefix: string): AsyncGenerator<string> {
    let token: string | undefined;
    do {
      const ContinuationToken = token;
      const input = {
        Bucket: this.#bucket,
        Prefix: prefix,
        ...(ContinuationToken !== undefined && { ContinuationToken }),
      };
      const page = await this.#call(() => this.#client.send(new ListObjectsV2Command(input)));
      if (page.IsTruncated === undefined) throw notS3();
      for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  async delete(key: string): Promise<void> {
    await this.#call(() => this.#client.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: key })));
  }
}
