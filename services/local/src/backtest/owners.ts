// Whose statements have to stay together because versions of one subject are told of them.

const firstPlaces = 1_024;
/** of so many places at most so many are taken */
const mostTaken = 0.75;

/**
 * Owners by subject, each a hash of 32 bits. Two subjects that are taken for one join their owners, which costs memory and
 * changes nothing.
 */
export class Owners {
  #subjects = new Uint32Array(firstPlaces);
  /** 0: an empty place */
  #owners = new Uint32Array(firstPlaces);
  #size = 0;
  /** those who have a subject in common with another one */
  readonly joined = new Set<number>();

  /** `owner`: not 0 */
  add(subject: number, owner: number): void {
    const place = this.#find(subject);
    const known = this.#owners[place] as number;
    if (known === owner) return;
    if (known === 0) this.#put(place, subject, owner);
    else this.joined.add(known).add(owner);
  }

  #find(subject: number): number {
    const mask = this.#subjects.length - 1;
    let place = subject & mask;
    while (this.#owners[place] !== 0 && this.#subjects[place] !== subject) place = (place + 1) & mask;
    return place;
  }

  #put(place: number, subject: number, owner: number): void {
    this.#subjects[place] = subject;
    this.#owners[place] = owner;
    this.#size += 1;
    if (this.#size > this.#subjects.length * mostTaken) this.#grow();
  }

  #grow(): void {
    const [subjects, owners] = [this.#subjects, this.#owners];
    this.#subjects = new Uint32Array(subjects.length * 2);
    this.#owners = new Uint32Array(owners.length * 2);
    for (let from = 0; from < owners.length; from += 1) {
      if (owners[from] === 0) continue;
      const place = this.#find(subjects[from] as number);
      this.#subjects[place] = subjects[from] as number;
      this.#owners[place] = owners[from] as number;
    }
  }
}
