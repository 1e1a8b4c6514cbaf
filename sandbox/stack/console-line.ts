const LOUD = new Set(['warn', 'error', 'fatal']);

interface LogEntry {
  readonly level?: string;
  readonly msg?: string;
  readonly err?: { readonly message?: string };
  readonly orderId?: string;
}

/**
 * What the console shows of a log line: a warning or error in short, with its order. Undefined for other lines, which stay in
 * the file. Crashes are reported when the process ends.
 */
export function consoleLine(program: string, line: string): string | undefined {
  const { level = '', msg = '', err, orderId } = parse(line) ?? {};
  if (!LOUD.has(level)) return undefined;
  const detail = err?.message === undefined || err.message === msg ? '' : `: ${err.message}`;
  const subject = orderId === undefined ? '' : ` (order ${orderId})`;
  return `${program}  ${level}  ${msg}${detail}${subject}`;
}

function parse(line: string): LogEntry | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as LogEntry;
  } catch {
    return undefined;
  }
}
