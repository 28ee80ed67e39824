// Bytes of many small records in a few large pages, outside of the collected heap. A record lies in a block of its size
// class; a block that is freed is the next one taken of its class.
// Growth: O(bytes of the records that are alive at once); a block is at most an eighth larger than its record.

const pageBytes = 4 * 2 ** 20;
/** Blocks begin and are sized in whole units, so that an address has room in 32 bits. */
const unitBytes = 8;
const unitsPerPage = pageBytes / unitBytes;
/** Larger records are not taken. */
export const mostBlockBytes = 64 * 1_024;

/** A record as it lies: its bytes are from `from` to `from + block` of the page. */
export type Block = { readonly page: Buffer; readonly from: number };

export class Blocks {
  readonly #pages: Buffer[] = [];
  /** first unit of the newest page that no block has taken */
  #unused = unitsPerPage;
  /** freed blocks by size class, as addresses */
  readonly #free: number[][] = [];

  /** Takes a block for so many bytes; answers its address. */
  take(bytes: number): number {
    const size = classOf(bytes);
    const freed = this.#free[size]?.pop();
    if (freed !== undefined) return freed;
    const units = unitsOf(size);
    if (this.#unused + units > unitsPerPage) {
      this.#pages.push(Buffer.allocUnsafeSlow(pageBytes));
      this.#unused = 0;
    }
    const address = (this.#pages.length - 1) * unitsPerPage + this.#unused;
    this.#unused += units;
    return address;
  }

  /** Gives back a block that was taken for so many bytes. */
  release(address: number, bytes: number): void {
    const size = classOf(bytes);
    const free = this.#free[size];
    if (free === undefined) this.#free[size] = [address];
    else free.push(address);
  }

  /** A block for `bytes` in the place of one for `before`: the same one where it has just the room. */
  move(address: number, before: number, bytes: number): number {
    if (classOf(before) === classOf(bytes)) return address;
    this.release(address, before);
    return this.take(bytes);
  }

  at(address: number): Block {
    return {
      page: this.#pages[Math.floor(address / unitsPerPage)] as Buffer,
      from: (address % unitsPerPage) * unitBytes,
    };
  }
}

/** Classes: whole units up to 64, then eight between a power of two and the next. */
function classOf(bytes: number): number {
  const units = Math.max(1, Math.ceil(bytes / unitBytes));
  if (units <= 64) return units;
  const shift = 28 - Math.clz32(units - 1);
  return 64 + (shift - 3) * 8 + (((units - 1) >>> shift) - 8) + 1;
}

function unitsOf(size: number): number {
  if (size <= 64) return size;
  const shift = Math.floor((size - 65) / 8) + 3;
  return (((size - 65) % 8) + 9) << shift;
}
