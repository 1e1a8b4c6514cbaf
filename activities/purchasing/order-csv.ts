import type { OutgoingMessage } from '../../entities/purchasing/supplier-messages';

/** Spreadsheets take a cell that begins like this for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** The lines of an order as CSV (RFC 4180), for people's spreadsheets: with a byte order mark, and no cell is a formula. */
export function orderCsv(lines: OutgoingMessage['lines']): string {
  const rows = [['sku', 'quantity'], ...lines.map(({ sku, quantity }) => [sku, String(quantity)])];
  return `\u{FEFF}${rows.map((cells) => cells.map(cellOf).join(',')).join('\r\n')}\r\n`;
}

function cellOf(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
