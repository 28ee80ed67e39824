// Standard Webhooks 1.0, the sending side: secrets as people write them, and the three headers that sign a body.
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
import { createHmac } from 'node:crypto';

const prefix = 'whsec_';
const leastBytes = 24;
const mostBytes = 64;

const howToMake = 'make one with: echo "whsec_$(openssl rand -base64 32)"';

/**
 * The keys of a list of secrets, comma separated: several while they rotate.
 * @throws RangeError that names the place of a faulty one and never its content
 */
export function parseWebhookSecrets(text: string): readonly Uint8Array[] {
  return text.split(',').map((secret, index) => parseSecret(secret.trim(), index + 1));
}

function parseSecret(secret: string, place: number): Uint8Array {
  if (!secret.startsWith(prefix)) {
    throw new RangeError(`secret ${place} does not begin with ${prefix}; ${howToMake}`);
  }
  const encoded = secret.slice(prefix.length);
  const key = Buffer.from(encoded, 'base64');
  if (key.toString('base64') !== encoded) {
    throw new RangeError(`secret ${place}: after ${prefix} comes base64 with its padding; ${howToMake}`);
  }
  if (key.length < leastBytes || key.length > mostBytes) {
    throw new RangeError(`secret ${place} has ${key.length} bytes, not ${leastBytes} to ${mostBytes}; ${howToMake}`);
  }
  return key;
}

/** `timeMs`: when this attempt is made. One signature for each key, so that a receiver may hold any of them. */
export function webhookHeaders(
  id: string,
  timeMs: number,
  body: string,
  keys: readonly Uint8Array[],
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const timestamp = String(Math.floor(timeMs / 1_000));
  const signatures = keys.map(
    (key) => `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
  );
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
