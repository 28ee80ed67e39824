// Parts in containers, where Docker runs.
import { setTimeout as pause } from 'node:timers/promises';
import { GenericContainer, getContainerRuntimeClient } from 'testcontainers';

/** What a test may do to a part. */
export type Container = {
  kill(signal: NodeJS.Signals): void;
  /** ends it at once, and starts it again, with what it had on disk, after so many milliseconds */
  restart(awayMs?: number): Promise<void>;
  stop(): Promise<void>;
};

let isThere: Promise<boolean> | null = null;

function dockerRuns(): Promise<boolean> {
  isThere ??= getContainerRuntimeClient().then(
    () => true,
    () => false,
  );
  return isThere;
}

/** Starts an image with one of its ports on a port of this machine; null where no Docker runs. */
export async function containerOf(
  image: string,
  port: number,
  inside: number,
  environment: Readonly<Record<string, string>> = {},
  command: readonly string[] = [],
): Promise<Container | null> {
  if (!(await dockerRuns())) return null;
  const plain = new GenericContainer(image).withExposedPorts({ container: inside, host: port });
  const named = plain.withEnvironment({ ...environment });
  const container = await (command.length === 0 ? named : named.withCommand([...command])).start();
  return {
    kill: (signal) => void container.exec(['kill', `-${signal.replace('SIG', '')}`, '1']),
    async restart(awayMs = 0) {
      await container.stop({ timeout: 0, remove: false });
      await pause(awayMs);
      await container.restart();
    },
    stop: async () => {
      await container.stop();
    },
  };
}
