import { ConfigError } from './config/load-config';

/** Runs a process's `main`. When it cannot start, says why on standard error, whatever is configured, and ends with 1. */
export async function runProcess(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const reason =
      error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${reason}\n`);
    process.exit(1);
  }
}
