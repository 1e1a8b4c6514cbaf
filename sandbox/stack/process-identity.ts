import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { environmentWith } from '../../platform/config/environment';

/**
 * What tells a running process from a later one that was given the same number: the moment it began. Undefined
 * when no such process runs; one that has ended but was not yet reaped by its parent counts as ended.
 */
export function identityOf(pid: number): string | undefined {
  return process.platform === 'linux' ? identityFromProc(pid) : identityFromPs(pid);
}

/** Whether the process that had this identity still runs. */
export function isRunning(pid: number, identity: string): boolean {
  return identityOf(pid) === identity;
}

function identityFromProc(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The name in parentheses may itself hold spaces and parentheses; state is the first field after it, the start
  // time in clock ticks since boot the twentieth.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startedAt] = [fields[0], fields[19]];
  if (state === 'Z' || state === 'X' || startedAt === undefined) return undefined;
  return `${bootId()}:${startedAt}`;
}

function identityFromPs(pid: number): string | undefined {
  const { stdout, status } = spawnSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: environmentWith({ LC_ALL: 'C', TZ: 'UTC' }), // Who asks must not change how the moment is written.
  });
  const text = (stdout ?? '').trim();
  if (status !== 0 || text === '' || text.startsWith('Z')) return undefined;
  return text.slice(text.search(/\s/)).trim();
}

let knownBootId: string | undefined;

/** Start times count from boot, so the same number after a reboot must not look like the same process. */
function bootId(): string {
  knownBootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return knownBootId;
}
