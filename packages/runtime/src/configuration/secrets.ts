// Settings of the environment that nobody should see: given as X, or as X_FILE, the path of a file that holds it.
// No message of this file contains a secret.
import { readFileSync } from 'node:fs';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What is wrong with the environment; one line for each mistake. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}

/** Under which name the secret of one source or receiver stands: its id in upper case, `_` for any other character. */
export function secretName(owner: 'SOURCE' | 'RECEIVER', id: string): string {
  return `GAPWATCH_${owner}_${id.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_SECRET`;
}

/** The secret `name`, without the line end at the end of its file; null where neither form is set. Throws EnvironmentError. */
export function readSecret(environment: Environment, name: string): string | null {
  const plain = given(environment, name);
  const file = given(environment, `${name}_FILE`);
  if (plain !== null && file !== null)
    throw new EnvironmentError([`${name} and ${name}_FILE are both set: set one of them`]);
  return file === null ? plain : readSecretFile(`${name}_FILE`, file);
}

function readSecretFile(name: string, file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new EnvironmentError([`${name}: ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`]);
  }
  const secret = text.replace(/\r?\n$/, '');
  if (secret === '') throw new EnvironmentError([`${name}: ${file} is empty`]);
  return secret;
}

/** A setting that is set to nothing is as good as not set, as compose files write it. */
function given(environment: Environment, name: string): string | null {
  const value = environment[name];
  return value === undefined || value === '' ? null : value;
}
