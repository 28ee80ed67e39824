// What can be wrong with a file. A fault of one line is an item among the others; a file that cannot be read at all is an error.

/** A place that could not be taken, in the order of the file. */
export type LineFault = { readonly code: LineFaultCode; readonly message: string };
export type LineFaultCode =
  | 'too-large'
  | 'wrong-columns'
  | 'quote-not-closed'
  | 'stray-quote'
  | 'cut-off'
  | 'not-json'
  | 'broken-archive';

/** The file as a whole cannot be read; the message names it and says what to do. */
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The stream of bytes stopped in the middle: what came before it stands. */
export class BrokenArchive extends Error {
  override readonly name = 'BrokenArchive';
}
