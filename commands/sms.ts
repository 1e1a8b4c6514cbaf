import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';

import { ApiProblem, createApiClient, type ApiClient } from '../api/client/client';
import type { SmsMessageView } from '../api/client/generated';
import { TookTooLong, until } from './demo/until';
import { staffAccess, type StaffHeaders } from './staff-access';

const USAGE = `npm run sms -- --to <number> --template <key> [options]

Sends a message by a template and shows what becomes of it; exits with 1 when it is refused or fails. Uses the shop that npm run dev
runs, or the one of API_URL and STAFF_TOKEN.

  --to <number>       a mobile number in any spelling
  --template <key>    which template; without it, all of them are listed
  --language <fa|en>  fa unless told
  --var <name=value>  a variable of the template; repeat it for each
  --state <folder>    use the shop whose state is in this folder instead of .asoud
  --help              show this
`;

/** How long the command waits for a report of the delivery. Providers may take longer; the message is followed all the same. */
const FOLLOWED_MS = 60_000;
/** Routes of staff have a limit per minute. */
const POLL_MS = 500;
const WAITING: readonly SmsMessageView['status'][] = ['queued', 'sending', 'accepted'];
const BAD: readonly SmsMessageView['status'][] = ['refused', 'failed', 'cancelled', 'ambiguous'];

/** `npm run sms`: a test message, as staff send it. */
async function main(): Promise<void> {
  const options = readOptions();
  if (!options) return;
  const { apiUrl, headers } = staffAccess(options.state);
  const api = createApiClient(apiUrl);
  const { to, template } = options;
  if (template === undefined) return listTemplates(api, headers);
  if (to === undefined) throw new Error('--to is missing: a mobile number');

  const { data: sent } = await api.call('sendSms', {
    headers: { ...headers, 'Idempotency-Key': randomUUID() },
    body: { to, template, language: options.language, variables: options.variables },
  });
  print(`message ${sent.id} to ${sent.to}`);
  const shown = new Set<string>();
  const read = async () => {
    const { data } = await api.call('getSmsMessage', { path: { id: sent.id }, headers });
    for (const line of linesOf(data)) if (!shown.has(line)) print(line);
    for (const line of linesOf(data)) shown.add(line);
    return data;
  };
  const last = await until(
    read,
    ({ status }) => !WAITING.includes(status),
    FOLLOWED_MS,
    ({ status }) => `nothing more within ${FOLLOWED_MS / 1_000} s; the message is ${status}`,
    POLL_MS,
  ).catch((error: unknown) => {
    if (!(error instanceof TookTooLong)) throw error;
    print(error.message);
  });
  if (last && BAD.includes(last.status)) process.exitCode = 1;
}

function linesOf({ attempts, status, reason }: SmsMessageView): string[] {
  const sends = attempts.map((attempt) => {
    const { provider, operation, code, explanation, cost, latencyMs, delivery } = attempt;
    const details = [
      code && `code ${code}`,
      explanation,
      latencyMs !== null && `${latencyMs} ms`,
      cost && `${cost.amount} ${cost.unit}`,
      delivery,
    ].filter((detail) => typeof detail === 'string' && detail !== '');
    return `  ${provider}, by ${operation}: ${attempt.status}${details.length > 0 ? ` (${details.join(', ')})` : ''}`;
  });
  return [...sends, `${status}${reason === null ? '' : `: ${reason}`}`];
}

async function listTemplates(api: ApiClient, headers: StaffHeaders): Promise<void> {
  const { data } = await api.call('listSmsTemplates', { headers });
  for (const { key, language, kind, text, variables } of data.items) {
    const names = variables.map(({ name }) => name).join(', ');
    print(`${key} (${language}, ${kind}; ${names}): ${text.replaceAll('\n', ' ⏎ ')}`);
  }
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        to: { type: 'string' },
        template: { type: 'string' },
        language: { type: 'string', default: 'fa' },
        var: { type: 'string', multiple: true, default: [] },
        state: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      print(USAGE);
      return undefined;
    }
    const { language } = values;
    if (language !== 'fa' && language !== 'en') throw new Error('--language must be fa or en');
    return { ...values, language, variables: Object.fromEntries(values.var.map(variableIn)) } as const;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

function variableIn(text: string): [string, string] {
  const place = text.indexOf('=');
  if (place < 1) throw new Error(`--var ${text} must be name=value`);
  return [text.slice(0, place), text.slice(place + 1)];
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exitCode = 1;
});

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof ApiProblem)) return [error.message, reasonOf(error)].filter(Boolean).join(': ');
  const fields = (error.problem.errors ?? []).map(({ field, detail }) => `\n  ${field}: ${detail}`);
  return `${error.problem.title}${fields.join('')}`;
}

/** `fetch failed` alone does not say why. */
function reasonOf({ cause }: Error): string | undefined {
  return cause instanceof Error ? cause.message : undefined;
}
