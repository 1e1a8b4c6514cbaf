import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { startGuard } from './guard';
import { launch, type LaunchSpec } from './launch';
import { rotateLog } from './log-file';
import { bringPostgres, bringRedis, bringTemporal } from './neighbours';
import { rememberedPorts, throwAwayPorts, type Ports } from './ports';
import { ProgramError, startProgram, type ProgramSpec, type RunningProgram } from './program';
import { keepSecrets, type StackSecrets } from './secrets';
import { postgresUser } from './server-user';
import { StackConfig } from './stack-config';
import { openRunFolder, openStateFolder } from './state-folder';

export interface StackOptions {
  /** The state folder of the clone, `<project>/.asoud`. */
  readonly directory: string;
  /**
   * A throw-away stack on free ports, in its own folder below `directory`, beside whatever runs there. It is faster, because it
   * need not survive a power failure. Nothing is restarted, and everything is removed at the end.
   */
  readonly ephemeral?: boolean;
  /** Whether Temporal's web UI runs too. */
  readonly ui?: boolean;
  /** Removes all state first, except downloaded programs. */
  readonly reset?: boolean;
  /** Your own servers, and programs to use. */
  readonly config?: StackConfig;
  /** The folder of downloaded programs; `cache` below the directory by default. */
  readonly cache?: string;
  /** Progress, one short line each. */
  readonly report?: (text: string) => void;
}

/** The running servers of the shop. */
export interface Stack {
  /** The state of this stack and, in `logs`, the output of its programs. */
  readonly directory: string;
  /** The shop's database on the embedded Postgres for the role of the shop's processes, or DATABASE_URL. */
  readonly databaseUrl: string;
  /** The same for the owner, who migrates. */
  readonly databaseOwnerUrl: string;
  /** The same for the role that maintains it, or undefined for DATABASE_URL. */
  readonly databaseMaintenanceUrl: string | undefined;
  readonly redisUrl: string;
  readonly temporalAddress: string;
  /** The address of Temporal's web UI, if the embedded one runs. */
  readonly temporalUiUrl: string | undefined;
  readonly secrets: StackSecrets;
  readonly ports: Ports;
  /** The log file of a program. */
  readonly logFile: (name: string) => string;
  /** Runs another program in this stack. It stops with the stack, or by the watchdog when the launcher is killed. */
  readonly run: (spec: ProgramSpec) => Promise<RunningProgram>;
  /** Runs a program to its end. Rejects with ProgramError when it fails. */
  readonly runToEnd: (spec: LaunchSpec) => Promise<void>;
  /** Stops everything, users before what they use. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts Postgres, Redis and Temporal, or uses those of the configuration, and resolves when all three are ready. They never
 * outlive this process, however it ends. Throws FolderInUseError, MissingProgramError, ProgramError or another Error whose
 * message says what to do.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { directory: base, ephemeral = false, config = new StackConfig(), ui = false } = options;
  const { cache = join(base, 'cache'), report = () => undefined } = options;
  const user = config.databaseUrl === undefined ? postgresUser() : undefined;
  const folder = ephemeral
    ? await openRunFolder(base, cache, user)
    : await openStateFolder(base, cache, user, options.reset === true);
  const { directory } = folder;
  if (folder.forPostgres !== directory) {
    report(
      `Postgres runs as ${user?.name}, who cannot enter ${base}: its files are in ${folder.forPostgres}`,
    );
  }
  mkdirSync(join(directory, 'logs'), { recursive: true });
  const guard = startGuard(directory, folder.throwAway);
  const running: { readonly rank: number; readonly program: RunningProgram }[] = [];

  const parts = {
    directory,
    secrets: keepSecrets(join(directory, 'secrets.json')),
    ports: ephemeral ? throwAwayPorts() : rememberedPorts(join(directory, 'ports.json')),
    logFile(name: string): string {
      const file = join(directory, 'logs', `${name}.log`);
      rotateLog(file);
      return file;
    },
    async run(spec: ProgramSpec): Promise<RunningProgram> {
      const program = await startProgram(spec, guard, report);
      running.push({ rank: spec.rank, program });
      return program;
    },
    async runToEnd(spec: LaunchSpec): Promise<void> {
      const how = await launch(spec, guard).ended;
      if (how !== undefined) throw new ProgramError(spec, `failed (${how})`);
    },
    async stop(): Promise<void> {
      const ranks = [...new Set(running.map((it) => it.rank))].toSorted((a, b) => b - a);
      for (const rank of ranks) {
        await Promise.all(running.filter((it) => it.rank === rank).map((it) => it.program.stop()));
      }
      guard.release();
      folder.unlock();
    },
  };
  const context = { ...parts, folder, user, config, ephemeral, ui, report };
  const starts = [bringPostgres(context), bringRedis(context), bringTemporal(context)] as const;
  // Every start must have succeeded or failed before the running ones can be stopped.
  await Promise.allSettled(starts);
  try {
    const [postgres, redisUrl, temporal] = await Promise.all(starts);
    return {
      ...parts,
      ...postgres,
      redisUrl,
      temporalAddress: temporal.address,
      temporalUiUrl: temporal.uiUrl,
    };
  } catch (error) {
    await parts.stop();
    throw error;
  }
}
