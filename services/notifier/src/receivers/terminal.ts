// The receiver that needs no settings: a line or two in the terminal that the process runs in.
import { alertGrounds, alertSentence } from '@gapwatch/core';
import { z } from 'zod';
import { defineReceiver, type Message } from './define.ts';

export const terminal = defineReceiver({
  type: 'terminal',
  title: 'lines in the terminal of the process',
  settings: z.strictObject({}),
  isHttp: false,
  create:
    (_, { write, stageOf }) =>
    (message) => {
      for (const line of linesOf(message, stageOf(message.alert.stage).name)) write(line);
      return Promise.resolve({ outcome: 'delivered', detail: 'written' });
    },
  sample: { settings: () => ({}), secret: null },
});

function linesOf({ news, alert }: Message, stage: string): string[] {
  if (news === 'test') return ['This is a test: alerts are written here.'];
  const sentence = alertSentence(news, alert, stage);
  return news === 'closed' ? [sentence] : [sentence, `  ${alertGrounds(alert)}`];
}
