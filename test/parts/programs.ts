// Local programs as parts of a test: a free port, a folder of their own, ready when they answer, gone afterwards.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Where `.ci/run` keeps what is no Debian package: jars and the S3 server. */
export const partsFolder = process.env.GAPWATCH_PARTS_DIR ?? join(homedir(), '.cache/gapwatch');

/** A port of the loopback interface that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** The program's path, or null where it is not installed. */
export function programIn(folders: readonly string[], name: string): string | null {
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

export function programOnPath(name: string): string | null {
  return programIn((process.env.PATH ?? '').split(':'), name);
}

export type Program = {
  readonly pid: number;
  /** its folder, gone after `stop` */
  readonly folder: string;
  kill(signal: NodeJS.Signals): void;
  /** ends it and starts it again, with the same folder and port, after so many milliseconds */
  restart(awayMs?: number): Promise<void>;
  stop(): Promise<void>;
};

export type ProgramOptions = {
  readonly command: string;
  readonly words: (folder: string) => readonly string[];
  readonly port: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly prepare?: (folder: string) => void;
};

const readyWithinMs = 60_000;

/** Starts a program and resolves when its port accepts connections. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), 'gapwatch-part-'));
  options.prepare?.(folder);
  let child = await launch(options, folder);
  return {
    get pid() {
      return child.pid ?? 0;
    },
    folder,
    kill: (signal) => child.kill(signal),
    async restart(awayMs = 0) {
      await gone(child, 'SIGKILL');
      await pause(awayMs);
      child = await launch(options, folder);
    },
    async stop() {
      await gone(child, 'SIGKILL');
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function gone(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

async function launch({ command, words, port, environment }: ProgramOptions, folder: string): Promise<ChildProcess> {
  const env = { ...process.env, ...environment };
  const child = spawn(command, words(folder), { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      said = (said + chunk).slice(-4_000);
    });
  }
  // a test run that dies takes its parts along
  process.once('exit', () => child.kill('SIGKILL'));
  const deadline = AbortSignal.timeout(readyWithinMs);
  while (!(await answers(port))) {
    if (child.exitCode !== null || deadline.aborted) throw new Error(`${command} does not answer on ${port}: ${said}`);
    await pause(50);
  }
  return child;
}

/** Whether somebody accepts connections on a port of the loopback interface. */
export async function answers(port: number): Promise<boolean> {
  const socket = createConnection(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
