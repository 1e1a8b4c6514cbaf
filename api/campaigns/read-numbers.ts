import type { TakeNumbers } from '../../entities/campaigns/take-numbers';
import { AppError } from '../../entities/errors';
import { phoneNumber, type PhoneNumberRules } from '../../entities/values/phone-number';
import { readCsv } from '../../platform/csv';

const MOST_LINES = 100_000;
const MOST_BYTES = 4 * 1024 * 1024;
const COLUMNS = ['number'] as const;

/**
 * Reads a table of numbers, in any spelling. Lines that hold none are counted. The table itself is refused when it cannot be read.
 *
 * @throws AppError `campaigns.table_unreadable` with the line
 */
export async function readNumbers(
  body: AsyncIterable<Uint8Array>,
  rules: PhoneNumberRules,
): Promise<Pick<TakeNumbers, 'numbers' | 'lines' | 'invalid' | 'repeated'>> {
  const numbers = new Set<string>();
  let [lines, invalid, repeated] = [0, 0, 0];
  const terms = { columns: COLUMNS, required: COLUMNS, mostRows: MOST_LINES, mostBytes: MOST_BYTES };
  for await (const found of readCsv(body, terms)) {
    if ('problem' in found) {
      if (found.problem.code !== 'wrong_cell_count')
        throw new AppError('campaigns.table_unreadable', { problems: [found.problem] });
      lines += 1;
      invalid += 1;
      continue;
    }
    lines += 1;
    const number = phoneNumber(found.cells.number ?? '', rules);
    if (number === undefined) invalid += 1;
    else if (numbers.has(number)) repeated += 1;
    else numbers.add(number);
  }
  return { numbers: [...numbers], lines, invalid, repeated };
}
