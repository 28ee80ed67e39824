export { TopicInUse } from './admin.ts';
export { KafkaAway, KafkaRefused, RecordTooLarge } from './faults.ts';
export { type KafkaLog, type KafkaLogOptions, openKafkaLog, TimeIsTheBrokers } from './log.ts';
export { ConsumerCrashed } from './member.ts';
export type { KafkaSasl, KafkaSettings } from './settings.ts';
