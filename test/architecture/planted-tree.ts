import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { FENCES_FILE } from './render-fences';

/** The root of the project, whose lint configuration is tried on other trees. */
export const ROOT = path.join(__dirname, '../..');

/** The tree has no node_modules, so it asks for no types of packages. */
const TYPE_AWARE = { target: 'es2023', module: 'nodenext', strict: true, types: [] };

/** What the linter says about one line of one file. */
export interface Finding {
  file: string;
  line: number;
  rule: string;
  /** The sentence of a fence; for other rules what the linter adds. */
  help: string;
}

interface OxlintDiagnostic {
  filename: string;
  code?: string;
  help?: string;
  message: string;
  labels: { span: { line: number } }[];
}

/**
 * Writes `files` (path to source) into an empty folder beside a copy of the project's lint configuration,
 * lints the lot in one run and removes the folder again.
 * @throws when the linter could not run, with what it printed.
 */
export function lintPlantedTree(files: Record<string, string>): Finding[] {
  const tree = mkdtempSync(path.join(realpathSync(tmpdir()), 'asoud-rooms-'));
  try {
    for (const name of ['.oxlintrc.json', FENCES_FILE]) cpSync(path.join(ROOT, name), path.join(tree, name));
    writeFileSync(path.join(tree, 'tsconfig.json'), JSON.stringify({ compilerOptions: TYPE_AWARE }));
    for (const [name, source] of Object.entries(files)) {
      mkdirSync(path.join(tree, path.dirname(name)), { recursive: true });
      writeFileSync(path.join(tree, name), source);
    }
    return runOxlint(tree);
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

function runOxlint(tree: string): Finding[] {
  const oxlint = path.join(ROOT, 'node_modules/oxlint/bin/oxlint');
  const config = path.join(tree, '.oxlintrc.json');
  // From the project's root: oxlint looks for its type-aware engine in the nearest node_modules.
  const run = spawnSync(
    process.execPath,
    [oxlint, '--type-aware', '--config', config, '--format', 'json', tree],
    { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  if (!run.stdout.includes('"diagnostics"') || run.stdout.includes('tsconfig-error'))
    throw new Error(`oxlint did not run: ${run.stdout}${run.stderr}`);
  const { diagnostics } = JSON.parse(run.stdout) as { diagnostics: OxlintDiagnostic[] };
  return diagnostics.map(({ filename, code, help, message, labels }) => ({
    file: path.relative(tree, path.resolve(ROOT, filename)).replaceAll('\\', '/'),
    line: labels[0]?.span.line ?? 0,
    rule: code ?? message,
    help: help ?? '',
  }));
}
