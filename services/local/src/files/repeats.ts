// Counts how often the same content came by, so that equal rows of one file stay apart and a second reading finds the same counts.
// Held: 12 bytes a place, twice as many places as different contents. Contents whose 48-bit hashes meet are counted together, which
// only makes a number higher than it need be, the same one in every reading.
import { hash } from 'node:crypto';

const firstPlaces = 1_024;

export class RepeatCounter {
  private keys = new Float64Array(firstPlaces);
  private counts = new Uint32Array(firstPlaces);
  private used = 0;

  /** 1 when the content comes for the first time. */
  count(content: Uint8Array): number {
    if (this.used * 2 >= this.keys.length) this.grow();
    const key = hash('sha1', content, 'buffer').readUIntBE(0, 6);
    const place = this.placeOf(key);
    if (this.counts[place] === 0) this.used += 1;
    this.keys[place] = key;
    this.counts[place] = (this.counts[place] ?? 0) + 1;
    return this.counts[place] ?? 1;
  }

  private placeOf(key: number): number {
    const mask = this.keys.length - 1;
    let place = key % this.keys.length;
    while (this.counts[place] !== 0 && this.keys[place] !== key) place = (place + 1) & mask;
    return place;
  }

  private grow(): void {
    const { keys, counts } = this;
    this.keys = new Float64Array(keys.length * 2);
    this.counts = new Uint32Array(keys.length * 2);
    for (const [index, key] of keys.entries()) {
      if (counts[index] === 0) continue;
      const place = this.placeOf(key);
      this.keys[place] = key;
      this.counts[place] = counts[index] ?? 0;
    }
  }
}
