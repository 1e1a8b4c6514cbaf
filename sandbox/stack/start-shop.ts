import { join } from 'node:path';

import { environmentWith } from '../../platform/config/environment';
import { consoleLine } from './console-line';
import type { LaunchSpec } from './launch';
import { followLog } from './log-tail';
import { httpAnswers } from './probes';
import type { RunningProgram } from './program';
import { usersOf } from './reload';
import type { ShopProcess, ShopSettings } from './shop-settings';
import type { Stack } from './start-stack';
import { hasFreshBundle } from './workflow-bundle-file';

const DIST = join(__dirname, '../..');
/** A little more than the processes give themselves (STOP_LIMIT_MS). */
const STOP_LIMIT_MS = 35_000;
const SHOP_RANK = 2;

/**
 * Prepares Postgres and Temporal (migrations, namespace, search attributes, schedules), seeds the catalogue and starts the
 * shop's processes, which are restarted when they end. Resolves when all of them are ready.
 *
 * @returns brings changed source files, which are compiled already, into the running processes
 */
export async function startShop(
  stack: Stack,
  settings: ShopSettings,
  report: (text: string) => void,
): Promise<(changed: readonly string[]) => Promise<void>> {
  await Promise.all([setUp(stack, settings), bundleWorkflows(stack, settings)]);
  report('migrations, namespace, search attributes and schedules are in place');
  const programs = new Map<string, RunningProgram>();
  await Promise.all([
    command(stack, settings, 'seed').then(() => report('the catalogue is seeded')),
    ...settings.processes.map(async (it) => {
      programs.set(it.name, await startProcess(stack, settings, it, report));
      report(`${it.name} is up`);
    }),
  ]);
  return async (changed) => {
    if (changed.some((file) => file.startsWith('entities/migrations/'))) await setUp(stack, settings);
    await bundleWorkflows(stack, settings);
    const users = usersOf(changed).flatMap((name) => programs.get(name) ?? []);
    await Promise.all(users.map((program) => program.restart()));
  };
}

/** Built once, a worker that was killed is back a second earlier. */
async function bundleWorkflows(stack: Stack, { variables }: ShopSettings): Promise<void> {
  if (hasFreshBundle(DIST)) return;
  await stack.runToEnd(nodeProgram(stack, 'bundle', 'workers/build-bundle.js', variables));
}

/** The only one that connects as the owner. */
function setUp(stack: Stack, settings: ShopSettings): Promise<void> {
  const variables = { ...settings.variables, DATABASE_OWNER_URL: stack.databaseOwnerUrl };
  return command(stack, { ...settings, variables }, 'set-up');
}

function command(stack: Stack, { variables }: ShopSettings, name: string): Promise<void> {
  return stack.runToEnd(nodeProgram(stack, name, `commands/${name}.js`, variables));
}

async function startProcess(
  stack: Stack,
  { variables }: ShopSettings,
  { name, file, health }: ShopProcess,
  report: (text: string) => void,
): Promise<RunningProgram> {
  const program = nodeProgram(stack, name, file, variables);
  followLog(program.logFile, (line) => {
    const shown = consoleLine(name, line);
    if (shown !== undefined) report(shown);
  });
  return stack.run({ ...program, isReady: () => httpAnswers(health), readyLimitMs: 60_000, restart: true });
}

function nodeProgram(
  stack: Stack,
  name: string,
  file: string,
  variables: Readonly<Record<string, string>>,
): LaunchSpec {
  return {
    name,
    command: process.execPath,
    arguments: [join(DIST, file)],
    environment: environmentWith(variables),
    directory: stack.directory,
    logFile: stack.logFile(name),
    stopSignal: 'SIGTERM',
    stopLimitMs: STOP_LIMIT_MS,
    rank: SHOP_RANK,
  };
}

/** Compiles what has changed. Rejects with the compiler's words when it finds a mistake. */
export function compile(stack: Stack, { variables }: ShopSettings): Promise<void> {
  const program = nodeProgram(stack, 'compile', '', variables);
  const compiler = join(DIST, '../node_modules/typescript/bin/tsc');
  return stack.runToEnd({
    ...program,
    arguments: [compiler, '--pretty', 'false'],
    directory: join(DIST, '..'),
  });
}
