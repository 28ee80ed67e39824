// The faults of Redis in our terms: what passes by itself is transient, so that the one call is repeated; a setting that
// would lose data, or a right that is missing, is named with its remedy.

/** Redis, or the part of the cluster that was asked, cannot be reached or is not ready. */
export class RedisAway extends Error {
  override readonly name = 'RedisAway';
  readonly transient = true;
  constructor(cause: Error) {
    super(`Redis is away (${cause.message}): check that it runs and GAPWATCH_REDIS_URL names it`, { cause });
  }
}

/** Redis answers, and not as this state needs it. */
export class RedisRefused extends Error {
  override readonly name = 'RedisRefused';
}

const awayMessages =
  /^(?:LOADING|READONLY|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|BUSY|OOM|NOREPLICAS|MISCONF|UNBLOCKED)\b|Connection is closed|Stream isn't writeable|Command timed out|Socket timeout|Failed to refresh slots cache|Cluster isn't ready|None of startup nodes|maxRetriesPerRequest/;
const awayCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

export function toRedisFault(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof RedisRefused) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  if (awayCodes.has(code) || awayMessages.test(error.message)) return new RedisAway(error);
  if (/^NOPERM/.test(error.message)) {
    return new RedisRefused(`${error.message}: give the user ~gw:* and the commands that docs/operations.md lists`, {
      cause: error,
    });
  }
  if (/^(?:NOAUTH|WRONGPASS)/.test(error.message)) {
    return new RedisRefused(`${error.message}: check user and password in GAPWATCH_REDIS_URL`, { cause: error });
  }
  return error;
}

/** Runs calls of the client with their faults named. */
export async function named<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toRedisFault(error);
  }
}
