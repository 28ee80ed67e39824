// A backtest as one file that opens anywhere: no script, nothing from elsewhere, no word of a customer.
import type { BacktestAlert } from '../report.ts';
import type { BacktestResult } from '../run.ts';
import { shownStages } from '../shown.ts';
import type { Shows } from '../shows.ts';
import type { StageView } from '../stages.ts';
import {
  alertTitle,
  alertWords,
  count,
  day,
  gapNames,
  plural,
  showsNotes,
  showsTitle,
  stateText,
  stateWords,
} from '../words.ts';
import { chart, type Scale, scaleOf } from './chart.ts';
import { html, Markup } from './markup.ts';
import { style } from './style.ts';
import { weeksTable } from './weeks.ts';

const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** More charts than this no page should draw. */
const mostStages = 200;

/** The whole document. */
export function backtestPage(result: BacktestResult): string {
  const { report } = result;
  const { names: shown, rest } = shownStages(report.stages, mostStages);
  const stages = result.stages.filter(({ stage }) => shown.has(stage));
  const scale = scaleOf(stages);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="color-scheme" content="light dark">
<title>Backtest of ${names(result)} · Gapwatch</title>
<style>${new Markup(style)}</style>
</head>
<body>
<main>
<header>
<h1>${showsTitle(report.shows)}</h1>
<p>${alertSentence(result)}</p>
<p class="soft">${names(result)}${span(result)}</p>
</header>
${showsSection(report.shows)}
${stages.map((view) => stageSection(view, result, scale))}
${rest === null ? null : html`<p>${rest}</p>`}
${accountSection(result)}
</main>
</body>
</html>
`.text;
}

function names({ files }: BacktestResult): string {
  return files.map((file) => (file === '-' ? 'standard input' : (file.split('/').at(-1) ?? file))).join(', ');
}

function span({ report: { from, to } }: BacktestResult): string {
  return from === null || to === null ? '' : `, ${day(from)} to ${day(to)}, days in UTC`;
}

function alertSentence({ report: { alerts }, stages, budget }: BacktestResult): string {
  const watched = stages.filter(({ state }) => state === 'watching' || state === 'open').length;
  if (watched === 0) return 'No stage was heard long enough to say what is usual there: nothing could be alerted.';
  const open = alerts.filter(({ closedAt }) => closedAt === null).length;
  const noise = `noise alone would raise about ${budget.count} a stage in ${budget.perDays} days`;
  return `${plural(alerts.length, 'alert')} at ${plural(watched, 'stage')} that could be watched, ${open} still open in the end; ${noise}.`;
}

function showsSection(shows: Shows): Markup {
  return html`<section aria-labelledby="shows">
<header><h2 id="shows">What this export can show</h2></header>
<div class="scroll"><table class="shows">
<thead><tr><th scope="col">Gap</th><th scope="col">Can it be shown</th><th scope="col">It needs</th><th scope="col">Found</th><th scope="col">Where to get it</th></tr></thead>
<tbody>${shows.gaps.map(showingRow)}</tbody>
</table></div>
${showsNotes(shows).map((note) => html`<p class="small">${note}</p>`)}
</section>`;
}

function showingRow({ gap, state, needs, found, get }: Shows['gaps'][number]): Markup {
  const mark = state === 'missing' ? 'missing' : 'shown';
  return html`<tr><th scope="row">${gapNames[gap]}</th><td class="state"><span class="${mark}">${stateWords[state]}</span></td><td data-name="needs">${needs}</td><td data-name="found">${found}</td><td data-name="where to get it">${get ?? ''}</td></tr>`;
}

function stageSection(view: StageView, result: BacktestResult, scale: Scale): Markup {
  const alerts = result.report.alerts.filter(({ stage }) => stage === view.stage);
  const facts = result.report.stages.find(({ stage }) => stage === view.stage);
  const heard = `${plural(facts?.statements ?? 0, 'statement')}, ${view.of === 'voices' ? 'anonymous voices' : plural(facts?.customers ?? 0, 'customer')}`;
  return html`<section>
<header>
<h2>${view.name}</h2>
<span class="small soft">${view.owner === null ? null : `${view.owner} · `}${heard} · <span class="${view.state}">${view.state === 'open' ? '▲ open' : stateText(view)}</span></span>
</header>
${view.daysHeard === 0 ? html`<p class="missing">nobody was heard</p>` : html`${chart(view, alerts, scale)}${legend(view, alerts)}`}
${alerts.length === 0 ? html`<p class="small soft">${calm(view)}</p>` : html`<ol class="alerts">${alerts.map((alert) => alertItem(alert, view, result))}</ol>`}
${weeksTable(view)}
</section>`;
}

function calm({ state }: StageView): string {
  return state === 'watching'
    ? 'No alert: nothing here was more than noise does within the budget.'
    : 'No alert: it could not be watched.';
}

function legend({ usual, target, beliefs }: StageView, alerts: readonly BacktestAlert[]): Markup {
  const has = (what: boolean, name: string, text: string) =>
    what ? html`<li><i class="${name}"></i>${text}</li>` : null;
  const isWanted = target !== null || beliefs.some(({ what }) => what === 'target');
  return html`<ul class="legend">
<li><i></i>unhappy of 100, seven days</li><li><i class="i-band"></i>95 % interval</li>
${has(usual !== null, 'i-usual', 'usual in the end')}${has(isWanted, 'i-wanted', 'wanted at most')}${has(
  beliefs.some(({ what }) => what !== 'target'),
  'i-reported',
  'reported',
)}
${has(alerts.length > 0, 'i-onset', 'began about here, and ▲ alert')}<li><i class="i-bars"></i>statements a day</li>
</ul>`;
}

function alertItem(alert: BacktestAlert, { name }: StageView, { budget }: BacktestResult): Markup {
  const { since, large, sure, why, cost } = alertWords(alert, budget);
  return html`<li><strong>${alertTitle(alert, name)}</strong> ${large} ${since} ${sure} ${why} ${cost}
${alert.sources.length < 2 ? null : html`<details><summary>By source</summary><table><thead><tr><th scope="col">Source</th><th scope="col" class="number">Votes</th><th scope="col" class="number">Before, of 100</th><th scope="col" class="number">Then</th></tr></thead><tbody>${alert.sources.map(sourceRow)}</tbody></table></details>`}</li>`;
}

function sourceRow({ source, votes, before, now }: BacktestAlert['sources'][number]): Markup {
  return html`<tr><th scope="row">${source}</th><td class="number">${count(votes)}</td><td class="number">${count(before * 100)}</td><td class="number">${count(now * 100)}</td></tr>`;
}

function accountSection({ report: { signals }, account }: BacktestResult): Markup {
  const rows: [string, number][] = [
    ['accepted', signals.accepted],
    ['repeated', signals.repeated],
    ...Object.entries(signals.skipped).map(([reason, lines]): [string, number] => [`skipped: ${reason}`, lines]),
    ...Object.entries(signals.rejected).map(([reason, lines]): [string, number] => [`rejected: ${reason}`, lines]),
    ['read', signals.read],
  ];
  return html`<section aria-labelledby="account">
<header><h2 id="account">Every line that was read</h2></header>
<table><tbody>${rows.map(([name, lines]) => html`<tr><th scope="row">${name}</th><td class="number">${count(lines)}</td></tr>`)}</tbody></table>
${[...account.warnings].map((warning) => html`<p class="small">${warning}</p>`)}
</section>`;
}
