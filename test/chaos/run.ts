// The chaos campaign by command: `npm run chaos` is the quick form, `npm run chaos -- --full` the long one.
import { parseArgs } from 'node:util';
import { printTable } from '../bench/table.ts';
import { isClean, runCampaign } from './campaign.ts';
import { faults } from './faults/index.ts';

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    signals: { type: 'string' },
    fault: { type: 'string' },
  },
});
const form = values.full ? 'full' : 'quick';
const signals = Number(values.signals ?? (values.full ? 200_000 : 6_000));
const chosen = faults.filter(({ name }) => values.fault === undefined || name.includes(values.fault));

for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => process.exit(130));

const summary = await runCampaign({
  faults: chosen,
  form,
  seed: Number(values.seed),
  signals,
  onRow: ({ fault, wrong, lost, doubled, said, ...row }) =>
    console.error(`${fault}: wrong ${wrong}, lost ${lost}, doubled ${doubled}, took ${row['took s']} s ${said}`),
});
if (summary === null) {
  console.error('Kafka, Redis and S3 are needed: see test/parts');
  process.exit(2);
}
printTable(
  `chaos, ${form} form, seed ${values.seed}`,
  summary.rows.map((row) => ({ ...row })),
);
const { rows, unarchived, alertsChanged } = summary;
console.log(`raw records that the archive lacks: ${unarchived}; alerts told in two versions: ${alertsChanged}`);
process.exit(rows.every(isClean) && unarchived + alertsChanged === 0 ? 0 : 1);
