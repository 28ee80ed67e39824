#!/usr/bin/env node
// The command. Needs Node 24: npm scripts and npx find it in node_modules/.bin before the system's own.
import { setFlagsFromString } from 'node:v8';

const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 24) {
  console.error(
    `gapwatch needs Node 24 or later, this is ${process.versions.node}: run it as \`npx gapwatch\` in the checkout, after \`npm ci\``,
  );
  process.exit(2);
}

// node:sqlite announces itself as experimental on every start, and kafkajs asks for a timer in the past on every connection;
// anything else that Node has to say is shown.
const quiet = /SQLite is an experimental feature|TimeoutNegativeWarning/;
const show = process.emitWarning.bind(process);
process.emitWarning = (warning, ...rest) => {
  if (!quiet.test(`${rest[0]?.type ?? rest[0] ?? warning?.name} ${warning}`)) show(warning, ...rest);
};

// What runs for weeks should be small rather than a little faster; a backtest is over soon and may take what it needs.
if (['start', 'work'].includes(process.argv[2])) setFlagsFromString('--optimize-for-size');

const { main } = await import('../src/cli.ts');
process.exitCode = await main(process.argv.slice(2));
