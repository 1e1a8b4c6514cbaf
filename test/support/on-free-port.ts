import { anyFreePort } from '../../sandbox/stack/ports';

const TRIES = 5;

/**
 * For a server that must come back at the same port, where 0 does not do. Somebody else may take the port meanwhile: then
 * the work runs again with another one.
 */
export async function onFreePort<Result>(work: (port: number) => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work(await anyFreePort());
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || tries === TRIES) throw error;
    }
  }
}
