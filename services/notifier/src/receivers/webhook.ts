// A webhook of one's own: one JSON document a message, signed as Standard Webhooks 1.0 says.
// Delivery: at least once; `webhook-id` is the same for every attempt, and so is the body.
import { alertSentence } from '@gapwatch/core';
import { createOutgoing, parseWebhookSecrets, urlFault, webhookHeaders } from '@gapwatch/runtime';
import { z } from 'zod';
import { defineReceiver, type Message, type StageWords } from './define.ts';
import { answerOfFault, answerOfStatus } from './http-status.ts';

const address = z
  .string()
  .refine((text) => URL.canParse(text), 'write a whole URL: https://hooks.example.com/gapwatch');

const settings = z
  .strictObject({
    url: address,
    /** hosts, as they stand in the URL, that may lie in a network of one's own; http is for those on loopback only */
    allow: z.array(z.string().min(1)).max(20).default([]),
    /** where the page is, for the link in the message */
    console: address.optional(),
  })
  .superRefine(({ url, allow }, context) => {
    const fault = URL.canParse(url) ? urlFault(new URL(url), allow) : null;
    if (fault !== null) context.addIssue({ code: 'custom', path: ['url'], message: fault });
  });

export const webhook = defineReceiver({
  type: 'webhook',
  title: 'a webhook of your own, signed as Standard Webhooks 1.0',
  settings,
  isHttp: true,
  create: ({ url, allow, console }, { clock, stageOf, secret }) => {
    const keys = parseWebhookSecrets(secret());
    const outgoing = createOutgoing({ allow });
    return async (message, signal) => {
      const body = JSON.stringify(webhookBody(message, stageOf(message.alert.stage), console));
      const signed = webhookHeaders(message.id, clock.now(), body, keys);
      const headers = { 'content-type': 'application/json', 'idempotency-key': message.id, ...signed };
      const answer = outgoing.post({ url, headers, body }, signal);
      return answer.then((given) => answerOfStatus(given, clock.now()), answerOfFault);
    };
  },
  sample: {
    settings: (url) => ({
      url: `${url}/hook?key=a-secret-of-the-url`,
      allow: ['127.0.0.1'],
      console: 'https://gapwatch.example.com/',
    }),
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  },
});

/** The document that is sent; docs/receivers.md tells it to whoever receives. */
export function webhookBody({ news, alert, at }: Message, stage: StageWords, console: string | undefined) {
  const { type: _, origin: __, event: ___, at: ____, ...told } = alert;
  const url = console === undefined ? null : new URL(`#/alerts/${encodeURIComponent(alert.id)}`, console).href;
  return {
    type: `alert.${news}`,
    timestamp: at,
    data: { ...told, stageName: stage.name, owner: stage.owner, url, message: sentenceOf(news, alert, stage.name) },
  };
}

function sentenceOf(news: Message['news'], alert: Message['alert'], stage: string): string {
  if (news !== 'test') return alertSentence(news, alert, stage);
  return 'This is a test of gapwatch: the figures are made up, nothing has got worse.';
}
