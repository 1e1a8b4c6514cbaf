import { uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';

const READ = statement<{ id: string }>('SELECT id FROM stock_locations WHERE sells ORDER BY priority, id', {
  id: uuid,
});

/** In SQL: the ids of the locations that sell as JSON, the preferred one first. */
export const SELLING_LOCATIONS = `(SELECT coalesce(json_agg(id ORDER BY priority, id), '[]') FROM stock_locations WHERE sells)`;

/** The locations that sell, the preferred one first. */
export async function readSellingLocations(transaction: Transaction): Promise<string[]> {
  return (await rows(transaction, READ)).map(({ id }) => id);
}
