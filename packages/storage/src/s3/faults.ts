// The faults of S3 in our terms: what passes by itself is away; where the server does not let us, the remedy is named. Both are
// waited for by whoever works: somebody may mend the second meanwhile.
import { S3ServiceException } from '@aws-sdk/client-s3';
import { certificateRemedy, isMistake } from '@gapwatch/runtime';

/** The bucket's server cannot be reached, is too slow, is full, or asks to be left alone for a while. */
export class S3Away extends Error {
  override readonly name = 'S3Away';
  readonly transient = true;
  constructor(cause: Error) {
    // its further lines are for whoever debugs the client
    const [what] = cause.message.split('\n');
    const remedy = certificateRemedy(cause, 'check that GAPWATCH_S3_ENDPOINT answers');
    super(`S3 is away (${cause.name}: ${what}): ${remedy}`, { cause });
  }
}

/** S3 answers, and does not let us: for whoever starts, and waited for by whoever works already. */
export class S3Refused extends Error {
  override readonly name = 'S3Refused';
  readonly transient = true;
}

/** By the name of an error, or by its message where it has none of its own. */
const remedies: Readonly<Record<string, string>> = {
  NoSuchBucket: 'there is no such bucket: create it, or correct GAPWATCH_S3_BUCKET',
  PermanentRedirect: 'the bucket is in another region: set AWS_REGION',
  'Region is missing': 'no region is named: set AWS_REGION',
  AccessDenied:
    'the credentials may not do this: grant PutObject, GetObject, ListBucket (and DeleteObject for retention)',
  InvalidAccessKeyId: 'the access key is unknown there: check AWS_ACCESS_KEY_ID',
  SignatureDoesNotMatch: 'the secret key does not fit: check AWS_SECRET_ACCESS_KEY, and the clock of this machine',
  RequestTimeTooSkewed: 'the clock of this machine differs from that of the server: set it',
  ExpiredToken: 'the session has expired: renew AWS_SESSION_TOKEN',
  CredentialsProviderError:
    'there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run with a role',
};
/** What passes, though its status is that of a mistake of ours: haste, another writer, a body that came damaged. */
const passing: ReadonlySet<string> = new Set([
  'RequestTimeout',
  'SlowDown',
  'ConditionalRequestConflict',
  'OperationAborted',
  'BadDigest',
  'IncompleteBody',
  'XAmzContentSHA256Mismatch',
]);

export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

export function statusOf(error: unknown): number {
  return (error as Partial<S3ServiceException>).$metadata?.httpStatusCode ?? 0;
}

/**
 * Of what S3 answers a part passes. Whatever else comes of a call does: nobody answered, or somebody before S3 did, in words
 * that are not its own.
 */
function isAway(error: Error): boolean {
  if (!(error instanceof S3ServiceException)) return !isMistake(error);
  const status = statusOf(error);
  return passing.has(error.name) || status === 429 || (status >= 500 && status !== 501);
}

export function toS3Fault(error: unknown, bucket: string): unknown {
  if (!(error instanceof Error) || error instanceof S3Away || error instanceof S3Refused) return error;
  const remedy = remedies[error.name] ?? remedies[error.message];
  if (remedy !== undefined) return new S3Refused(`bucket ${bucket}: ${remedy}`, { cause: error });
  if (isAway(error)) return new S3Away(error);
  if (!(error instanceof S3ServiceException)) return error;
  return new S3Refused(`bucket ${bucket}: the server answers ${error.name} (${error.message})`, { cause: error });
}
