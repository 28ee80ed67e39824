// Which state is in force: the names of its namespaces, and how what lay in the log when it was built is read.

/**
 * What a rebuild read: the records of `signals` below these offsets, one a partition, count as if the configuration had
 * held from the first of them on and this revision of the tagger had tagged them. Later ones count as they stand.
 */
export type Past = {
  readonly until: readonly number[];
  readonly tagger: number;
  /** of the configuration */
  readonly hash: string;
  readonly configuration: unknown;
};

/** The namespaces of the aggregator and the detector. `past` null: nothing was ever rebuilt. */
export type Generation = {
  readonly number: number;
  readonly aggregator: string;
  readonly detector: string;
  readonly past: Past | null;
};
