export { RedisAway, RedisRefused } from './faults.ts';
export { describeRedis, type RedisServer } from './server.ts';
export { openRedisState, type RedisStateOptions } from './state.ts';
