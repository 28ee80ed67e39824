// gapwatch config: what stands in gapwatch.yaml.
import { configurationJsonSchema } from '@gapwatch/contracts';
import { sourceTypeSchemas } from '@gapwatch/core';
import { receiverTypeSchemas } from '@gapwatch/notifier';
import { Command } from 'commander';
import { configPlanCommand } from './config-plan.ts';

export function configCommand(): Command {
  const command = new Command('config').description('the configuration file');
  command
    .command('schema')
    .description('write the JSON Schema of gapwatch.yaml, for editors')
    .option('--json', 'the same: it is JSON')
    .action(writeSchema);
  command.addCommand(configPlanCommand());
  return command;
}

function writeSchema(): void {
  process.stdout.write(
    `${JSON.stringify(configurationJsonSchema(sourceTypeSchemas(), receiverTypeSchemas()), null, 2)}\n`,
  );
}
