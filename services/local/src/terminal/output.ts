// What a command says: data on stdout, words and progress on stderr. A reader that goes away ends the command quietly.
import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Exit statuses: the work found faults in the input; called wrongly or could not run. */
export const exitStatus = { good: 0, faults: 1, wrong: 2 } as const;

/** Something that a person can mend: printed without a stack, exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The reader of stdout went away, as `head` does: not a fault. */
export class BrokenPipe extends Error {
  override readonly name = 'BrokenPipe';
}

/** For every stream of a command; whoever writes long ends by {@link BrokenPipe}. */
export function passBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** Words of others on one line: what could steer a terminal becomes a mark. */
export function onOneLine(text: string): string {
  return text.replace(/[\r\n\t]+/g, ' ').replace(/\p{Cc}/gu, '\ufffd');
}

/** Writes lines in blocks and waits while the reader is slower. */
export class LineWriter {
  readonly #stream: Writable;
  #block = '';
  #broken = false;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on('error', (error) => {
      passBrokenPipe(error);
      this.#broken = true;
    });
  }

  async write(line: string): Promise<void> {
    this.#block += `${line}\n`;
    if (this.#block.length >= blockCharacters) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#broken) throw new BrokenPipe();
    const block = this.#block;
    this.#block = '';
    if (block !== '' && !this.#stream.write(block)) await once(this.#stream, 'drain').catch(() => {});
    if (this.#broken) throw new BrokenPipe();
  }
}

const blockCharacters = 65_536;
