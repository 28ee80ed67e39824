// Rows of a table: each row comes as a JSON object of column name → text, and becomes one statement or several.
import { defineSource } from './define.ts';
import { fieldSamples } from './rows/field-samples.ts';
import { rowMapping } from './rows/mapping.ts';
import { flat } from './rows/paths.ts';
import { csvSamples } from './rows/samples.ts';
import { rowSettingsSchema } from './rows/settings.ts';
import { statementSamples } from './rows/statement-samples.ts';

export const csv = defineSource({
  type: 'csv',
  title: 'Rows of a table, by the names of their columns',
  settings: rowSettingsSchema,
  customerMayChange: true,
  create: (settings) => rowMapping(settings, { shape: flat, takesLists: false }),
  samples: [...csvSamples, ...statementSamples, ...fieldSamples],
});
