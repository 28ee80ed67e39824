// The one script that writes. It compares the position and writes what it is told; it decides nothing.
import type { StateStep } from '../port.ts';
import { counterName, type Keys, kindOf, splitCell } from './keys.ts';

/**
 * KEYS: position, due, kinds, groups. ARGV: expected, next, number of documents, then for each its hash, kind, key, due
 * (empty: none) and value (absent where it is deleted: the flag before it is 0), then for each counter its hash, group, name
 * and change. Answers the position that it found, or -1 where it wrote.
 */
export const applyScript = `
local position = tonumber(redis.call('GET', KEYS[1]) or '0')
if position ~= tonumber(ARGV[1]) then return position end
local at = 4
for _ = 1, tonumber(ARGV[3]) do
  local hash, kind, key, due = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  if ARGV[at + 4] == '1' then
    redis.call('HSET', hash, key, ARGV[at + 5])
    redis.call('SADD', KEYS[3], kind)
    if due == '' then redis.call('ZREM', KEYS[2], key) else redis.call('ZADD', KEYS[2], due, key) end
    at = at + 6
  else
    redis.call('HDEL', hash, key)
    redis.call('ZREM', KEYS[2], key)
    at = at + 5
  end
end
while at < #ARGV do
  local hash, name = ARGV[at], ARGV[at + 2]
  if redis.call('HINCRBY', hash, name, ARGV[at + 3]) == 0 then redis.call('HDEL', hash, name)
  else redis.call('SADD', KEYS[4], ARGV[at + 1]) end
  at = at + 4
end
redis.call('SET', KEYS[1], ARGV[2])
return -1
`;

/** The arguments of {@link applyScript} for one step. */
export function argumentsOf(keys: Keys, step: StateStep): string[] {
  const words = [String(step.expected), String(step.next), String(step.documents.length)];
  for (const { key, value, due } of step.documents) {
    const kind = kindOf(key);
    words.push(keys.documents(kind), kind, key, due === null ? '' : String(due));
    if (value === null) words.push('0');
    else words.push('1', value);
  }
  for (const [key, fields] of step.cells) {
    const [group, start] = splitCell(key);
    fields.forEach((change, field) => {
      if (change !== 0) words.push(keys.cells(group), group, counterName(start, field), String(change));
    });
  }
  return words;
}
