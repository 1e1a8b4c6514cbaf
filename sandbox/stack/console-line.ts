const LOUD = new Set(['warn', 'error', 'fatal']);

interface LogEntry {
  readonly level?: string;
  readonly msg?: string;
  readonly err?: { readonly message?: string };
}

/**
 * What the console shows of a line in a process's log: warnings and errors, in short. Undefined for the rest, which
 * stays in the file; how a crash ended is told when the process ends.
 */
export function consoleLine(program: string, line: string): string | undefined {
  const { level = '', msg = '', err } = parse(line) ?? {};
  if (!LOUD.has(level)) return undefined;
  const detail = err?.message === undefined || err.message === msg ? '' : `: ${err.message}`;
  return `${program}  ${level}  ${msg}${detail}`;
}

function parse(line: string): LogEntry | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as LogEntry;
  } catch {
    return undefined;
  }
}
