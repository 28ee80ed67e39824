export { canonicalJson, configurationHash } from './canonical-json.ts';
export type { LogLevel, Settings } from './environment.ts';
export { logLevels, readEnvironment } from './environment.ts';
export type { ConfigurationFault } from './faults.ts';
export { ConfigurationError } from './faults.ts';
export type { ConfigurationPart, LoadedConfiguration, LoadOptions } from './load.ts';
export { loadConfiguration, parseConfiguration } from './load.ts';
export type { Environment } from './secrets.ts';
export { EnvironmentError, readSecret, secretName } from './secrets.ts';
