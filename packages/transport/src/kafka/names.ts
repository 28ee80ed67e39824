// Our names of topics and those in the cluster. A topic that a source names in full belongs to somebody else and keeps
// its name; ours carry the prefix of the installation.
import { rawTopic, topicNames } from '@gapwatch/contracts';

const ours: ReadonlySet<string> = new Set(Object.values(topicNames));
const rawPrefix = rawTopic('');

export class TopicNames {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  isOurs(topic: string): boolean {
    return ours.has(topic) || topic.startsWith(rawPrefix);
  }

  inCluster(topic: string): string {
    return this.isOurs(topic) ? this.#prefix + topic : topic;
  }

  /** Our name of a topic of the cluster. */
  fromCluster(name: string): string {
    const bare = name.startsWith(this.#prefix) ? name.slice(this.#prefix.length) : name;
    return this.isOurs(bare) ? bare : name;
  }

  group(service: string): string {
    return this.#prefix + service;
  }
}
