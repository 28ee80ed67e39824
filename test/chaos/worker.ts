// A worker of the system under test: a process that is started again whenever it ends, until it is told to end for good.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

export const command = resolve(import.meta.dirname, '../../services/local/bin/gapwatch.js');

/** `folder`: where the configuration lies. */
export type Place = { readonly environment: NodeJS.ProcessEnv; readonly folder: string };

const pageBytes = 4_096;

export class Worker {
  readonly roles: readonly string[];
  readonly #environment: NodeJS.ProcessEnv;
  readonly #folder: string;
  #child: ChildProcess;
  #ready = Promise.withResolvers<string>();
  #isEnding = false;
  readonly #killWithUs = () => void this.#child.kill('SIGKILL');
  /** what the process said last on stderr */
  said = '';

  constructor(roles: readonly string[], { environment, folder }: Place) {
    this.roles = roles;
    this.#environment = environment;
    this.#folder = folder;
    this.#child = this.#start();
    // a campaign that dies takes its workers along
    process.on('exit', this.#killWithUs);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  #start(): ChildProcess {
    const child = spawn(process.execPath, [command, 'work', ...this.roles], {
      cwd: this.#folder,
      env: this.#environment,
    });
    const ready = Promise.withResolvers<string>();
    this.#ready = ready;
    ready.promise.catch(() => {});
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('ready ')) ready.resolve(line.slice('ready '.length));
    });
    child.stderr.on('data', (chunk) => {
      this.said = (this.said + chunk).slice(-8_000);
    });
    child.on('exit', () => {
      ready.reject(new Error(`a worker ended before it was ready: ${this.said}`));
      if (!this.#isEnding) this.#child = this.#start();
    });
    return child;
  }

  /** Resolves with its address when the present process is ready; waits for the next one where that one dies before. */
  async ready(): Promise<string> {
    for (;;) {
      const waited = this.#ready;
      try {
        return await waited.promise;
      } catch (error) {
        if (this.#ready === waited) throw error;
      }
    }
  }

  /** MiB that the process has in memory; 0 where this cannot be told */
  get memoryMiB(): number {
    try {
      const [, resident = 0] = readFileSync(`/proc/${this.pid}/statm`, 'utf8').split(' ').map(Number);
      return (resident * pageBytes) / 2 ** 20;
    } catch {
      return 0;
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Sends a signal that ends the process; answers after how many milliseconds it was gone. */
  async endOnce(name: NodeJS.Signals): Promise<number> {
    const begun = performance.now();
    const exited = once(this.#child, 'exit');
    this.#child.kill(name);
    await exited;
    return performance.now() - begun;
  }

  async end(): Promise<number> {
    this.#isEnding = true;
    process.off('exit', this.#killWithUs);
    this.#child.kill('SIGCONT');
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return 0;
    return this.endOnce('SIGTERM');
  }
}
