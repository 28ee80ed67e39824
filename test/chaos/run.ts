// The chaos campaign by command: `npm run chaos` is the quick form, `npm run chaos -- --full` the long one.
import { parseArgs } from 'node:util';
import { printTable } from '../bench/table.ts';
import { runCampaign } from './campaign.ts';
import { faults } from './faults.ts';

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    signals: { type: 'string' },
    fault: { type: 'string' },
    appendfsync: { type: 'string', default: 'everysec' },
  },
});
const form = values.full ? 'full' : 'quick';
const signals = Number(values.signals ?? (values.full ? 200_000 : 6_000));
const chosen = faults.filter(({ name }) => values.fault === undefined || name.includes(values.fault));

const summary = await runCampaign({
  faults: chosen,
  form,
  seed: Number(values.seed),
  signals,
  redisWords: ['--appendfsync', values.appendfsync],
  onRow: ({ fault, wrong, lost, doubled }) =>
    console.error(`${fault}: wrong ${wrong}, lost ${lost}, doubled ${doubled}`),
});
if (summary === null) {
  console.error('Kafka, Redis and S3 are needed: see test/parts');
  process.exit(2);
}
printTable(
  `chaos, ${form} form, seed ${values.seed}, appendfsync ${values.appendfsync}`,
  summary.rows.map((row) => ({ ...row })),
);
console.log(
  `raw records that the archive lacks: ${summary.unarchived}; alerts told in two versions: ${summary.alertsChanged}`,
);
const isClean = summary.rows.every(
  (row) => row.wrong + row.lost + row.doubled + row['alerts lost'] === 0 && row.said === '',
);
process.exit(isClean && summary.unarchived === 0 && summary.alertsChanged === 0 ? 0 : 1);
