// A JSON array, element by element, without ever holding the whole of it. A single value counts as an array of one.
// An element is what lies between commas outside its brackets and texts; whether it is good JSON is for its reader to say,
// so that one bad element spoils no other.
import type { Chunks } from './bytes.ts';
import type { LineFault, LineFaultCode } from './faults.ts';

export type Element =
  | { readonly line: number; readonly bytes: Buffer }
  | { readonly line: number; readonly fault: LineFault };

const newline = 0x0a;
const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openArray = 0x5b;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/** The elements that end in each chunk. */
export async function* readElements(chunks: Chunks, maxBytes: number): AsyncGenerator<readonly Element[]> {
  const scanner = new ElementScanner(maxBytes);
  for await (const chunk of chunks) {
    scanner.scan(chunk);
    yield scanner.found.splice(0);
  }
  scanner.end();
  yield scanner.found.splice(0);
}

class ElementScanner {
  readonly found: Element[] = [];
  private readonly maxBytes: number;
  private place: 'before' | 'array' | 'single' | 'after' | 'beyond' = 'before';
  private line = 1;
  private depth = 0;
  private inText = false;
  private isEscaped = false;
  /** the line of the first byte of the element that is no blank; null before it */
  private startLine: number | null = null;
  private held: Buffer[] = [];
  private sizeBytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  scan(chunk: Buffer): void {
    let from = 0;
    for (let index = 0; index < chunk.length; index += 1) {
      const byte = chunk[index] ?? 0;
      if (byte === newline) this.line += 1;
      if (this.inText) this.scanText(byte);
      else if (byte > 0x20 && this.separates(byte)) {
        if (this.place !== 'before') this.finish(chunk.subarray(from, index));
        this.place = byte === closeArray ? 'after' : 'array';
        from = index + 1;
      } else if (this.startLine === null) from = index + 1; // blanks before an element
    }
    this.hold(chunk.subarray(from));
  }

  end(): void {
    if (this.place === 'single') this.finish(Buffer.alloc(0));
    else if (this.place === 'array') {
      const line = this.startLine ?? this.line;
      this.fail(line, 'cut-off', 'the file ends inside its array: what begins here is not complete');
    }
  }

  private scanText(byte: number): void {
    if (this.isEscaped) this.isEscaped = false;
    else if (byte === backslash) this.isEscaped = true;
    else if (byte === quote) this.inText = false;
  }

  /** Whether this byte, which is no blank and in no text, stands between elements. Others are taken note of. */
  private separates(byte: number): boolean {
    if (this.place === 'after') this.beyond();
    if (this.place === 'beyond') return false;
    if (this.place === 'before') {
      if (byte === openArray) return true;
      this.place = 'single';
    }
    if (this.place === 'array' && this.depth <= 0 && (byte === comma || byte === closeArray)) return true;
    this.startLine ??= this.line;
    if (byte === quote) this.inText = true;
    else if (byte === openObject || byte === openArray) this.depth += 1;
    else if (byte === closeObject || byte === closeArray) this.depth -= 1;
    return false;
  }

  private beyond(): void {
    this.place = 'beyond';
    this.fail(this.line, 'not-json', 'the array has ended, what follows it is not read: one file holds one array');
  }

  private hold(bytes: Buffer): void {
    if (this.place !== 'array' && this.place !== 'single') return;
    this.sizeBytes += bytes.length;
    if (this.sizeBytes > this.maxBytes) this.held = [];
    else this.held.push(bytes);
  }

  private finish(last: Buffer): void {
    this.hold(last);
    if (this.startLine !== null && this.sizeBytes > this.maxBytes) {
      this.fail(this.startLine, 'too-large', `${this.sizeBytes} bytes; at most ${this.maxBytes} are taken: split it`);
    } else if (this.startLine !== null) this.found.push({ line: this.startLine, bytes: Buffer.concat(this.held) });
    this.startLine = null;
    this.held = [];
    this.sizeBytes = 0;
    this.depth = 0;
  }

  private fail(line: number, code: LineFaultCode, message: string): void {
    this.found.push({ line, fault: { code, message } });
  }
}
