#!/usr/bin/env node
// The command. Needs Node 24: npm scripts and npx find it in node_modules/.bin before the system's own.
import module from 'node:module';
import { join } from 'node:path';
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

// What runs for weeks should be small rather than a little faster: half the memory for a quarter more time. V8 hears of the room
// for what is new at its start alone, so the process starts anew in its own place.
const runsForWeeks = ['start', 'work'].includes(process.argv[2]);
const small = '--max-semi-space-size=2';
if (runsForWeeks && process.platform !== 'win32' && !process.execArgv.includes(small))
  process.execve(
    process.execPath,
    [process.execPath, ...process.execArgv, small, ...process.argv.slice(1)],
    process.env,
  );
if (runsForWeeks) setFlagsFromString('--heap-growing-percent=20');
// what is old is looked through when it has grown by half more than itself, for the memory
if (process.argv[2] === 'backtest') setFlagsFromString('--heap-growing-percent=150');

// A command that answers at once spends half of its time on compiling. Where the folder cannot be written, it goes on doing so.
module.enableCompileCache(join(import.meta.dirname, '../../../node_modules/.cache/gapwatch'));

const { main } = await import('../src/cli.ts');
process.exitCode = await main(process.argv.slice(2));
