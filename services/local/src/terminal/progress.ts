// Progress of long work on stderr: a bar on a terminal, a line every ten seconds elsewhere.
import { SingleBar } from 'cli-progress';

export type Progress = {
  /** `done` and `total` in the same unit; total null where nobody knows it */
  update(done: number, total: number | null, note?: string): void;
  stop(): void;
};

const lineEveryMs = 10_000;

/** `what` is a verb and a noun: 'reading reviews.csv'. */
export function progressOf(what: string, stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? bar(what, stream) : lines(what, stream);
}

function bar(what: string, stream: NodeJS.WriteStream): Progress {
  const format = `${what} {bar} {percentage}% {note}`;
  const single = new SingleBar({ format, stream, hideCursor: true, clearOnComplete: true, barsize: 30 });
  let started = false;
  return {
    update(done, total, note = '') {
      if (!started) single.start(total ?? done, done, { note });
      else single.update(done, { note });
      if (started && total !== null) single.setTotal(total);
      started = true;
    },
    stop() {
      if (started) single.stop();
      started = false;
    },
  };
}

function lines(what: string, stream: NodeJS.WriteStream): Progress {
  let next = Date.now() + lineEveryMs;
  return {
    update(done, total, note = '') {
      if (Date.now() < next) return;
      next = Date.now() + lineEveryMs;
      const share = total === null || total === 0 ? '' : ` ${Math.floor((100 * done) / total)} %`;
      stream.write(`${what}:${share} ${note}\n`);
    },
    stop() {},
  };
}
