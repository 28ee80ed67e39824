// Which partition a key belongs to: as Kafka's own producers decide, so that every writer puts a key in the same place.

const multiplier = 0x5bd1e995;
const seed = 0x9747b28c;
const encoder = new TextEncoder();

function mix(word: number): number {
  const product = Math.imul(word, multiplier);
  return Math.imul(product ^ (product >>> 24), multiplier);
}

/** MurmurHash2 (Appleby 2008), 32 bits, with the seed that Kafka uses. A signed 32-bit number. */
export function murmur2(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length & ~3;
  let hash = seed ^ bytes.length;
  for (let index = 0; index < whole; index += 4) hash = Math.imul(hash, multiplier) ^ mix(view.getInt32(index, true));
  let rest = 0;
  for (let index = bytes.length - 1; index >= whole; index -= 1) rest = (rest << 8) | bytes[index]!;
  if (whole < bytes.length) hash = Math.imul(hash ^ rest, multiplier);
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return hash ^ (hash >>> 15);
}

/** Partition of a key, in [0, partitions). */
export function partitionOfKey(key: string, partitions: number): number {
  return (murmur2(encoder.encode(key)) & 0x7fffffff) % partitions;
}
