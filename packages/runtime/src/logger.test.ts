// What others wrote cannot become a line of the log, nor move the terminal of whoever reads it.
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

const hostile = [
  'a\r\n{"level":60,"msg":"forged"}',
  '\u001b[2J\u001b[31mred',
  '"},{"level":60',
  '\u0001\u0008\u2028next',
];

it.each(hostile)('%j stays one value of one line', (text) => {
  const program = `import { createLogger } from './logger.ts';
    const text = process.argv[1];
    createLogger('info').info({ id: text, [text]: 1 }, text);`;
  const words = ['--input-type=module', '-e', program, text];
  const { stderr } = spawnSync(process.execPath, words, { cwd: import.meta.dirname, encoding: 'utf8' });
  const lines = stderr.trimEnd().split('\n');
  expect(lines).toHaveLength(1);
  expect([...lines[0]!].filter((character) => character < ' ')).toEqual([]);
  expect(JSON.parse(lines[0]!)).toMatchObject({ level: 30, id: text });
});
