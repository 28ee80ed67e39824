export { RedisAway, RedisRefused } from './faults.ts';
export { openRedisState, type RedisStateOptions } from './state.ts';
