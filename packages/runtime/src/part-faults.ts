// What the clients of all parts have in common when a call fails.

/** A mistake of ours has a type of its own; whatever else a client throws says something of its part. */
export function isMistake(error: Error): boolean {
  return error instanceof TypeError || error instanceof RangeError;
}

/** What to do about a part that is away, where its certificate is why; else what is said `otherwise`. */
export function certificateRemedy({ message }: Error, otherwise: string): string {
  return /certificate/i.test(message)
    ? 'mend its certificate; an authority of your own stands in NODE_EXTRA_CA_CERTS'
    : otherwise;
}
