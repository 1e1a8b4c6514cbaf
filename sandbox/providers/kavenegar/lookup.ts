import { defaultSender, type Account } from './accounts';
import { Refusal } from './codes';
import type { Kavenegar } from './kavenegar';
import { sendRecord } from './message';
import type { Parameters } from './parameters';
import { receptorOf } from './receptor';
import { readSending, sendAll } from './sending';

/** The tokens with how many spaces each may have. */
const MOST_SPACES = { token: 0, token2: 0, token3: 0, token10: 5, token20: 8 } as const;
const LONGEST_TOKEN = 100;
const PLACEHOLDER = /%(token(?:20|10|2|3)?)/g;
/** New lines, underscores and separators. */
const FORBIDDEN = /[_,;|\p{Cc}\p{Zl}\p{Zp}]/u;

/** `verify/lookup`: a text that the panel keeps as a template, with its tokens. */
export function lookup(kavenegar: Kavenegar, account: Account, parameters: Parameters): unknown {
  const given = parameters.required('receptor');
  const name = parameters.required('template');
  const tokens = { token: parameters.required('token'), ...readTokens(parameters) };
  if (!account.hasAdvancedService) throw new Refusal(426);
  const kind = parameters.word('type', ['sms', 'call']) ?? 'sms';
  const receptor = receptorOf(given, kavenegar.switches(), { mayBeAbroad: true });
  const template = kavenegar.templates.find(name);
  if (!template?.isApproved) throw new Refusal(424);
  for (const [token, value] of Object.entries(tokens)) demandToken(token as keyof typeof MOST_SPACES, value);
  if (kind === 'call' && Object.values(tokens).some((value) => !/^\d+$/.test(value))) throw new Refusal(428);
  const text = fill(template.text, tokens);
  const draft = {
    ...{ receptor, receptorAsSent: given, text, kind, template: name, tokens },
    sender: defaultSender(account),
    localId: null,
  };
  const sending = { ...readSending(kavenegar, account, parameters), startsAt: undefined };
  const records = sendAll(kavenegar, account, [draft], sending).map(sendRecord);
  return kavenegar.switches().lookupEntries === 'array' ? records : records[0];
}

function readTokens(parameters: Parameters): Readonly<Record<string, string>> {
  const given = Object.keys(MOST_SPACES).map((name) => [name, parameters.get(name)] as const);
  return Object.fromEntries(given.filter((token): token is [string, string] => token[1] !== undefined));
}

function demandToken(name: keyof typeof MOST_SPACES, value: string): void {
  const spaces = value.match(/\s/gu)?.length ?? 0;
  if (FORBIDDEN.test(value) || spaces > MOST_SPACES[name] || value.length > LONGEST_TOKEN) {
    throw new Refusal(431);
  }
}

/** Throws 432 for a token without a place in the text, and 400 for a place without a token. */
function fill(text: string, tokens: Readonly<Record<string, string>>): string {
  const places = new Set(Array.from(text.matchAll(PLACEHOLDER), ([, name]) => name!));
  if (Object.keys(tokens).some((name) => !places.has(name))) throw new Refusal(432);
  if (Array.from(places).some((name) => tokens[name] === undefined)) throw new Refusal(400);
  return text.replaceAll(PLACEHOLDER, (_, name: string) => tokens[name]!);
}
