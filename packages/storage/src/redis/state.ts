// The state in Redis, one or a Cluster: documents, counters and position of a partition in one fenced script a step.
// Guarantee: a step is written whole or not at all, and only at the position it expects; what Redis loses (its last second
// without appendfsync always, a failover's tail) shows as a position that went back, and is folded again from the log.
// A step costs O(documents + counters in it); `due` what it returns; a scan O(documents of its kind), in memory.
import type { PartitionState, StateStep, StateStore, StepResult, StoredDocument } from '../port.ts';
import { cellFields, checkStep, compareKeys } from '../step.ts';
import { createClient, mastersOf, named, type RedisClient, ready } from './client.ts';
import { counterName, isOf, type Keys, keyPrefix, keysOf, kindOf, splitCell, startOfCounter } from './keys.ts';
import { applyScript, argumentsOf } from './script.ts';

const pageKeys = 500;
const sweepKeys = 1_000;

type Scripted = {
  applyStep(position: string, due: string, kinds: string, groups: string, words: string[]): Promise<number>;
};

export type RedisStateOptions = {
  /** one is a single Redis, several are nodes of a cluster */
  readonly urls: readonly string[];
};

/** Opens a state; nothing is connected before it is asked for something. */
export function openRedisState({ urls }: RedisStateOptions): StateStore {
  const client = createClient(urls);
  client.defineCommand('applyStep', { numberOfKeys: 4, lua: applyScript });
  const call = <T>(work: () => Promise<T>): Promise<T> =>
    named(client, async () => {
      await ready(client);
      return work();
    });
  return {
    partition: (namespace, partition) => new RedisPartition(client, keysOf(namespace, partition), call),
    drop: (namespace) => call(() => drop(client, namespace)),
    async close() {
      client.disconnect();
    },
  };
}

type Call = <T>(work: () => Promise<T>) => Promise<T>;

class RedisPartition implements PartitionState {
  readonly #client: RedisClient;
  readonly #keys: Keys;
  readonly #call: Call;

  constructor(client: RedisClient, keys: Keys, call: Call) {
    this.#client = client;
    this.#keys = keys;
    this.#call = call;
  }

  position(): Promise<number> {
    return this.#call(async () => Number((await this.#client.get(this.#keys.position)) ?? 0));
  }

  async documents(keys: readonly string[]): Promise<readonly (StoredDocument | null)[]> {
    if (keys.length === 0) return [];
    const byKind = [...Map.groupBy(keys, kindOf)];
    const found = await this.#call(() =>
      Promise.all([
        this.#client.zmscore(this.#keys.due, [...keys]),
        ...byKind.map(([kind, own]) => this.#fields(this.#keys.documents(kind), own)),
      ]),
    );
    const [dues, ...values] = found as [(string | null)[], ...(string | null)[][]];
    const valueByKey = new Map(
      byKind.flatMap(([, own], kind) => own.map((key, at) => [key, values[kind]?.[at] ?? null])),
    );
    return keys.map((key, at) => {
      const value = valueByKey.get(key) ?? null;
      return value === null ? null : { key, value, due: numberOrNull(dues[at]) };
    });
  }

  /** Of a hash; names as one list, since a call has no room for as many arguments. */
  #fields(hash: string, names: readonly string[]): Promise<(string | null)[]> {
    return this.#client.call('HMGET', [hash, ...names]) as Promise<(string | null)[]>;
  }

  due(untilMs: number, most: number): Promise<readonly string[]> {
    return this.#call(() => this.#client.zrangebyscore(this.#keys.due, '-inf', untilMs, 'LIMIT', 0, most));
  }

  async *scan(prefix: string): AsyncIterable<StoredDocument> {
    const kinds = prefix.includes('|') ? [kindOf(prefix)] : await this.#kinds();
    const names = await Promise.all(
      kinds.map((kind) => this.#call(() => this.#client.hkeys(this.#keys.documents(kind)))),
    );
    const keys = names
      .flat()
      .filter((key) => key.startsWith(prefix))
      .sort(compareKeys);
    for (let from = 0; from < keys.length; from += pageKeys) {
      // what was deleted meanwhile is not there any more
      for (const found of await this.documents(keys.slice(from, from + pageKeys))) if (found !== null) yield found;
    }
  }

  #kinds(): Promise<string[]> {
    return this.#call(() => this.#client.smembers(this.#keys.kinds));
  }

  async cells(keys: readonly string[]): Promise<readonly (readonly number[] | null)[]> {
    const byGroup = [...Map.groupBy(keys, (key) => splitCell(key)[0])];
    const found = await this.#call(() =>
      Promise.all(byGroup.map(([group, own]) => this.#fields(this.#keys.cells(group), own.flatMap(countersOf)))),
    );
    const fields = new Map(
      byGroup.flatMap(([, own], group) => own.map((key, at) => [key, fieldsAt(found[group], at)])),
    );
    return keys.map((key) => fields.get(key) ?? null);
  }

  async *scanCells(): AsyncIterable<readonly [key: string, fields: readonly number[]]> {
    const groups = await this.#call(() => this.#client.smembers(this.#keys.groups));
    const keys = new Set<string>();
    for (const group of groups) {
      const names = await this.#call(() => this.#client.hkeys(this.#keys.cells(group)));
      for (const name of names) keys.add(group + startOfCounter(name));
    }
    const ordered = [...keys].sort(compareKeys);
    for (let from = 0; from < ordered.length; from += pageKeys) {
      const page = ordered.slice(from, from + pageKeys);
      for (const [at, fields] of (await this.cells(page)).entries()) if (fields !== null) yield [page[at]!, fields];
    }
  }

  async apply(step: StateStep): Promise<StepResult> {
    checkStep(step);
    const { position, due, kinds, groups } = this.#keys;
    const words = argumentsOf(this.#keys, step);
    const scripted = this.#client as unknown as Scripted;
    const found = await this.#call(() => scripted.applyStep(position, due, kinds, groups, words));
    return found === -1 ? { outcome: 'applied' } : { outcome: 'stale', position: found };
  }
}

function numberOrNull(text: string | null | undefined): number | null {
  return text === null || text === undefined ? null : Number(text);
}

function countersOf(key: string): string[] {
  const [, start] = splitCell(key);
  return Array.from({ length: cellFields }, (_, field) => counterName(start, field));
}

/** The fields of the cell at a place of the answer; null where all are zero. */
function fieldsAt(counters: readonly (string | null)[] | undefined, at: number): readonly number[] | null {
  const own = counters?.slice(at * cellFields, (at + 1) * cellFields) ?? [];
  return own.some((counter) => counter !== null) ? own.map((counter) => Number(counter ?? 0)) : null;
}

/** Removes the keys of a namespace from every server, in steps that leave others their turn. */
async function drop(client: RedisClient, namespace: string): Promise<void> {
  const pattern = `${keyPrefix}{${encodeURIComponent(namespace).replace(/[*?[\]\\]/g, '\\$&')}:*`;
  for (const master of mastersOf(client)) {
    let cursor = '0';
    do {
      const [next, keys] = await master.scan(cursor, 'MATCH', pattern, 'COUNT', sweepKeys);
      // one at a time, and by the client: in a cluster two of them may lie in two slots, which may be on their way elsewhere
      await Promise.all(keys.filter((key) => isOf(namespace, key)).map((key) => client.unlink(key)));
      cursor = next;
    } while (cursor !== '0');
  }
}
