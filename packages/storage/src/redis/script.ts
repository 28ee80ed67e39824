// The one script that writes. It compares the position and writes what it is told; it decides nothing.
import type { StateStep } from '../port.ts';
import { counterName, type Keys, kindOf, splitCell } from './keys.ts';

/**
 * KEYS: position, due, kinds, groups. ARGV: expected, next, number of kinds, then for each its hash, its name, how many
 * documents are put and how many deleted, of those that are put key, due (empty: none) and value, of the others the key; then
 * for each group of cells its hash, its name, how many counters, and of each its name and its change. Answers the position
 * that it found, or -1 where it wrote. A call takes as many words as Lua has room for.
 */
export const applyScript = `
local position = tonumber(redis.call('GET', KEYS[1]) or '0')
if position ~= tonumber(ARGV[1]) then return position end
local function call(command, key, words)
  for from = 1, #words, 4000 do
    redis.call(command, key, unpack(words, from, math.min(from + 3999, #words)))
  end
end
local at = 4
local due, gone = {}, {}
for _ = 1, tonumber(ARGV[3]) do
  local hash, kind, puts, deletes = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  at = at + 4
  local values = {}
  for _ = 1, puts do
    local key = ARGV[at]
    values[#values + 1], values[#values + 2] = key, ARGV[at + 2]
    if ARGV[at + 1] == '' then gone[#gone + 1] = key
    else due[#due + 1], due[#due + 2] = ARGV[at + 1], key end
    at = at + 3
  end
  local deleted = {}
  for _ = 1, deletes do
    deleted[#deleted + 1], gone[#gone + 1] = ARGV[at], ARGV[at]
    at = at + 1
  end
  if puts > 0 then redis.call('SADD', KEYS[3], kind) end
  call('HSET', hash, values)
  call('HDEL', hash, deleted)
end
call('ZADD', KEYS[2], due)
call('ZREM', KEYS[2], gone)
while at < #ARGV do
  local hash, group, last = ARGV[at], ARGV[at + 1], at + 1 + 2 * tonumber(ARGV[at + 2])
  local counts = false
  for counter = at + 3, last, 2 do
    if redis.call('HINCRBY', hash, ARGV[counter], ARGV[counter + 1]) == 0 then redis.call('HDEL', hash, ARGV[counter])
    else counts = true end
  end
  if counts then redis.call('SADD', KEYS[4], group) end
  at = last + 2
end
redis.call('SET', KEYS[1], ARGV[2])
return -1
`;

/** The arguments of {@link applyScript} for one step. */
export function argumentsOf(keys: Keys, step: StateStep): string[] {
  const kinds = Map.groupBy(lastOfEach(step), ({ key }) => kindOf(key));
  const words = [String(step.expected), String(step.next), String(kinds.size)];
  for (const [kind, documents] of kinds) {
    const put: string[] = [];
    const deleted: string[] = [];
    for (const { key, value, due } of documents) {
      if (value === null) deleted.push(key);
      else put.push(key, due === null ? '' : String(due), value);
    }
    words.push(keys.documents(kind), kind, String(put.length / 3), String(deleted.length));
    for (const word of put) words.push(word);
    for (const key of deleted) words.push(key);
  }
  for (const [group, counters] of countersOf(step)) {
    words.push(keys.cells(group), group, String(counters.length / 2));
    for (const word of counters) words.push(word);
  }
  return words;
}

/** A document that is put and deleted in one step is what it was last. */
function lastOfEach({ documents }: StateStep): Iterable<StateStep['documents'][number]> {
  return new Map(documents.map((document) => [document.key, document])).values();
}

/** Names and changes of counters by the group of their cells. */
function countersOf({ cells }: StateStep): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [key, fields] of cells) {
    const [group, start] = splitCell(key);
    const counters = groups.get(group) ?? [];
    groups.set(group, counters);
    fields.forEach((change, field) => {
      if (change !== 0) counters.push(counterName(start, field), String(change));
    });
  }
  return groups;
}
