// The faults of S3 in our terms: what passes by itself is transient; what a setting must mend is named with its remedy.
import type { S3ServiceException } from '@aws-sdk/client-s3';

/** The bucket's server cannot be reached, is too slow, or asks to be left alone for a while. */
export class S3Away extends Error {
  override readonly name = 'S3Away';
  readonly transient = true;
  constructor(cause: Error) {
    super(`S3 is away (${cause.name}: ${cause.message}): check that GAPWATCH_S3_ENDPOINT answers`, { cause });
  }
}

/** S3 answers, and does not let us. */
export class S3Refused extends Error {
  override readonly name = 'S3Refused';
}

const remedies: Readonly<Record<string, string>> = {
  NoSuchBucket: 'there is no such bucket: create it, or correct GAPWATCH_S3_BUCKET',
  AccessDenied:
    'the credentials may not do this: grant PutObject, GetObject, ListBucket (and DeleteObject for retention)',
  InvalidAccessKeyId: 'the access key is unknown there: check AWS_ACCESS_KEY_ID',
  SignatureDoesNotMatch: 'the secret key does not fit: check AWS_SECRET_ACCESS_KEY, and the clock of this machine',
  RequestTimeTooSkewed: 'the clock of this machine differs from that of the server: set it',
  CredentialsProviderError:
    'there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run with a role',
};
const awayNames: ReadonlySet<string> = new Set([
  'TimeoutError',
  'NetworkingError',
  'SlowDown',
  'RequestTimeout',
  'ConditionalRequestConflict',
  'OperationAborted',
]);
const awayCodes = /^E(?:CONN|PIPE|TIMEDOUT|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH)/;

export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

export function statusOf(error: unknown): number {
  return (error as Partial<S3ServiceException>).$metadata?.httpStatusCode ?? 0;
}

function isAway(error: Error): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  const status = statusOf(error);
  return awayNames.has(error.name) || awayCodes.test(code) || status === 429 || (status >= 500 && status !== 501);
}

export function toS3Fault(error: unknown, bucket: string): unknown {
  if (!(error instanceof Error)) return error;
  const remedy = remedies[error.name];
  if (remedy !== undefined) return new S3Refused(`bucket ${bucket}: ${remedy}`, { cause: error });
  return isAway(error) ? new S3Away(error) : error;
}
