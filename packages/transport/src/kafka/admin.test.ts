// A cluster that takes a new topic before all of it knows the topic, and before anybody leads its partitions.
import type { Admin, Kafka } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { KafkaAdmin } from './admin.ts';
import { TopicNames } from './names.ts';

/** What a cluster answers about a topic, one look after the other; the last answer stays. */
type Look = 'absent' | 'unknown' | 'not led' | number;

function adminOf(looks: readonly Look[]) {
  const calls: string[] = [];
  const look = () => looks[Math.min(calls.filter((call) => call === 'look').length, looks.length) - 1];
  const admin = {
    connect: async () => {},
    createTopics: async () => calls.push('create'),
    listTopics: async () => {
      calls.push('look');
      return look() === 'absent' ? [] : ['g.signals'];
    },
    fetchTopicMetadata: async () => {
      if (look() === 'unknown') throw fault('UNKNOWN_TOPIC_OR_PARTITION');
      const length = Number(look()) || 1;
      return { topics: [{ name: 'g.signals', partitions: Array.from({ length }, () => ({})) }] };
    },
    fetchTopicOffsets: async () => {
      if (look() === 'not led') throw fault('NOT_LEADER_FOR_PARTITION');
      return [];
    },
  } as unknown as Admin;
  const kafka = { admin: () => admin } as unknown as Kafka;
  return { calls, admin: new KafkaAdmin(kafka, new TopicNames('g.'), () => 0) };
}

function fault(type: string): Error {
  return Object.assign(new Error(type), { type, retriable: true });
}

describe('a new topic', () => {
  it('is waited for until the cluster knows it and leads its partitions', async () => {
    const { admin, calls } = adminOf(['absent', 'absent', 'unknown', 'not led', 4]);
    await admin.create('signals', 4);
    expect(calls).toEqual(['look', 'create', 'look', 'look', 'look', 'look']);
  });

  it('that somebody else made first with another number is refused', async () => {
    const { admin } = adminOf(['absent', 'unknown', 12]);
    await expect(admin.create('signals', 4)).rejects.toThrow('12');
  });
});
