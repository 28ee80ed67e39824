// What is wrong with a configuration file: every mistake with its line, its path and what to write instead.

/** `line` and `column` count from 1; `path` reads like `stages[0].match[1].field` and is empty for the file as a whole. */
export type ConfigurationFault = {
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: string;
};

/** All mistakes of one file, in the order of its lines. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly file: string;
  readonly faults: readonly ConfigurationFault[];
  constructor(file: string, faults: readonly ConfigurationFault[], options?: ErrorOptions) {
    super(faults.map((fault) => inWords(file, fault)).join('\n'), options);
    this.file = file;
    this.faults = faults;
  }
}

function inWords(file: string, { line, column, path, message }: ConfigurationFault): string {
  return `${file}:${line}:${column} ${path === '' ? '' : `${path}: `}${message}`;
}

export function pathText(path: readonly PropertyKey[]): string {
  let text = '';
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`;
    else if (/^[A-Za-z_$][\w$-]*$/.test(String(key))) text += text === '' ? String(key) : `.${String(key)}`;
    else text += `[${JSON.stringify(String(key))}]`;
  }
  return text;
}
