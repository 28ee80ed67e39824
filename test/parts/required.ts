// A part that is not here: the tests that need it are skipped and say so, or fail where all parts are required.

/** `start` answers null where the part is not to be had; `remedy` says how to get it. */
export async function partOf<T>(name: string, remedy: string, start: () => Promise<T | null>): Promise<T | null> {
  const part = await start();
  if (part !== null || process.env.GAPWATCH_REQUIRE_SERVICES !== '1') return part;
  throw new Error(`${name} is required here and is not there: ${remedy}`);
}

/** The name of a suite that needs a part, as the last lines of a run repeat it where it was skipped. */
export function needs(what: string, name: string, remedy: string): string {
  return `${what} (needs ${name}: ${remedy})`;
}
