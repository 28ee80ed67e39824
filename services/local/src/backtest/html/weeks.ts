// The table behind a chart, for who cannot see it or wants its figures: week by week.
import { wilson } from '@gapwatch/console/interval';
import { dayMs } from '@gapwatch/core';
import type { StageView } from '../stages.ts';
import { count, day, ofHundred } from '../words.ts';
import { html, type Markup } from './markup.ts';

const weekDays = 7;

export function weeksTable({ name, days, of }: StageView): Markup {
  if (days.heard.length === 0) return html``;
  const starts = Array.from({ length: Math.ceil(days.heard.length / weekDays) }, (_, week) => week * weekDays);
  return html`<details><summary>${name} as a table</summary>
<div class="scroll"><table>
<thead><tr><th scope="col">Seven days from</th><th scope="col" class="number">Statements</th><th scope="col" class="number">${of === 'customers' ? 'Customers a day, added' : 'Voices'}</th><th scope="col" class="number">Unhappy of 100</th><th scope="col" class="number">95 %</th></tr></thead>
<tbody>${starts.map((start) => row(days, start))}</tbody>
</table></div></details>`;
}

function row({ from, statements, heard, unhappy }: StageView['days'], start: number): Markup {
  const sum = (values: readonly number[]) =>
    values.slice(start, start + weekDays).reduce((total, value) => total + value, 0);
  const [asked, bad] = [sum(heard), sum(unhappy)];
  const [low, high] = wilson(bad, asked) ?? [0, 0];
  return html`<tr><th scope="row">${day(from + start * dayMs)}</th><td class="number">${count(sum(statements))}</td><td class="number">${count(asked)}</td><td class="number">${asked === 0 ? 'nobody heard' : ofHundred(bad / asked)}</td><td class="number">${asked === 0 ? '' : `${ofHundred(low)}–${ofHundred(high)}`}</td></tr>`;
}
