// Who was heard where, over a whole history: customers are numbered as they come, and a stage is a row of bits.
// Growth: 12 bytes a customer in at most twice as many places, and a bit a customer and stage.
// Customers are told apart by 64 bits of hash: of a million, two are taken for one once in forty million backtests.
import { hash32, otherSeed } from '@gapwatch/core';

const firstPlaces = 1_024;

/** Texts as two hashes each, place by place. */
export type Hashes = { readonly ones: Uint32Array; readonly others: Uint32Array };

/** Numbers texts from 0, each always the same. */
export class Numbers {
  #ones = new Uint32Array(firstPlaces);
  #others = new Uint32Array(firstPlaces);
  /** one more than the number; 0 is an empty place */
  #numbers = new Uint32Array(firstPlaces);
  size = 0;

  numberOf(text: string): number {
    return this.#numberOf(hash32(text), hash32(text, otherSeed));
  }

  hashes(): Hashes {
    const places = Array.from(this.#numbers.keys()).filter((place) => this.#numbers[place] !== 0);
    const taken = (hashes: Uint32Array) => Uint32Array.from(places, (place) => hashes[place] as number);
    return { ones: taken(this.#ones), others: taken(this.#others) };
  }

  /** Numbers what others have numbered. */
  addAll({ ones, others }: Hashes): void {
    ones.forEach((one, index) => {
      this.#numberOf(one, others[index] as number);
    });
  }

  #numberOf(one: number, other: number): number {
    if (this.size * 2 >= this.#numbers.length) this.#grow();
    const place = this.#placeOf(one, other);
    if (this.#numbers[place] === 0) {
      this.size += 1;
      this.#set(place, one, other, this.size);
    }
    return (this.#numbers[place] as number) - 1;
  }

  #placeOf(one: number, other: number): number {
    const mask = this.#numbers.length - 1;
    let place = one & mask;
    while (this.#numbers[place] !== 0 && (this.#ones[place] !== one || this.#others[place] !== other)) {
      place = (place + 1) & mask;
    }
    return place;
  }

  #set(place: number, one: number, other: number, number: number): void {
    this.#ones[place] = one;
    this.#others[place] = other;
    this.#numbers[place] = number;
  }

  #grow(): void {
    const [ones, others, numbers] = [this.#ones, this.#others, this.#numbers];
    const places = numbers.length * 2;
    [this.#ones, this.#others, this.#numbers] = [
      new Uint32Array(places),
      new Uint32Array(places),
      new Uint32Array(places),
    ];
    for (const [index, number] of numbers.entries()) {
      if (number === 0) continue;
      const [one, other] = [ones[index] as number, others[index] as number];
      this.#set(this.#placeOf(one, other), one, other, number);
    }
  }
}

/** A set of small numbers that knows its size. */
export class Bits {
  #words = new Uint32Array(8);
  size = 0;

  /** Tells whether it is new. */
  add(number: number): boolean {
    const word = number >>> 5;
    if (word >= this.#words.length) this.#grow(word);
    const bit = 1 << (number & 31);
    const before = this.#words[word] as number;
    if ((before & bit) !== 0) return false;
    this.#words[word] = before | bit;
    this.size += 1;
    return true;
  }

  #grow(word: number): void {
    const words = new Uint32Array(Math.max(word + 1, this.#words.length * 2));
    words.set(this.#words);
    this.#words = words;
  }
}
