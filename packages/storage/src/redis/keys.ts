// Where the state of one partition lies in Redis. All its keys share a hash tag, so that a cluster keeps them in one
// slot and one script may write them. Readable by ops: HGETALL 'gw:{aggregator:0}:cells:1d|delivery|' and the like.

export type Keys = {
  readonly position: string;
  /** sorted set: keys of documents by the log time at which they are due */
  readonly due: string;
  /** set: the kinds of documents that there are, and the groups of cells */
  readonly kinds: string;
  readonly groups: string;
  /** hash: key of a document → its JSON */
  documents(kind: string): string;
  /** hash: last part of a cell's key, and the number of the field → a whole number */
  cells(group: string): string;
};

/** Begins every key of every state; an access list needs no more than `~gw:*`. */
export const keyPrefix = 'gw:';

export function keysOf(namespace: string, partition: number): Keys {
  const tag = `${keyPrefix}{${encodeURIComponent(namespace)}:${partition}}:`;
  return {
    position: `${tag}position`,
    due: `${tag}due`,
    kinds: `${tag}kinds`,
    groups: `${tag}groups`,
    documents: (kind) => `${tag}documents:${kind}`,
    cells: (group) => `${tag}cells:${group}`,
  };
}

/** Whether a key belongs to some partition of the namespace. */
export function isOf(namespace: string, key: string): boolean {
  const tag = /^gw:\{(.*):\d+\}:/.exec(key)?.[1];
  return tag === encodeURIComponent(namespace);
}

/** Documents are kept by the word that their key begins with: a scan then reads its own kind alone. */
export function kindOf(key: string): string {
  const end = key.indexOf('|');
  return end < 0 ? '' : key.slice(0, end);
}

/** A cell's key is the group (step, stage and segment) and its start: one hash a group. */
export function splitCell(key: string): readonly [group: string, start: string] {
  const end = key.lastIndexOf('|');
  return end < 0 ? ['', key] : [key.slice(0, end + 1), key.slice(end + 1)];
}

/** The name of one counter of a cell inside its group. */
export function counterName(start: string, field: number): string {
  return `${start}#${field}`;
}

export function startOfCounter(name: string): string {
  return name.slice(0, name.lastIndexOf('#'));
}
