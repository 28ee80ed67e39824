// Another process that appends to a log: path, first number, count.
import { systemClock } from '@gapwatch/runtime';
import { openEmbeddedLog } from './log.ts';

const [path = '', first = '0', count = '0'] = process.argv.slice(2);
const log = openEmbeddedLog(path, { clock: systemClock });
for (let number = Number(first); number < Number(first) + Number(count); number += 1) {
  await log.append([{ topic: 'signals', key: null, value: String(number), partition: 0 }]);
}
await log.close();
