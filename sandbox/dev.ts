import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { loadConfig } from '../platform/config/load-config';
import { FolderInUseError } from './stack/folder-lock';
import { armedInSandboxes } from './stack/probes';
import { onSourceChange } from './stack/reload';
import { announce, withdraw } from './stack/running-file';
import { shopSettings } from './stack/shop-settings';
import { StackConfig } from './stack/stack-config';
import { compile, startShop } from './stack/start-shop';
import { startStack, type Stack } from './stack/start-stack';
import { onStopRequest } from './stack/stop-requests';
import { addressTable } from './stack/table';

const USAGE = `npm run dev [-- options]

  --reset     remove all data first, but not downloaded programs
  --servers   start only Postgres, Redis and Temporal, and print the variables for the shop's processes
  --no-reload do not restart processes when source files change
  --state <folder>
              keep everything in this folder instead of .asoud, for a second shop beside the first
  --help      show this
`;

const HOME = resolve(__dirname, '../../.asoud');
const startedAt = performance.now();

function report(text: string): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`${seconds.padStart(6)} s  ${text}\n`);
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) {
    process.stdout.write(USAGE);
    return;
  }
  const directory = options.state === undefined ? HOME : resolve(options.state);
  let stack: Stack | undefined;
  let stopping = false;

  /** Stops in order, users before what they use. While the stack is still starting, its watchdog does this. */
  async function stop(exitCode: number): Promise<never> {
    if (stopping || !stack) process.exit(exitCode);
    stopping = true;
    withdraw(directory);
    await stack.stop();
    process.exit(exitCode);
  }
  onStopRequest((again) => {
    report(again ? 'stopping by force' : 'stopping');
    void stop(again ? 1 : 0);
  });
  // Without a handler, writing to a closed terminal would end this process before it has stopped in order.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

  try {
    const { stack: config } = loadConfig({ stack: StackConfig });
    stack = await startStack({
      directory,
      cache: join(HOME, 'cache'),
      ui: true,
      reset: options.reset,
      config,
      report,
    });
    withdraw(directory); // A launcher that was killed left its file.
    const settings = await shopSettings(stack);
    if (options.servers) {
      process.stdout.write(
        variableLines({ ...settings.variables, DATABASE_OWNER_URL: stack.databaseOwnerUrl }),
      );
      return;
    }
    const reload = await startShop(stack, settings, report);
    const {
      temporalUiUrl,
      temporalAddress,
      databaseUrl,
      databaseOwnerUrl,
      databaseMaintenanceUrl,
      redisUrl,
    } = stack;
    const {
      apiUrl,
      realtimeUrl,
      zarinpalUrl,
      smsIrUrl,
      kavenegarUrl,
      twilioUrl,
      s3Url,
      supplierUrl,
      smsInboxUrl,
      temporalNamespace,
    } = settings;
    const addresses = {
      pid: process.pid,
      apiUrl,
      realtimeUrl,
      ...{ zarinpalUrl, smsIrUrl, kavenegarUrl, twilioUrl, s3Url, supplierUrl, smsInboxUrl },
      temporalUiUrl,
      temporalAddress,
      temporalNamespace,
      databaseUrl,
      databaseOwnerUrl,
      databaseMaintenanceUrl,
      redisUrl,
    };
    // Before anybody is told that the shop is up: a change that comes at once must not be missed.
    if (!options['no-reload']) {
      const running = stack;
      onSourceChange(resolve(__dirname, '../..'), report, async (changed) => {
        await compile(running, settings);
        await reload(changed);
      });
    }
    announce(directory, addresses);
    const seconds = (performance.now() - startedAt) / 1000;
    const shown = options.state ?? relative(process.cwd(), HOME);
    const armed = await armedInSandboxes(settings);
    process.stdout.write(addressTable({ addresses, seconds, directory: shown, armed }));
    process.send?.(addresses);
  } catch (error) {
    if (stopping) return;
    process.stderr.write(`\n${explain(error)}\n`);
    await stop(1);
  }
}

interface Options {
  readonly reset: boolean;
  readonly servers: boolean;
  readonly 'no-reload': boolean;
  readonly state?: string | undefined;
  readonly help: boolean;
}

function readOptions(): Options {
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      options: { reset: flag, servers: flag, 'no-reload': flag, state: { type: 'string' }, help: flag },
    }).values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

/** For a shell in which somebody starts a process by hand, for instance in a debugger. */
function variableLines(variables: Readonly<Record<string, string>>): string {
  const lines = Object.entries(variables).map(
    ([name, value]) => `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'`,
  );
  return ['', ...lines, '', 'Ctrl-C stops the servers.', ''].join('\n');
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof FolderInUseError)) return error.message;
  return `${error.message}\nStop it with Ctrl-C first, or run a second shop beside it: npm run dev -- --state <another folder>`;
}

void main();
