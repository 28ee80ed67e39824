// Documents as bytes and back: plain JSON values, a tag of one byte in front of each. The names of fields and the texts
// that come often are numbers, so that a statement takes about sixty bytes.
import { type Shape, Shapes, type Texts } from './shapes.ts';

const tags = {
  null: 0,
  false: 1,
  true: 2,
  byte: 3,
  number: 4,
  known: 5,
  ascii: 6,
  text: 7,
  array: 8,
  object: 9,
  json: 10,
};

/** a tag and the longest of what has a fixed length, with room to spare */
const mostFixedBytes = 16;
const bytesPerUnit = 3;

export class Codec {
  readonly #shapes = new Shapes();
  #buffer: Buffer;
  #at = 0;
  /** the bytes that are decoded as a text, of which texts are parts */
  #text = '';
  #textFrom = 0;
  #hasRoom = true;

  constructor() {
    this.#buffer = Buffer.alloc(0);
  }

  /** Writes a document to a place of a buffer; answers where it ends, -1 where there is no room. */
  encode(document: object, buffer: Buffer, from: number): number {
    this.#buffer = buffer;
    this.#at = from;
    this.#hasRoom = true;
    this.#write(document, undefined);
    return this.#hasRoom ? this.#at : -1;
  }

  decode(buffer: Buffer, from: number, to: number): object {
    this.#buffer = buffer;
    this.#at = from;
    this.#text = buffer.toString('latin1', from, to);
    this.#textFrom = from;
    return this.#read(undefined) as object;
  }

  #write(value: unknown, texts: Texts | undefined): void {
    if (this.#at + mostFixedBytes > this.#buffer.length) this.#hasRoom = false;
    if (!this.#hasRoom) return;
    if (typeof value === 'string') this.#writeText(value, texts);
    else if (typeof value === 'number') this.#writeNumber(value);
    else if (typeof value !== 'object') this.#buffer[this.#at++] = value === true ? tags.true : tags.false;
    else if (value === null) this.#buffer[this.#at++] = tags.null;
    else if (Array.isArray(value)) this.#writeArray(value);
    else this.#writeObject(value as Readonly<Record<string, unknown>>);
  }

  #writeNumber(value: number): void {
    if (Number.isInteger(value) && value >= 0 && value < 256 && !Object.is(value, -0)) {
      this.#buffer[this.#at++] = tags.byte;
      this.#buffer[this.#at++] = value;
      return;
    }
    this.#buffer[this.#at++] = tags.number;
    this.#at = this.#buffer.writeDoubleLE(value, this.#at);
  }

  #writeText(value: string, texts: Texts | undefined): void {
    const known = texts?.numberOf(value) ?? -1;
    if (known >= 0) {
      this.#buffer[this.#at++] = tags.known;
      this.#buffer[this.#at++] = known;
    } else this.#writeLetters(value);
  }

  #writeLetters(value: string): void {
    if (this.#at + mostFixedBytes + value.length * bytesPerUnit > this.#buffer.length) {
      this.#hasRoom = false;
      return;
    }
    const start = this.#at;
    if (this.#writeAscii(value, start + 5)) this.#head(start, tags.ascii, value.length);
    else this.#writeUtf(value, start);
  }

  #writeAscii(value: string, from: number): boolean {
    const buffer = this.#buffer;
    for (let index = 0; index < value.length; index += 1) {
      const unit = value.charCodeAt(index);
      if (unit > 0x7f) return false;
      buffer[from + index] = unit;
    }
    this.#at = from + value.length;
    return true;
  }

  /** As JSON says it, since half a surrogate pair has no UTF-8. */
  #writeUtf(value: string, start: number): void {
    const length = this.#buffer.write(value.isWellFormed() ? value : JSON.stringify(value), start + 5);
    this.#head(start, value.isWellFormed() ? tags.text : tags.json, length);
    this.#at = start + 5 + length;
  }

  #head(start: number, tag: number, length: number): void {
    this.#buffer[start] = tag;
    this.#buffer.writeUInt32LE(length, start + 1);
  }

  #writeArray(values: readonly unknown[]): void {
    this.#head(this.#at, tags.array, values.length);
    this.#at += 5;
    for (const value of values) this.#write(value, undefined);
  }

  #writeObject(value: Readonly<Record<string, unknown>>): void {
    const shape = this.#shapes.of(Object.keys(value));
    if (shape === undefined) {
      this.#writeJson(value);
      return;
    }
    this.#buffer[this.#at++] = tags.object;
    this.#buffer[this.#at++] = shape.number;
    const { names, texts } = shape;
    for (let index = 0; index < names.length; index += 1) this.#write(value[names[index] as string], texts[index]);
  }

  #writeJson(value: object): void {
    const json = JSON.stringify(value);
    if (this.#at + mostFixedBytes + json.length * bytesPerUnit > this.#buffer.length) {
      this.#hasRoom = false;
      return;
    }
    const length = this.#buffer.write(json, this.#at + 5);
    this.#head(this.#at, tags.json, length);
    this.#at += 5 + length;
  }

  #read(texts: Texts | undefined): unknown {
    const tag = this.#buffer[this.#at++];
    if (tag === tags.known) return texts?.values[this.#buffer[this.#at++] as number];
    if (tag === tags.byte) return this.#buffer[this.#at++];
    if (tag === tags.number) return this.#readNumber();
    if (tag === tags.object) return this.#readObject(this.#shapes.all[this.#buffer[this.#at++] as number] as Shape);
    if (tag === tags.null) return null;
    if (tag === tags.false || tag === tags.true) return tag === tags.true;
    return this.#readLong(tag);
  }

  #readNumber(): number {
    this.#at += 8;
    return this.#buffer.readDoubleLE(this.#at - 8);
  }

  #readLong(tag: number | undefined): unknown {
    const length = this.#buffer.readUInt32LE(this.#at);
    this.#at += 4;
    if (tag === tags.array) return this.#readArray(length);
    const from = this.#at;
    this.#at += length;
    if (tag === tags.ascii) return this.#text.slice(from - this.#textFrom, this.#at - this.#textFrom);
    const text = this.#buffer.toString('utf8', from, this.#at);
    return tag === tags.json ? JSON.parse(text) : text;
  }

  #readArray(length: number): unknown[] {
    const values: unknown[] = [];
    for (let left = length; left > 0; left -= 1) values.push(this.#read(undefined));
    return values;
  }

  #readObject({ names, texts }: Shape): object {
    const object: Record<string, unknown> = {};
    for (let index = 0; index < names.length; index += 1) object[names[index] as string] = this.#read(texts[index]);
    return object;
  }
}
