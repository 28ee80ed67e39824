// Whose statements have to stay together because versions of one subject are told of them.
import { hash32, otherSeed } from '@gapwatch/core';

const firstPlaces = 1_024;
/** of so many places at most so many are taken */
const mostTaken = 0.75;

/**
 * Owners by subject. Subjects are told apart by 48 bits of hash, owners by 32: two that are taken for one join their owners,
 * which costs memory and changes nothing.
 */
export class Owners {
  #subjects = new Uint32Array(firstPlaces);
  /** more of their hashes */
  #checks = new Uint16Array(firstPlaces);
  /** 0: an empty place */
  #owners = new Uint32Array(firstPlaces);
  #size = 0;
  /** those who have a subject in common with another one */
  readonly joined = new Set<number>();

  /** `owner`: a hash, not 0 */
  add(subject: string, owner: number): void {
    const hash = hash32(subject);
    const check = hash32(subject, otherSeed) & 0xffff;
    const place = this.#find(hash, check);
    const known = this.#owners[place] as number;
    if (known === owner) return;
    if (known !== 0) {
      this.joined.add(known).add(owner);
      return;
    }
    this.#put(place, hash, check, owner);
    this.#size += 1;
    if (this.#size > this.#owners.length * mostTaken) this.#grow();
  }

  #find(hash: number, check: number): number {
    const mask = this.#owners.length - 1;
    let place = hash & mask;
    while (this.#owners[place] !== 0 && (this.#subjects[place] !== hash || this.#checks[place] !== check)) {
      place = (place + 1) & mask;
    }
    return place;
  }

  #put(place: number, hash: number, check: number, owner: number): void {
    this.#subjects[place] = hash;
    this.#checks[place] = check;
    this.#owners[place] = owner;
  }

  #grow(): void {
    const [subjects, checks, owners] = [this.#subjects, this.#checks, this.#owners];
    this.#subjects = new Uint32Array(owners.length * 2);
    this.#checks = new Uint16Array(owners.length * 2);
    this.#owners = new Uint32Array(owners.length * 2);
    for (let from = 0; from < owners.length; from += 1) {
      const owner = owners[from] as number;
      if (owner === 0) continue;
      const [hash, check] = [subjects[from] as number, checks[from] as number];
      this.#put(this.#find(hash, check), hash, check, owner);
    }
  }
}
