import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const program = (listener: string) => `
import { Scratch } from ${JSON.stringify(new URL('./scratch.ts', import.meta.url).href)};
console.log(new Scratch().path);
${listener}
setInterval(() => {}, 60_000);
`;

async function end(signal: NodeJS.Signals, listener = '') {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program(listener)]);
  const [path] = (await once(child.stdout, 'data')) as [Buffer];
  child.kill(signal);
  const [status, by] = await once(child, 'exit');
  return { status, by, isLeft: existsSync(path.toString().trim()) };
}

describe('the folder of what has no room', () => {
  it('is gone when the process is told to end, which ends as it would have', async () => {
    expect(await end('SIGINT')).toEqual({ status: null, by: 'SIGINT', isLeft: false });
    expect(await end('SIGTERM')).toEqual({ status: null, by: 'SIGTERM', isLeft: false });
  });

  it('is gone where somebody else says how the process ends', async () => {
    const listener = "process.on('SIGTERM', () => process.exit(3));";
    expect(await end('SIGTERM', listener)).toEqual({ status: 3, by: null, isLeft: false });
  });
});
