import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import type { Check } from './demo/checks';
import { findRunningShop, type ShopAddresses } from './demo/find-shop';
import { playReorder, REORDER_SUMMARY } from './demo/play-reorder';
import { playScenario } from './demo/play-scenario';
import { playSms, SMS_SUMMARY } from './demo/play-sms';
import { SCENARIOS } from './demo/scenarios';
import { startDemoShop, type StartedShop } from './demo/start-shop';

const HOME = resolve(__dirname, '../../.asoud');
const SMS = 'sms';
const REORDER = 'reorder';
const SUMMARIES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(SCENARIOS).map(([name, { summary }]) => [name, summary])),
  [SMS]: SMS_SUMMARY,
  [REORDER]: REORDER_SUMMARY,
};
const USAGE = `npm run demo [-- options]

Buys something over the public API, pays on the sandbox's page, listens on a socket and prints a timeline, reorders goods, or sends
an SMS; exits with 1 when a check fails. Uses the shop that npm run dev runs, or starts one and stops it at the end.

  --scenario <name>  ${[...Object.entries(SUMMARIES)]
    .map(([name, summary]) => `${name}: ${summary}`)
    .join('\n                     ')}
  --keep             leave the shop running if the demo started it
  --state <folder>   use the shop whose state is in this folder instead of .asoud
  --help             show this
`;

/** `npm run demo`: a whole purchase with all checks, for people who want to see it and for tests. */
async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) {
    print(USAGE);
    return;
  }
  const summary = SUMMARIES[options.scenario];
  if (summary === undefined) {
    process.stderr.write(`There is no scenario "${options.scenario}".\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  const directory = options.state === undefined ? HOME : resolve(options.state);
  const { shop, started } = await openShop(directory, options.keep);
  try {
    print(`\n${options.scenario}: ${summary}\n\n`);
    const say = (line: string) => print(`${line}\n`);
    const scenario = SCENARIOS[options.scenario];
    const wrong = scenario
      ? await playScenario(shop, scenario, say)
      : await (options.scenario === REORDER ? playReorder(shop, directory, say) : playSms(shop, say));
    if (wrong.length > 0) throw new Error(wrong.map(sentenceOf).join('; '));
    print('\nEverything is as it should be.\n');
  } finally {
    if (started && options.keep) {
      started.leave();
      print(`\nThe shop still runs at ${shop.apiUrl}; kill ${shop.pid} stops it.\n`);
    } else if (started) {
      print('\nStopping the shop that the demo started; its data stays. With --keep it would stay up.\n');
      await started.stop();
    }
  }
}

async function openShop(
  directory: string,
  keep: boolean,
): Promise<{ shop: ShopAddresses; started?: StartedShop }> {
  const running = await findRunningShop(directory);
  if (running) {
    print(`Using the shop that runs at ${running.apiUrl}.\n`);
    return { shop: running };
  }
  print('No shop is running here, so one is started.\n');
  const started = await startDemoShop(directory, { keep, onLine: (line) => print(`${line}\n`) });
  return { shop: started.addresses, started };
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        scenario: { type: 'string', default: 'paid' },
        keep: { type: 'boolean', default: false },
        state: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

function sentenceOf({ sentence, found }: Check): string {
  return `not true: ${sentence} (found: ${found})`;
}

function print(text: string): void {
  process.stdout.write(text);
}

main().catch((error: unknown) => {
  process.stderr.write(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
