// What a check finds. A check that throws has found what it threw: our errors say what to do.

/** `bad`: it will not work as it is. `look`: it works, and somebody should know. */
export type State = 'good' | 'look' | 'bad';

export type Finding = {
  readonly what: string;
  readonly state: State;
  readonly found: string;
  /** what to do; null where nothing must be done, or `found` says it */
  readonly remedy: string | null;
};

export type Found = Omit<Finding, 'what'>;
export type Check = { readonly what: string; readonly look: () => Promise<Found> | Found };

export const good = (found: string): Found => ({ state: 'good', found, remedy: null });
export const look = (found: string, remedy: string): Found => ({ state: 'look', found, remedy });
export const bad = (found: string, remedy: string | null = null): Found => ({ state: 'bad', found, remedy });

/** Clocks that run by NTP differ by far less. */
export const clockMayDifferMs = 60_000;

/** What is away for longer is not there. */
const answerWithinMs = 20_000;

/** One check after the other, each told as soon as it is known. */
export async function* lookAt(checks: readonly Check[]): AsyncGenerator<Finding> {
  for (const { what, look } of checks) yield { what, ...(await found(look)) };
}

async function found(look: Check['look']): Promise<Found> {
  const late = Promise.withResolvers<Found>();
  const timer = setTimeout(() => late.resolve(bad(`no answer within ${answerWithinMs / 1_000} s`)), answerWithinMs);
  const looking = Promise.resolve()
    .then(look)
    .catch((error: Error) => bad(error.message));
  return Promise.race([looking, late.promise]).finally(() => clearTimeout(timer));
}
