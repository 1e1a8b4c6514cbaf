import type { Reporter, TestCase, TestModule } from 'vitest/node';

const SLOWEST = 5;

/** What a number of files came to. */
interface Cost {
  files: number;
  tests: number;
  seconds: number;
}

/**
 * Tells each failure as it comes, because a run that is ended for taking too long never gets to its end. Ends the run with the time of
 * every folder, the slowest files, and one plain line that any CI can read.
 */
export default class Summary implements Reporter {
  onTestCaseResult(test: TestCase): void {
    for (const { message, stack } of test.result().errors ?? [])
      process.stdout.write(`failed: ${test.fullName}\n${message}\n${stack ?? ''}\n`);
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines = [...timeOfFolders(modules), ...slowestFiles(modules), closingLine(modules)];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
}

function timeOfFolders(modules: readonly TestModule[]): string[] {
  const costs = new Map<string, Cost>();
  for (const module of modules) {
    const [, folder = ''] = module.relativeModuleId.split('/');
    const name = `${module.project.name} test/${folder}`;
    const cost = costs.get(name) ?? { files: 0, tests: 0, seconds: 0 };
    cost.files += 1;
    cost.tests += statesOf(module).length;
    cost.seconds += secondsOf(module);
    costs.set(name, cost);
  }
  const rows = [...costs].map(
    ([name, { files, tests, seconds }]) =>
      `${name.padEnd(26)} ${String(files).padStart(5)} ${String(tests).padStart(6)} ${seconds.toFixed(1).padStart(8)}`,
  );
  return ['', 'part and folder            files  tests  seconds', ...rows];
}

function slowestFiles(modules: readonly TestModule[]): string[] {
  const slowest = modules.toSorted((one, other) => secondsOf(other) - secondsOf(one)).slice(0, SLOWEST);
  const rows = slowest.map((module) => `${module.relativeModuleId} ${secondsOf(module).toFixed(1)} s`);
  return ['', 'slowest files', ...rows, ''];
}

function secondsOf(module: TestModule): number {
  const { collectDuration, duration } = module.diagnostic();
  return (collectDuration + duration) / 1000;
}

function closingLine(modules: readonly TestModule[]): string {
  const states = modules.flatMap(statesOf);
  const count = (state: string) => states.filter((it) => it === state).length;
  return `${count('passed')} passed, ${count('failed') + brokenFiles(modules)} failed, ${count('skipped')} skipped`;
}

/** Files that failed outside their tests, as in an import or a hook. */
function brokenFiles(modules: readonly TestModule[]): number {
  return modules.filter((module) => !module.ok() && !statesOf(module).includes('failed')).length;
}

function statesOf(module: TestModule): string[] {
  return [...module.children.allTests()].map((test) => test.result().state);
}
