// Held against the published vector of the specification, and against a verifier that is not ours.
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { parseWebhookSecrets, webhookHeaders } from './standard-webhooks.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const secretOf = (bytes: Uint8Array) => `whsec_${Buffer.from(bytes).toString('base64')}`;

describe('a signature', () => {
  it('is that of the published vector', () => {
    const keys = parseWebhookSecrets(secret);
    expect(webhookHeaders('msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330_000, '{"test": 2432232314}', keys)).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('of any body is taken by a verifier with any of the secrets, and by none with another', () => {
    const key = fc.uint8Array({ minLength: 24, maxLength: 64 });
    fc.assert(
      fc.property(fc.jsonValue(), key, key, key, (value, first, second, other) => {
        const body = JSON.stringify(value);
        const keys = parseWebhookSecrets([first, second].map(secretOf).join(', '));
        const headers = webhookHeaders('msg_1', Date.now(), body, keys);
        for (const known of [first, second]) {
          expect(new Webhook(secretOf(known)).verify(body, headers)).toEqual(JSON.parse(body));
          expect(() => new Webhook(secretOf(known)).verify(`${body} `, headers)).toThrow('No matching signature');
        }
        fc.pre(![first, second].some((known) => secretOf(known) === secretOf(other)));
        expect(() => new Webhook(secretOf(other)).verify(body, headers)).toThrow('No matching signature');
      }),
    );
  });
});

describe('a secret', () => {
  const faulty: [string, string, string][] = [
    ['without its prefix', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'secret 1 does not begin with whsec_'],
    ['that is nothing', '', 'secret 1 does not begin with whsec_'],
    ['that is no base64', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2L*LaSw', 'secret 1: after whsec_ comes base64'],
    ['without its padding', secretOf(new Uint8Array(25)).replaceAll('=', ''), 'secret 1: after whsec_ comes base64'],
    ['of too few bytes', secretOf(new Uint8Array(23)), 'secret 1 has 23 bytes, not 24 to 64'],
    ['of too many bytes', secretOf(new Uint8Array(65)), 'secret 1 has 65 bytes, not 24 to 64'],
    ['that is faulty in second place', `${secret},whsec_short`, 'secret 2'],
  ];
  it.each(faulty)('%s is refused without being repeated', (_name, text, message) => {
    const refused = () => parseWebhookSecrets(text);
    expect(refused).toThrow(RangeError);
    expect(refused).toThrow(message);
    for (const part of text
      .split(',')
      .map((one) => one.replace('whsec_', ''))
      .filter(Boolean)) {
      expect(refused).not.toThrow(part);
    }
  });
});
