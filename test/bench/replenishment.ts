import { backTest } from '../support/replenishment/back-test';
import {
  daysOfCover,
  fixedPoint,
  fixedPointLike,
  fixedUpToForecast,
  forecasting,
  movingMean,
} from '../support/replenishment/planners';
import { simulateYear, type PlannerOf, type YearResult } from '../support/replenishment/simulated-year';
import { syntheticShop, type SyntheticShop } from '../support/replenishment/synthetic-shop';
import { measurePolicies } from './policies';

const SKUS = 500;
const SEED = 13;
const POLICIES = 10_000;

/** Prints the tables of docs/replenishment.md, and what the nightly computation costs. `-- tables` or `-- policies` prints one. */
async function main(part: string | undefined, policies: number): Promise<void> {
  const shop = syntheticShop(SKUS, SEED);
  if (part !== 'policies') printTables(shop);
  if (part !== 'tables') await printPolicies(shop, policies);
}

async function printPolicies(shop: SyntheticShop, count: number): Promise<void> {
  const { policies, demandRows, ...seconds } = await measurePolicies(shop, count, say);
  say(`\n${policies} policies over ${demandRows} rows of demand, in seconds:`);
  for (const [what, spent] of Object.entries(seconds)) say(`${what} ${spent.toFixed(1)}`);
}

/** The back-test and the simulated year. */
function printTables(shop: SyntheticShop): void {
  const started = performance.now();
  say('| error of the next 14 days, % | fast | medium | slow | seasonal | all |\n|---|---|---|---|---|---|');
  const errors = backTest(shop, 12);
  for (const [method, name] of METHODS) {
    const cells = PACES.map((pace) => percent(errors[pace][method], 1));
    say(`| ${name} | ${cells.join(' | ')} |`);
  }
  say(
    '\n| policy | fill % | out, % of SKU-days | mean stock, units | orders | stock of the fixed point that gives the same |',
  );
  say('|---|---|---|---|---|---|');
  for (const [name, plannerOf] of policiesOf(shop)) {
    const year = simulateYear(shop, plannerOf);
    say(
      `| ${name} | ${cellsOf(year)} | ${name.startsWith('forecast') ? comparison(shop, year, name.endsWith('28') ? 28 : 21) : ''} |`,
    );
  }
  say(`\n${((performance.now() - started) / 1_000).toFixed(1)} s`);
}

const METHODS = [
  ['mean28', 'mean of 28 days'],
  ['mean91', 'mean of 91 days'],
  ['forecast', 'forecast'],
] as const;
const PACES = ['fast', 'medium', 'slow', 'seasonal', 'all'] as const;

function policiesOf(shop: SyntheticShop): [string, PlannerOf][] {
  const covers = [21, 28];
  return [
    ...covers.flatMap((cover) =>
      [1.5, 2, 3].map((times): [string, PlannerOf] => [
        `fixed, ${times} × lead time, cover ${cover}`,
        fixedPoint(times, cover),
      ]),
    ),
    ...covers.map((cover): [string, PlannerOf] => [
      `91-day mean, normal .95, cover ${cover}`,
      movingMean(cover),
    ]),
    ...covers.flatMap((cover) =>
      [2, 3].map((times): [string, PlannerOf] => [
        `s_S, ${times} × lead time, cover ${cover}`,
        fixedUpToForecast(times, cover, shop),
      ]),
    ),
    ...covers.flatMap((cover) =>
      [3, 7, 14].map((safety): [string, PlannerOf] => [
        `days of cover, safety ${safety}, cover ${cover}`,
        daysOfCover(safety, cover, shop),
      ]),
    ),
    ...covers.flatMap((cover) =>
      [0.8, 0.95, 0.98, 0.99].map((level): [string, PlannerOf] => [
        `forecast ${level}, cover ${cover}`,
        forecasting({ kind: 'cycle', level }, cover, shop),
      ]),
    ),
    ['forecast, fill rate .997, cover 21', forecasting({ kind: 'fill', level: 0.997 }, 21, shop)],
  ];
}

function comparison(shop: SyntheticShop, year: YearResult, cover: number): string {
  const fixed = fixedPointLike(shop, year, cover);
  const less = percent(1 - year.stock / fixed.stock, 0);
  return `${fixed.stock.toFixed(0)} (${less} % less; ${fixed.times.toFixed(1)} ×, fill ${percent(fixed.fill, 1)}, orders ${fixed.orders})`;
}

const cellsOf = ({ fill, out, stock, orders }: YearResult) =>
  [percent(fill, 1), percent(out, 1), stock.toFixed(0), orders].join(' | ');

const percent = (share: number, digits: number) => (100 * share).toFixed(digits);

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

void main(process.argv[2], Number(process.argv[3] ?? POLICIES));
