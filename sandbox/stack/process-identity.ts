import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { environmentWith } from '../../platform/config/environment';

/**
 * The start time of a running process, which tells it from a later process with the same number. Undefined when no such
 * process runs. A process that has ended but was not yet reaped by its parent counts as ended.
 */
export function identityOf(pid: number): string | undefined {
  return process.platform === 'linux' ? identityFromProc(pid) : identityFromPs(pid);
}

/** Whether the process with this identity still runs. */
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
  // The name in parentheses may contain spaces and parentheses. After it, field 1 is the state and field 20 the start
  // time in clock ticks since boot.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startedAt] = [fields[0], fields[19]];
  if (state === 'Z' || state === 'X' || startedAt === undefined) return undefined;
  return `${bootId()}:${startedAt}`;
}

function identityFromPs(pid: number): string | undefined {
  const { stdout, status } = spawnSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: environmentWith({ LC_ALL: 'C', TZ: 'UTC' }), // The text must not depend on the caller's locale.
  });
  const text = (stdout ?? '').trim();
  if (status !== 0 || text === '' || text.startsWith('Z')) return undefined;
  return text.slice(text.search(/\s/)).trim();
}

/** The command line of a process; empty when it has ended. Small images of Linux have no `ps`. */
export function commandOf(pid: number): string {
  if (process.platform !== 'linux') {
    return spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

let knownBootId: string | undefined;

/** Start times count from boot. With this id, a process of another boot never looks like the same one. */
function bootId(): string {
  knownBootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return knownBootId;
}
