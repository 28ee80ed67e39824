// The command as a user runs it: its own process, its own data directory, its own port.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach } from 'vitest';

export const repository = resolve(import.meta.dirname, '../..');
const command = join(repository, 'services/local/bin/gapwatch.js');

const folders: string[] = [];
const processes = new Set<ChildProcess>();

afterEach(async () => {
  for (const child of processes) {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  processes.clear();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gapwatch-test-'));
  folders.push(folder);
  return folder;
}

export type Ended = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

/** Starts the command with a port of its own; it is killed after the test if it still runs, or is its file's to end. */
export function spawnGapwatch(
  words: readonly string[],
  environment: Record<string, string> = {},
  life: 'test' | 'file' = 'test',
  cwd: string = temporaryFolder(),
): ChildProcess {
  const env = { ...usersEnvironment(), GAPWATCH_LOG_LEVEL: 'warn', GAPWATCH_HTTP_PORT: '0', ...environment };
  const child = spawn(process.execPath, [command, ...words], { cwd, env });
  if (life === 'test') processes.add(child);
  return child;
}

/** Without what is said to the tests alone. */
function usersEnvironment(): NodeJS.ProcessEnv {
  const { GAPWATCH_REQUIRE_SERVICES: _required, GAPWATCH_PARTS_DIR: _parts, ...environment } = process.env;
  return environment;
}

/** Runs the command to its end. */
export async function gapwatch(
  words: readonly string[],
  input = '',
  environment: Record<string, string> = {},
): Promise<Ended> {
  return runToEnd(spawnGapwatch(words, environment), input);
}

/** As {@link gapwatch}, in a folder with a configuration or sources of its own. */
export async function gapwatchIn(
  folder: string,
  words: readonly string[],
  environment: Record<string, string> = {},
): Promise<Ended> {
  return runToEnd(spawnGapwatch(words, environment, 'test', folder), '');
}

async function runToEnd(child: ChildProcess, input: string): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  const [status] = await once(child, 'close');
  return { status, stdout, stderr };
}

/** The address that a start prints when it can serve. Rejects with what it said if it ends before. */
export async function readyAddress(child: ChildProcess): Promise<string> {
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const lines = createInterface({ input: child.stdout! });
  for await (const line of lines) {
    const address = /^ready (http:\S+)$/.exec(line)?.[1];
    if (address !== undefined) {
      child.stdout?.resume();
      return address;
    }
  }
  throw new Error(`ended before it was ready: ${stderr}`);
}

/** Ends a process with a signal; answers its exit status. */
export async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
  const exited = once(child, 'exit');
  child.kill(signal);
  const [status] = await exited;
  return status;
}

export async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
