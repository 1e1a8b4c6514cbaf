import { ConfigError } from './config/load-config';

/** Runs the `main` of a process. When it fails, writes the reason to standard error, whatever the log level, and exits with 1. */
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
