// Documents by key, packed into bytes: what a backtest holds of half a million customers, in a few hundred MB.
// A document that is read is a copy; what is changed in it counts when it is put back.
// Growth: O(documents alive): their keys and what they hold, and 20 to 40 bytes each.
import { hash32 } from '@gapwatch/core';
import { Blocks, mostBlockBytes } from './blocks.ts';
import { Codec } from './codec.ts';

const none = -1;
const firstSlots = 1_024;
/** the lengths of key and document, in front of them */
const headBytes = 8;

export class PackedDocuments {
  readonly #blocks = new Blocks();
  readonly #codec = new Codec();
  readonly #scratch = Buffer.allocUnsafeSlow(mostBlockBytes);
  /** documents too large for a block, by their slots */
  readonly #large = new Map<number, object>();
  readonly #freeSlots: number[] = [];
  #slots = 0;
  // one place a slot
  #hashes = new Uint32Array(firstSlots);
  #addresses = new Uint32Array(firstSlots);
  #next = new Int32Array(firstSlots);
  /** the first slot of each chain */
  #heads = new Int32Array(firstSlots).fill(none);

  /** The slot of a key, -1 where there is none. A slot stays that of its key until the document is deleted. */
  find(key: string): number {
    const hash = hash32(key);
    let slot = this.#heads[hash & (this.#heads.length - 1)] as number;
    while (slot !== none && (this.#hashes[slot] !== hash || !this.#isOf(slot, key))) slot = this.#next[slot] as number;
    return slot;
  }

  #isOf(slot: number, key: string): boolean {
    const { page, from } = this.#blocks.at(this.#addresses[slot] as number);
    if (page.readUInt32LE(from) !== key.length) return this.keyOf(slot) === key;
    const letters = from + headBytes;
    for (let index = 0; index < key.length; index += 1) {
      if (page[letters + index] !== key.charCodeAt(index)) return false;
    }
    return true;
  }

  keyOf(slot: number): string {
    const { page, from } = this.#blocks.at(this.#addresses[slot] as number);
    const text = page.toString('utf8', from + headBytes, from + headBytes + page.readUInt32LE(from));
    return text.startsWith('"') ? (JSON.parse(text) as string) : text;
  }

  get(slot: number): object {
    const { page, from } = this.#blocks.at(this.#addresses[slot] as number);
    const textFrom = from + headBytes + page.readUInt32LE(from);
    const textBytes = page.readUInt32LE(from + 4);
    if (textBytes === 0) return this.#large.get(slot) as object;
    return this.#codec.decode(page, textFrom, textFrom + textBytes);
  }

  /** Stores a document; answers its slot. What was large once stays so: it is not worth to try each time. */
  put(key: string, document: object): number {
    const found = this.find(key);
    const bytes = this.#write(key, this.#large.has(found) ? null : document);
    const slot = found === none ? this.#newSlot(key) : found;
    const address =
      found === none
        ? this.#blocks.take(bytes)
        : this.#blocks.move(this.#addresses[slot] as number, this.#bytesOf(slot), bytes);
    this.#addresses[slot] = address;
    const { page, from } = this.#blocks.at(address);
    this.#scratch.copy(page, from, 0, bytes);
    if (this.#scratch.readUInt32LE(4) === 0) this.#large.set(slot, document);
    return slot;
  }

  /** Answers the slot that is free now, -1 where there was none. */
  delete(key: string): number {
    const slot = this.find(key);
    if (slot === none) return none;
    this.#unlink(slot);
    this.#blocks.release(this.#addresses[slot] as number, this.#bytesOf(slot));
    this.#large.delete(slot);
    this.#freeSlots.push(slot);
    return slot;
  }

  #bytesOf(slot: number): number {
    const { page, from } = this.#blocks.at(this.#addresses[slot] as number);
    return headBytes + page.readUInt32LE(from) + page.readUInt32LE(from + 4);
  }

  /** Key and document at the beginning of the scratch, without the document where it has no room; answers how many bytes. */
  #write(key: string, document: object | null): number {
    const from = headBytes + this.#scratch.write(wellFormed(key), headBytes);
    const end = document === null ? -1 : this.#codec.encode(document, this.#scratch, from);
    this.#scratch.writeUInt32LE(from - headBytes, 0);
    this.#scratch.writeUInt32LE(Math.max(0, end - from), 4);
    return Math.max(from, end);
  }

  #newSlot(key: string): number {
    const slot = this.#freeSlots.pop() ?? this.#slots;
    if (slot === this.#slots) this.#slots += 1;
    if (slot === this.#hashes.length) this.#grow();
    this.#hashes[slot] = hash32(key);
    this.#link(slot);
    return slot;
  }

  #link(slot: number): void {
    const chain = (this.#hashes[slot] as number) & (this.#heads.length - 1);
    this.#next[slot] = this.#heads[chain] as number;
    this.#heads[chain] = slot;
  }

  #unlink(slot: number): void {
    const chain = (this.#hashes[slot] as number) & (this.#heads.length - 1);
    const after = this.#next[slot] as number;
    let before = this.#heads[chain] as number;
    if (before === slot) {
      this.#heads[chain] = after;
      return;
    }
    while (this.#next[before] !== slot) before = this.#next[before] as number;
    this.#next[before] = after;
  }

  /** Every slot is taken: twice as many, in chains as short as before. */
  #grow(): void {
    const taken = this.#hashes.length;
    this.#hashes = doubled(this.#hashes, new Uint32Array(taken * 2));
    this.#addresses = doubled(this.#addresses, new Uint32Array(taken * 2));
    this.#next = new Int32Array(taken * 2);
    this.#heads = new Int32Array(taken * 2).fill(none);
    for (let slot = 0; slot < taken; slot += 1) this.#link(slot);
  }
}

function doubled(from: Uint32Array, to: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  to.set(from);
  return to;
}

/** An id may hold half a surrogate pair, which has no UTF-8: JSON has a form for it. No key of ours begins with a quote. */
function wellFormed(key: string): string {
  return key.isWellFormed() ? key : JSON.stringify(key);
}
