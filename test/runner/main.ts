import path from 'node:path';

import type { VitestRunMode } from 'vitest/node';

import { filesAbout, knownWords } from './find-tests';

const MODE: VitestRunMode = 'test';
/** The projects of `vitest.config.mts` that `npm test` runs. */
const DAILY = ['fast', 'stack', 'sample'];

/**
 * `npm test` and `npm run drills`. Words choose files, and with them projects: no server is started unless a chosen file
 * needs it. What begins with a dash goes to Vitest.
 */
async function main(): Promise<void> {
  const { createVitest, parseCLI, startVitest } = await import('vitest/node');
  const { filter: words, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)]);
  const all = { ...options, project: options.project ?? DAILY };
  if (words.length === 0) return run(all, []);

  const probe = await createVitest(MODE, { ...all, watch: false });
  const found = (await probe.globTestSpecifications()).map(({ moduleId, project }) => ({
    file: path.relative(process.cwd(), moduleId).replaceAll(path.sep, '/'),
    project: project.name,
  }));
  await probe.close();
  const files = found.map(({ file }) => file);
  const unknown = words.filter((word) => filesAbout(word, files).length === 0);
  if (unknown.length > 0) {
    const known = knownWords(files).join(', ');
    process.stderr.write(
      `No test is about ${unknown.join(', ')}. Words: ${known}, or any part of a file's path.\n`,
    );
    process.exitCode = 1;
    return;
  }
  const chosen = new Set(words.flatMap((word) => filesAbout(word, files)));
  const needed = found.filter(({ file }) => chosen.has(file)).map(({ project }) => project);
  return run({ ...options, project: [...new Set(needed)] }, [...chosen]);

  async function run(settings: typeof options, filters: string[]): Promise<void> {
    const vitest = await startVitest(MODE, filters, settings);
    await vitest.exit();
  }
}

void main();
