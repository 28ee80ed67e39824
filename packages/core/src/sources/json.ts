// JSON objects, by the paths of what is in them: lines of a file (`ndjson`), or a file that is one list or one object (`json`).
// Through HTTP and Kafka both take an object at a time; `json` also a list of them in one payload.
import { defineSource } from './define.ts';
import { rowMapping } from './rows/mapping.ts';
import { ndjsonSamples, objectSamples } from './rows/object-samples.ts';
import { nested } from './rows/paths.ts';
import { objectSettingsSchema } from './rows/settings.ts';

export const ndjson = defineSource({
  type: 'ndjson',
  title: 'JSON objects, a line each, by the paths of what is in them',
  settings: objectSettingsSchema,
  customerMayChange: true,
  create: (settings) => rowMapping(settings, { shape: nested, takesLists: false }),
  samples: ndjsonSamples,
});

export const json = defineSource({
  type: 'json',
  title: 'JSON objects, one or a list of them, by the paths of what is in them',
  settings: objectSettingsSchema,
  customerMayChange: true,
  create: (settings) => rowMapping(settings, { shape: nested, takesLists: true }),
  samples: objectSamples,
});
