export type { HourVotes } from './ballots.ts';
export { correctHour } from './correct.ts';
export type { Decision } from './decision.ts';
export { describeStage } from './describe.ts';
export { closeHour } from './detector.ts';
export { acceptLevel } from './episode.ts';
export { type DetectorSettings, defaultSettings, detectorSettingsSchema } from './settings.ts';
export { newTenant, type StageState, type Tenant } from './state.ts';
