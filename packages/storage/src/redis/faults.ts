// The faults of Redis in our terms: what passes by itself is away; a setting that would lose data, or a right that is missing,
// is named with its remedy. Both are waited for by whoever works: somebody may mend the second meanwhile.
import { certificateRemedy, isMistake } from '@gapwatch/runtime';

/** Redis, or the part of the cluster that was asked, cannot be reached or is not ready. */
export class RedisAway extends Error {
  override readonly name = 'RedisAway';
  readonly transient = true;
  constructor(cause: Error) {
    super(`Redis is away (${cause.message}): ${remedyOf(cause)}`, { cause });
  }
}

function remedyOf(cause: Error): string {
  if (/^OOM\b/.test(cause.message)) return 'it is full: raise its maxmemory';
  return certificateRemedy(cause, 'check that it runs and GAPWATCH_REDIS_URL names it');
}

/** Redis answers, and not as this state needs it: for whoever starts, and waited for by whoever works already. */
export class RedisRefused extends Error {
  override readonly name = 'RedisRefused';
  readonly transient = true;
}

const refusals: readonly (readonly [reply: RegExp, remedy: string])[] = [
  [/^(?:NOAUTH|WRONGPASS)\b/, 'check user and password in GAPWATCH_REDIS_URL'],
  [/^NOPERM\b/, 'give the user ~gw:* and the commands that docs/operations.md lists'],
  [/^(?:MOVED|ASK)\b/, 'this is a Cluster: name several of its nodes in GAPWATCH_REDIS_URL, or its one address twice'],
];
const passingReplies =
  /^(?:LOADING|READONLY|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|BUSY|OOM|NOREPLICAS|MISCONF|UNBLOCKED)\b|^ERR max number of clients/;

function isReply(error: Error): boolean {
  return error.name === 'ReplyError';
}

/**
 * Of what Redis answers a part passes. Whatever else the client says of a call does: closed, timed out, sent around a cluster
 * that is changing its masters until it gave up.
 */
function isAway(error: Error): boolean {
  if (isReply(error)) return passingReplies.test(error.message);
  return !isMistake(error);
}

/** `trouble`: why there is no connection, where the client knows it; a call is told no more than that there is none. */
export function toRedisFault(error: unknown, trouble?: Error): unknown {
  if (!(error instanceof Error) || error instanceof RedisAway || error instanceof RedisRefused) return error;
  const cause = isReply(error) ? error : (trouble ?? error);
  const refusal = isReply(cause) && refusals.find(([reply]) => reply.test(cause.message));
  if (refusal) return new RedisRefused(`Redis does not let us: ${cause.message}: ${refusal[1]}`, { cause });
  return isAway(error) ? new RedisAway(cause) : error;
}
