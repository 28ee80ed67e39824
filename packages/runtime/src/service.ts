// What a service is to whoever runs it: a value that can be started and stopped, and says how far it is.

/** How far one partition is. Offsets; `lastProgressMs` is when the position last moved, by the process's clock. */
export type PartitionProgress = {
  readonly topic: string;
  readonly partition: number;
  readonly position: number;
  readonly high: number;
  readonly lastProgressMs: number;
  /** the fault of a part that it waits for to pass, by its name; a restart would not help. null: it waits for none */
  readonly waitsFor: string | null;
};

export type Service = {
  readonly name: string;
  start(): Promise<void>;
  /** drains what is in flight, then lets go; may be called once */
  stop(): Promise<void>;
  progress(): readonly PartitionProgress[];
};
