// How an item lies in bytes: its time, its length, its text. One behind the other they make a run.

/** Something with the time at which it became known, milliseconds UTC. Its text breaks ties. */
export type Timed = { readonly time: number; readonly text: string };

/** time and length, in front of the bytes of an item */
export const headBytes = 12;

/** Bytes of the item at a place, with its head. */
export function sizeAt(buffer: Buffer, place: number): number {
  return headBytes + buffer.readUInt32LE(place + 8);
}

export function timeAt(buffer: Buffer, place: number): number {
  return buffer.readDoubleLE(place);
}

/** Items of equal times, in byte order. Whoever compares often holds the times, which are dear to read. */
export function compareTexts(buffer: Buffer, place: number, other: Buffer, otherPlace: number): number {
  const end = place + headBytes + buffer.readUInt32LE(place + 8);
  const otherEnd = otherPlace + headBytes + other.readUInt32LE(otherPlace + 8);
  return buffer.compare(other, otherPlace + headBytes, otherEnd, place + headBytes, end);
}

export function itemAt(buffer: Buffer, place: number): Timed {
  const from = place + headBytes;
  const text = buffer.toString('utf8', from, from + buffer.readUInt32LE(place + 8));
  return { time: buffer.readDoubleLE(place), text };
}
