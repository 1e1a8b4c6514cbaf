import { readdirSync, readFileSync } from 'node:fs';

/** Which part of the stack a process is, by its command line. */
const PARTS: readonly (readonly [string, RegExp])[] = [
  ['api', /api\/main\.js/],
  ['worker', /workers\/main\.js/],
  ['bare worker', /bare-worker\.js/],
  ['bare koa', /bare-koa\.js/],
  ['sandbox', /providers\/main\.js/],
  ['temporal', /temporal.*start-dev/],
  ['postgres', /postgres/],
  ['redis', /redis-server|valkey-server/],
];
const TICKS_PER_SECOND = 100;

/**
 * CPU seconds so far by part: of this process's descendants and of itself (`load`). Linux only; elsewhere it is empty, and the
 * report leaves the figure out.
 */
export function cpuSeconds(): Map<string, number> {
  const used = new Map<string, number>();
  const own = process.cpuUsage();
  used.set('load', (own.user + own.system) / 1e6);
  for (const { command, seconds } of descendants()) {
    const part = PARTS.find(([, pattern]) => pattern.test(command))?.[0];
    if (part) used.set(part, (used.get(part) ?? 0) + seconds);
  }
  return used;
}

function descendants(): { command: string; seconds: number }[] {
  const processes = readProcesses();
  const family = new Set([process.pid]);
  for (let grew = true; grew;) {
    grew = false;
    for (const { pid, parent } of processes) {
      if (family.has(parent) && !family.has(pid)) grew = Boolean(family.add(pid));
    }
  }
  return processes.filter(({ pid }) => family.has(pid) && pid !== process.pid);
}

/** A parent's time includes that of children that have ended, such as Postgres' backends of closed connections. */
function readProcesses(): { pid: number; parent: number; command: string; seconds: number }[] {
  let names: string[];
  try {
    names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]!.split(' ');
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
      return [{ pid: Number(name), parent: Number(fields[1]), command, seconds: ticks / TICKS_PER_SECOND }];
    } catch {
      return [];
    }
  });
}
