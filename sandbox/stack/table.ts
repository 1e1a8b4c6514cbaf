import type { Addresses } from './running-file';

/** What `npm run dev` prints at the end. */
export interface TableParts {
  readonly addresses: Addresses;
  readonly seconds: number;
  readonly directory: string;
  /** What an earlier run armed in the sandboxes, a line each. */
  readonly armed: readonly string[];
}

/** All addresses, what is armed in the sandboxes, and a first command to try. */
export function addressTable({ addresses, seconds, directory, armed }: TableParts): string {
  const { apiUrl, zarinpalUrl, smsInboxUrl, temporalUiUrl, temporalNamespace, temporalAddress } = addresses;
  const rows = [
    ['API', `${apiUrl}/api/v1/products`],
    ['Documentation', `${apiUrl}/docs`],
    [
      'Temporal',
      temporalUiUrl ? `${temporalUiUrl}/namespaces/${temporalNamespace}/workflows` : temporalAddress,
    ],
    ['Zarinpal sandbox', zarinpalUrl],
    ['SMS inbox', smsInboxUrl],
    ['State and logs', `${directory} (addresses in running.json, the staff token in secrets.json)`],
  ];
  return [
    '',
    `Asoud is up after ${seconds.toFixed(1)} s.`,
    '',
    ...rows.map(([name, value]) => `  ${name!.padEnd(18)}${value}`),
    ...armedLines(armed),
    '',
    'Try it:',
    `  curl -s '${apiUrl}/api/v1/products?limit=3'`,
    '',
    'Ctrl-C stops everything and keeps the data; npm run dev -- --reset starts afresh.',
    '',
  ].join('\n');
}

const MOST_LINES = 10;

/** Somebody who forgot it would take the sandbox's misbehaviour for a mistake of the shop. */
function armedLines(armed: readonly string[]): string[] {
  if (armed.length === 0) return [];
  const more = armed.length - MOST_LINES;
  return [
    '',
    'Armed in sandboxes by an earlier run (disarm it at the address):',
    ...armed.slice(0, MOST_LINES).map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}
