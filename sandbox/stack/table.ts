import type { Addresses } from './running-file';

/** What `npm run dev` prints at the end: all addresses, and a first command to try. */
export function addressTable(addresses: Addresses, seconds: number, directory: string): string {
  const { apiUrl, zarinpalUrl, temporalUiUrl, temporalNamespace, temporalAddress } = addresses;
  const rows = [
    ['API', `${apiUrl}/api/v1/products`],
    ['Documentation', `${apiUrl}/docs`],
    [
      'Temporal',
      temporalUiUrl ? `${temporalUiUrl}/namespaces/${temporalNamespace}/workflows` : temporalAddress,
    ],
    ['Zarinpal sandbox', zarinpalUrl],
    ['State and logs', `${directory} (addresses in running.json, the staff token in secrets.json)`],
  ];
  return [
    '',
    `Asoud is up after ${seconds.toFixed(1)} s.`,
    '',
    ...rows.map(([name, value]) => `  ${name!.padEnd(18)}${value}`),
    '',
    'Try it:',
    `  curl -s '${apiUrl}/api/v1/products?limit=3'`,
    '',
    'Ctrl-C stops everything and keeps the data; npm run dev -- --reset starts afresh.',
    '',
  ].join('\n');
}
