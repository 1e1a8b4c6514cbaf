import { addDays, type BusinessDay } from '../calendar/business-day';
import { readCalendar } from '../calendar/shop-calendar';
import { uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { readDemand } from './read-demand';
import { shopProfile } from './shop-profile';

const HISTORY_DAYS = 1_095;
/** The best sellers say how the week and the year go. More of them would say the same. */
const SAMPLE = 1_000;
/** Below this, single days decide more than seasons. */
const LEAST_UNITS = 30;

const BEST_SELLERS = statement<{ id: string }>(
  `SELECT variant_id AS id FROM demand_daily WHERE day BETWEEN $1::date AND $2::date
   GROUP BY variant_id HAVING sum(units) >= ${LEAST_UNITS}
   ORDER BY sum(units) DESC, variant_id LIMIT ${SAMPLE}`,
  { id: uuid },
);

const STORE = statement('UPDATE demand_profiles SET profile = $1::jsonb WHERE id = 1');

/** Computes how the shop's demand moves through the week and the year, from its best sellers of the last year. */
export async function computeProfile(transaction: Transaction, today: BusinessDay): Promise<void> {
  const yesterday = addDays(today, -1);
  const best = await rows(transaction, BEST_SELLERS, [addDays(today, -365), yesterday]);
  if (best.length === 0) return;
  const calendar = await readCalendar(transaction, addDays(today, -HISTORY_DAYS), HISTORY_DAYS);
  const demand = await readDemand(
    transaction,
    best.map(({ id }) => id),
    { to: yesterday, days: HISTORY_DAYS },
  );
  const profile = shopProfile(
    demand.map(({ series }) => series),
    calendar,
  );
  await rows(transaction, STORE, [JSON.stringify(profile)]);
}
