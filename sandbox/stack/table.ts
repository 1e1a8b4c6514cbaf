import type { ArmedSandbox } from './probes';
import type { Addresses } from './running-file';

/** What `npm run dev` prints at the end. */
export interface TableParts {
  readonly addresses: Addresses;
  readonly seconds: number;
  readonly directory: string;
  /** What an earlier run armed in the sandboxes. */
  readonly armed: readonly ArmedSandbox[];
}

/** All addresses, what is armed in the sandboxes, and a first command to try. */
export function addressTable({ addresses, seconds, directory, armed }: TableParts): string {
  const { apiUrl, temporalUiUrl, temporalNamespace, temporalAddress } = addresses;
  const rows = [
    ['API', `${apiUrl}/api/v1/products`],
    ['Sockets', `${addresses.realtimeUrl.replace('http', 'ws')}/ws`],
    ['Documentation', `${apiUrl}/docs`],
    [
      'Temporal',
      temporalUiUrl ? `${temporalUiUrl}/namespaces/${temporalNamespace}/workflows` : temporalAddress,
    ],
    ['Zarinpal sandbox', addresses.zarinpalUrl],
    ['SMS.ir sandbox', addresses.smsIrUrl],
    ['Kavenegar sandbox', addresses.kavenegarUrl],
    ['Twilio sandbox', addresses.twilioUrl],
    ['S3 sandbox', addresses.s3Url],
    ['supplier sandbox', addresses.supplierUrl],
    ['SMS inbox', addresses.smsInboxUrl],
    ['State and logs', `${directory} (addresses in running.json)`],
  ];
  return [
    '',
    `Asoud is up after ${seconds.toFixed(1)} s.`,
    '',
    ...rows.map(([name, value]) => `  ${name!.padEnd(19)}${value}`),
    ...armed.flatMap(armedLines),
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
function armedLines({ name, url, lines }: ArmedSandbox): string[] {
  const more = lines.length - MOST_LINES;
  return [
    '',
    `Armed in the ${name} sandbox by an earlier run (disarm it at ${url}):`,
    ...lines.slice(0, MOST_LINES).map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}
