// What the other side of a webhook gets: signed so that a verifier that is not ours takes it, and the same each time.
import { readFileSync } from 'node:fs';
import { sampleAlert } from '@gapwatch/core';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { type Received, startAnswering } from './answering.fixture.ts';
import type { Message } from './define.ts';
import { createReceivers } from './registry.ts';

const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'] as const;
const stages = [{ id: 'delivery', name: 'Delivery', owner: 'logistics' }];
const message: Message = { id: 'msg_1', news: 'opened', alert: sampleAlert, at: sampleAlert.at };
const never = new AbortController().signal;

async function open(secret: string, more: object = {}) {
  const other = await startAnswering();
  const [, receiver] = createReceivers({
    configuration: { stages },
    receivers: [{ id: 'on-call', type: 'webhook', url: `${other.address}/hook`, allow: ['127.0.0.1'], ...more }],
    environment: { GAPWATCH_RECEIVER_ON_CALL_SECRET: secret },
    clock: { now: () => Date.now() },
    write: () => {},
  });
  return { other, send: (one = message) => receiver!.send(one, never) };
}

function verified({ body, headers }: Received, secret: string): unknown {
  return new Webhook(secret).verify(body, headers as Record<string, string>);
}

describe('a webhook', () => {
  it('is verified by each secret while they rotate, and by no other', async () => {
    const { other, send } = await open(secrets.join(','));
    await send();
    const [received] = other.received as [Received];
    expect(received.headers['content-type']).toBe('application/json');
    expect(received.headers['webhook-signature']).toMatch(/^v1,\S{44} v1,\S{44}$/);
    for (const secret of secrets) expect(verified(received, secret)).toMatchObject({ type: 'alert.opened' });
    expect(() => verified(received, 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')).toThrow('No matching signature');
  });

  it('carries one id for every attempt, and the same body', async () => {
    const { other, send } = await open(secrets[0]);
    await send();
    await send();
    const [first, second] = other.received as [Received, Received];
    expect(first.headers['webhook-id']).toBe(message.id);
    expect(first.headers['idempotency-key']).toBe(message.id);
    expect([second.headers['webhook-id'], second.body]).toEqual([first.headers['webhook-id'], first.body]);
  });

  it('says what a receiver needs, and nothing of how it came about', async () => {
    const { other, send } = await open(secrets[0], { console: 'https://gapwatch.example.com/team/' });
    await send();
    const { data, ...frame } = JSON.parse(other.received[0]!.body);
    expect(frame).toEqual({ type: 'alert.opened', timestamp: sampleAlert.at });
    const { type: _, origin: __, event: ___, at: ____, ...told } = sampleAlert;
    expect(data).toEqual({
      ...told,
      stageName: 'Delivery',
      owner: 'logistics',
      url: `https://gapwatch.example.com/team/#/alerts/${sampleAlert.id}`,
      message: expect.stringMatching(/^Delivery is getting worse, since about 2026-02-25: [^.]+\.$/),
    });
  });

  it('is what the manual shows', async () => {
    const { other, send } = await open(secrets[0], { console: 'https://gapwatch.example.com/' });
    await send();
    const manual = readFileSync(new URL('../../../../docs/receivers.md', import.meta.url), 'utf8');
    const [, example = ''] = /```json\n(.*?)```/s.exec(manual) ?? [];
    expect(JSON.parse(other.received[0]!.body)).toEqual(JSON.parse(example));
  });

  it('without a page has no link; of a stage that nobody named, the id and no owner', async () => {
    const { other, send } = await open(secrets[0]);
    await send({ ...message, alert: { ...sampleAlert, stage: 'returns' } });
    expect(JSON.parse(other.received[0]!.body).data).toMatchObject({ stageName: 'returns', owner: null, url: null });
  });
});
