import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { vi } from 'vitest';

import { environmentWith } from '../../platform/config/environment';
import { isRunning } from '../../sandbox/stack/process-identity';
import type { Watched } from '../../sandbox/stack/stop-processes';
import { PATIENCE } from './patience';

/** `npm run dev` as a process of its own, with its state in a folder of the test. */
export interface Launcher {
  readonly pid: number;
  /** Everything it has printed so far. */
  output(): string;
  /** Waits until it has printed this. */
  prints(pattern: string | RegExp): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** The processes that it keeps running at the moment. */
  processes(): readonly Watched[];
  watchdog(): { readonly pid: number; readonly identity: string };
}

export interface LauncherOptions {
  /** The folder for `--state`. */
  readonly state: string;
  readonly options?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** The clone to start it from; this one unless told. */
  readonly clone?: string;
  /**
   * Starts it below a shell that passes no signals on, or below npm with the command of package.json, which is not compiled
   * again. `pid` and `kill` are then those of the shell or of npm.
   */
  readonly below?: 'shell' | 'npm';
  /** Whether it follows changes of the sources. Somebody may be at work in this clone. */
  readonly reload?: boolean;
}

const CLONE = join(__dirname, '../..');
/** A developer's shop may be running, so the usual ports are not tried. */
export const ANY_PORTS = {
  EMBEDDED_POSTGRES_PORT: '0',
  EMBEDDED_REDIS_PORT: '0',
  EMBEDDED_TEMPORAL_PORT: '0',
  EMBEDDED_TEMPORAL_UI_PORT: '0',
  API_PORT: '0',
  METRICS_PORT: '0',
  REALTIME_PORT: '0',
  REALTIME_METRICS_PORT: '0',
  WORKER_HEALTH_PORT: '0',
  WORKER_METRICS_PORT: '0',
  WORKER_SDK_METRICS_PORT: '0',
  SANDBOX_ZARINPAL_PORT: '0',
  SANDBOX_SMS_IR_PORT: '0',
  SANDBOX_KAVENEGAR_PORT: '0',
  SANDBOX_TWILIO_PORT: '0',
  SANDBOX_S3_PORT: '0',
  SANDBOX_SUPPLIER_PORT: '0',
  SANDBOX_SMS_INBOX_PORT: '0',
};

export function startLauncher(launcherOptions: LauncherOptions): Launcher {
  const { state, options = [], environment, clone = CLONE, below, reload = false } = launcherOptions;
  const [executable, ...parameters] = commandLine(below, clone, [
    '--state',
    state,
    ...(reload ? [] : ['--no-reload']),
    ...options,
  ]);
  const child = spawn(executable!, parameters, {
    cwd: below === 'npm' ? packageFor(state, clone) : undefined,
    env: environmentWith({
      ...ANY_PORTS,
      npm_lifecycle_event: below ? 'dev' : undefined,
      ...environment,
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let hasEnded = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  }
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => {
      hasEnded = true;
      resolve(signal ?? code ?? -1);
    });
  });
  return {
    pid: child.pid!,
    output: () => printed,
    async prints(pattern) {
      const found = () => (typeof pattern === 'string' ? printed.includes(pattern) : pattern.test(printed));
      await vi.waitUntil(() => found() || hasEnded, PATIENCE);
      if (!found()) throw new Error(`The launcher has ended without printing ${pattern}:\n${printed}`);
    },
    kill: (signal) => void child.kill(signal),
    ended,
    processes: () => readRegister(state).processes,
    watchdog: () => readRegister(state).watchdog,
  };
}

function commandLine(below: LauncherOptions['below'], clone: string, options: readonly string[]): string[] {
  if (below === 'npm') return ['npm', 'run', 'dev', '--', ...options];
  const command = [process.execPath, join(clone, 'dist/sandbox/dev.js'), ...options];
  return below === 'shell' ? ['/bin/sh', '-c', '"$@"; true', 'sh', ...command] : command;
}

/** A folder with a package.json whose `dev` is that of the clone, without its compiler. */
function packageFor(state: string, clone: string): string {
  const { scripts } = JSON.parse(readFileSync(join(clone, 'package.json'), 'utf8')) as {
    scripts: { dev: string };
  };
  const dev = scripts.dev.replace(/\btsc\b/, 'true').replace('dist/', join(clone, 'dist/'));
  const folder = `${state}-package`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts: { dev } }));
  return folder;
}

/** The processes that a launcher with its state in this folder keeps running at the moment. */
export function readRegister(state: string) {
  return JSON.parse(readFileSync(join(state, 'processes.json'), 'utf8')) as {
    watchdog: { pid: number; identity: string };
    processes: Watched[];
  };
}

/** Waits until none of these processes runs. */
export async function allGone(processes: readonly Pick<Watched, 'pid' | 'identity'>[]): Promise<void> {
  await vi.waitFor(() => {
    const alive = processes.filter(({ pid, identity }) => isRunning(pid, identity));
    if (alive.length > 0) throw new Error(`Still running: ${JSON.stringify(alive)}`);
  }, PATIENCE);
}
