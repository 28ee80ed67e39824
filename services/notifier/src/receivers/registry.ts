// Every type of receiver by its name; what is wrong with the receivers of a configuration; and the ones it names, ready.
import { type Configuration, type ReceiverSettings, receiverSettingsSchema, unknownStage } from '@gapwatch/contracts';
import type { SchemaAt } from '@gapwatch/core';
import { type Environment, EnvironmentError, readSecret, secretName } from '@gapwatch/runtime';
import { z } from 'zod';
import type { Receiver, ReceiverContext, ReceiverType } from './define.ts';
import { terminal } from './terminal.ts';
import { webhook } from './webhook.ts';

export const receiverTypes: ReadonlyMap<string, ReceiverType> = new Map(
  [terminal, webhook].map((receiver) => [receiver.type, receiver]),
);

/** On by default; a receiver of the same id takes its place. */
const usual: ReceiverSettings = { id: 'terminal', type: 'terminal' };

/** The schema of each configured receiver: its own options beside those that all share. */
export function receiverSchemas({ receivers = [], stages }: Configuration): readonly SchemaAt[] {
  const known = stages === undefined ? null : [...stages.map(({ id }) => id), unknownStage];
  return receivers.map(({ type }, index) => ({ path: ['receivers', index], schema: schemaOf(type, known) }));
}

/** The schema of a configured receiver of each type, for the JSON Schema of the configuration. */
export function receiverTypeSchemas(): readonly z.ZodObject[] {
  return [...receiverTypes.values()].map((receiver) => fullSchema(receiver, null));
}

function schemaOf(type: string, stages: readonly string[] | null): z.ZodType {
  const receiver = receiverTypes.get(type);
  if (receiver !== undefined) return fullSchema(receiver, stages);
  const error = () =>
    `no receiver is called ${JSON.stringify(type.slice(0, 60))}; there are ${[...receiverTypes.keys()].join(', ')}`;
  return z.looseObject({ type: z.literal([...receiverTypes.keys()], { error }) });
}

function fullSchema({ type, settings }: ReceiverType, stages: readonly string[] | null): z.ZodObject {
  const shared = { ...receiverSettingsSchema.shape, type: z.literal(type) };
  const watched = stages === null ? shared.stages : z.array(z.enum(stages)).min(1).optional();
  return settings.safeExtend({ ...shared, stages: watched });
}

export type ReceiverOptions = Pick<ReceiverContext, 'clock' | 'write'> & {
  readonly configuration: Pick<Configuration, 'stages'>;
  readonly receivers: readonly ReceiverSettings[];
  readonly environment: Environment;
};

/**
 * The receivers of a configuration and the terminal, ready to send.
 * @throws EnvironmentError naming every variable whose secret is missing or malformed
 */
export function createReceivers(options: ReceiverOptions): readonly Receiver[] {
  const named = options.receivers;
  const all = named.some(({ id }) => id === usual.id) ? named : [usual, ...named];
  const faults: string[] = [];
  const receivers = all.flatMap((settings) => {
    try {
      return [createReceiver(settings, options)];
    } catch (error) {
      if (!(error instanceof EnvironmentError)) throw error;
      faults.push(...error.faults);
      return [];
    }
  });
  if (faults.length > 0) throw new EnvironmentError(faults);
  return receivers;
}

function createReceiver(settings: ReceiverSettings, options: ReceiverOptions): Receiver {
  const { id, type, stages, ...own } = settings;
  const receiver = receiverTypes.get(type);
  if (receiver === undefined) throw new RangeError(`no receiver is called ${JSON.stringify(type)}`);
  const name = secretName('RECEIVER', id);
  try {
    const send = receiver.create(own, contextOf(name, id, options));
    return { id, stages: stages === undefined ? null : new Set(stages), send };
  } catch (error) {
    // what a type says against its secret, which it does not repeat
    if (error instanceof RangeError) throw new EnvironmentError([`${name}: ${error.message}`]);
    throw error;
  }
}

function contextOf(name: string, id: string, options: ReceiverOptions): ReceiverContext {
  const { configuration, environment, clock, write } = options;
  const stages = new Map(configuration.stages?.map((stage) => [stage.id, stage]));
  return {
    clock,
    write,
    stageOf: (stage) => ({ name: stages.get(stage)?.name ?? stage, owner: stages.get(stage)?.owner ?? null }),
    secret: () => {
      const secret = readSecret(environment, name);
      if (secret !== null) return secret;
      const fault = `${name} is not set: the receiver ${id} needs its secret there, or in the file that ${name}_FILE names`;
      throw new EnvironmentError([fault]);
    },
  };
}
