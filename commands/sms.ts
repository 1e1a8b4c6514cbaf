import { parseArgs } from 'node:util';

import { AppError } from '../entities/errors';
import type { MessageState } from '../entities/sms/message-state';
import { phoneNumber, maskedPhone } from '../entities/values/phone-number';
import { TookTooLong, until } from './demo/until';
import { openMessageDesk, type MessageDesk } from './message-desk';
import { shopEnvironment } from './shop-environment';

const USAGE = `npm run sms -- --to <number> --template <key> [options]

Sends a message by a template and shows what becomes of it; exits with 1 when it is refused or fails. Uses the shop that npm run dev
runs, or the one of DATABASE_URL and TEMPORAL_ADDRESS.

  --to <number>       a mobile number in any spelling
  --template <key>    which template; without it, all of them are listed
  --language <fa|en>  fa unless told
  --var <name=value>  a variable of the template; repeat it for each
  --state <folder>    use the shop whose state is in this folder instead of .asoud
  --help              show this
`;

/** How long the command waits for a report of the delivery. Providers may take longer; the message is followed all the same. */
const FOLLOWED_MS = 60_000;
const POLL_MS = 500;
const WAITING: readonly MessageState['status'][] = ['queued', 'sending', 'accepted'];
const BAD: readonly MessageState['status'][] = ['refused', 'failed', 'cancelled', 'ambiguous'];

/** `npm run sms`: a test message, as staff send it. */
async function main(): Promise<void> {
  const options = readOptions();
  if (!options) return;
  const desk = await openMessageDesk(
    shopEnvironment(options.state === undefined ? [] : ['--state', options.state]),
  );
  try {
    await (options.template === undefined ? listTemplates(desk) : sendAndFollow(desk, options));
  } finally {
    await desk.close();
  }
}

async function sendAndFollow(
  desk: MessageDesk,
  { to, template, language, variables }: Options,
): Promise<void> {
  if (to === undefined) throw new Error('--to is missing: a mobile number');
  const sent = await desk.send({ to, template: template!, language, variables });
  print(`message ${sent.id} to ${maskedPhone(phoneNumber(to, { isStrict: false }) ?? to)}`);
  const shown = new Set<string>();
  const read = async () => {
    const message = await desk.read(sent.id);
    for (const line of linesOf(message)) if (!shown.has(line)) print(line);
    for (const line of linesOf(message)) shown.add(line);
    return message;
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

function linesOf({ attempts, status, failureCode }: MessageState): string[] {
  const sends = attempts.map((attempt) => {
    const { provider, operation, code, message, cost, costUnit, latencyMs, delivery } = attempt;
    const details = [
      code && `code ${code}`,
      message,
      latencyMs !== null && `${latencyMs} ms`,
      cost && `${cost} ${costUnit}`,
      delivery,
    ].filter((detail) => typeof detail === 'string' && detail !== '');
    return `  ${provider}, by ${operation}: ${attempt.status}${details.length > 0 ? ` (${details.join(', ')})` : ''}`;
  });
  return [...sends, `${status}${failureCode === null ? '' : `: ${failureCode}`}`];
}

async function listTemplates(desk: MessageDesk): Promise<void> {
  for (const { key, language, kind, text, variables } of await desk.templates()) {
    const names = variables.map(({ name }) => name).join(', ');
    print(`${key} (${language}, ${kind}; ${names}): ${text.replaceAll('\n', ' ⏎ ')}`);
  }
}

type Options = NonNullable<ReturnType<typeof readOptions>>;

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
  if (!(error instanceof AppError)) return [error.message, reasonOf(error)].filter(Boolean).join(': ');
  const fields = (error.details.errors ?? []).map(({ field, detail }) => `\n  ${field}: ${detail}`);
  return `${error.message}${fields.join('')}`;
}

/** The error of a connection alone does not say why. */
function reasonOf({ cause }: Error): string | undefined {
  return cause instanceof Error ? cause.message : undefined;
}
