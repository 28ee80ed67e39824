// What a process counts of itself, for Prometheus. Labels name services, topics and sources, never a customer.
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { PartitionProgress, Service } from './service.ts';

export type Metrics = {
  readonly contentType: string;
  metrics(): Promise<string>;
  /** outcomes of records that a service folded or sent */
  count(service: string, outcome: string, records: number): void;
  /** what the world posted */
  received(source: string, outcome: string, items: number): void;
  /** whether a part answers */
  part(part: string, isUp: boolean): void;
  /** a partition of the service has stopped for good */
  stopped(service: string): void;
};

/** `services` are asked how far they are whenever somebody looks. */
export function createMetrics(services: () => readonly Service[]): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const records = new Counter({
    name: 'gapwatch_records_total',
    help: 'Records by what became of them',
    labelNames: ['service', 'outcome'],
    registers,
  });
  const received = new Counter({
    name: 'gapwatch_received_total',
    help: 'Payloads posted to a source by what was answered',
    labelNames: ['source', 'outcome'],
    registers,
  });
  const parts = new Gauge({
    name: 'gapwatch_part_up',
    help: 'Whether a part answers',
    labelNames: ['part'],
    registers,
  });
  const stopped = new Gauge({
    name: 'gapwatch_partitions_stopped',
    help: 'Partitions that have stopped and wait for somebody to look',
    labelNames: ['service'],
    registers,
  });
  gaugePartitions(registry, services, 'gapwatch_lag_records', 'Records not read yet', (at) => at.high - at.position);
  gaugePartitions(registry, services, 'gapwatch_position', 'Offset to be read next', (at) => at.position);
  return {
    contentType: registry.contentType,
    metrics: () => registry.metrics(),
    count: (service, outcome, number) => records.inc({ service, outcome }, number),
    received: (source, outcome, number) => received.inc({ source, outcome }, number),
    part: (part, isUp) => parts.set({ part }, isUp ? 1 : 0),
    stopped: (service) => stopped.inc({ service }),
  };
}

function gaugePartitions(
  registry: Registry,
  services: () => readonly Service[],
  name: string,
  help: string,
  value: (progress: PartitionProgress) => number,
): void {
  new Gauge({
    name,
    help,
    labelNames: ['service', 'topic', 'partition'],
    registers: [registry],
    collect() {
      for (const service of services()) {
        for (const progress of service.progress()) {
          const { topic, partition } = progress;
          this.set({ service: service.name, topic, partition }, value(progress));
        }
      }
    },
  });
}
