// The channel that needs no settings: a line or two in the terminal that the process runs in.
import type { AlertRecord } from '@gapwatch/contracts';
import type { Channel } from './index.ts';

/** `write` takes one line without its end. */
export function terminalChannel(write: (line: string) => void, nameOf: (stage: string) => string): Channel {
  return {
    id: 'terminal',
    send: (alert) => {
      for (const line of linesOf(alert, nameOf(alert.stage))) write(line);
      return Promise.resolve();
    },
  };
}

function linesOf(alert: AlertRecord, stage: string): string[] {
  const ofHundred = (share: number) => Math.round(share * 100);
  if (alert.event === 'closed') return [`${stage} is as before again: alert ${alert.id} is closed.`];
  const verb = alert.event === 'opened' ? 'is getting worse' : 'got worse again';
  const [from, to] = alert.interval.map(ofHundred);
  return [
    `${stage} ${verb}, since about ${alert.onset.slice(0, 10)}: ${ofHundred(alert.now)} of 100 customers had a bad time there; before, ${ofHundred(alert.before)}.`,
    `  ${ofHundred(alert.size)} more of 100 (${from} to ${to}), ${alert.customers.heard} votes. Noise alone does this once in ${Math.round(alert.budget.perDays / alert.budget.count)} days. Alert ${alert.id}.`,
  ];
}
