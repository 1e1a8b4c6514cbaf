import type { Call } from '../../kit/call';
import { lineOf, type Account } from './accounts';
import { Refusal } from './codes';
import { bodyOf, inputOf, plusKept, queryOf, textOf, textsOf, wholeOf } from './input';
import { demandTexts, dispatch, planSingle, planText, readSendAt, type Planned } from './sending';
import type { SmsIr } from './sms-ir';
import { fill, templateOf, type Parameter } from './templates';

const MOST_MOBILES = 100;
const CANCELLABLE_UNTIL_MS = 3 * 60_000;
/** The line of SMS.ir that templates go out from. */
const VERIFY_LINE = '30008000';

/** `POST /send/bulk`: one text to many. */
export function sendBulk(smsIr: SmsIr, account: Account, call: Call): unknown {
  const body = bodyOf(call);
  const line = lineOf(account, body.get('lineNumber'));
  const text = textOf(body, 'messageText') ?? '';
  demandTexts(account, [text]);
  const mobiles = demandMobiles(textsOf(body, 'mobiles'));
  const sendAt = readSendAt(smsIr, body.get('sendDateTime'));
  const planned = mobiles.map((mobileAsSent) =>
    planText(smsIr, account, { mobileAsSent, text, line }, sendAt),
  );
  return sendPack(smsIr, account, planned);
}

/** `POST /send/likeToLike`: each its own text. */
export function sendLikeToLike(smsIr: SmsIr, account: Account, call: Call): unknown {
  const body = bodyOf(call);
  const line = lineOf(account, body.get('lineNumber'));
  const texts = textsOf(body, 'messageTexts');
  if (texts.length === 0) throw new Refusal(108);
  if (texts.length > MOST_MOBILES) throw new Refusal(106);
  const mobiles = demandMobiles(textsOf(body, 'mobiles'));
  if (mobiles.length !== texts.length) throw new Refusal(110);
  demandTexts(account, texts);
  const sendAt = readSendAt(smsIr, body.get('sendDateTime'));
  const planned = mobiles.map((mobileAsSent, index) =>
    planText(smsIr, account, { mobileAsSent, text: texts[index]!, line }, sendAt),
  );
  return sendPack(smsIr, account, planned);
}

/** `POST /send/verify`: a template with its parameters, also to people who block advertising. */
export function sendVerify(smsIr: SmsIr, account: Account, call: Call): unknown {
  const body = bodyOf(call);
  const mobileAsSent = textOf(body, 'mobile') ?? '';
  const id = String(wholeOf(body, 'templateId') ?? 0);
  const parameters = readParameters(body.get('parameters'));
  const template = templateOf(smsIr.templates, account, id, smsIr.switches());
  const message = planSingle(smsIr, account, {
    mobileAsSent,
    text: fill(template, parameters),
    line: VERIFY_LINE,
    template: id,
    parameters: Object.fromEntries(parameters.map(({ name, value }) => [name, value])),
  });
  if (smsIr.blacklist.blocksTemplates(message.mobile)) throw new Refusal(115);
  const { cost } = dispatch(smsIr, account, [message], false);
  return { messageId: Number(message.messageId), cost };
}

/** `GET` or `POST /send`: all in the query. */
export function sendByUrl(smsIr: SmsIr, account: Account, call: Call): unknown {
  const query = queryOf(call);
  const line = lineOf(account, query.get('line'));
  const text = textOf(query, 'text') ?? '';
  demandTexts(account, [text]);
  const mobileAsSent = plusKept(textOf(query, 'mobile') ?? '');
  const planned = planText(smsIr, account, { mobileAsSent, text, line }, null);
  if (planned === 'wrong') throw new Refusal(104);
  if (planned === 'blacklisted') throw new Refusal(115);
  const { cost } = dispatch(smsIr, account, [planned], false);
  return { messageId: Number(planned.messageId), cost };
}

/** `DELETE /send/scheduled/{packId}`: until three minutes before its time. The credit comes back. Throws 112. */
export function cancelScheduled(smsIr: SmsIr, account: Account, { params: { id = '' } }: Call): unknown {
  const { packs, messages, accounts, kit } = smsIr;
  const pack = packs.find(id.toLowerCase());
  const isTheirs = pack?.apiKey === account.key && !pack.isCancelled;
  if (!isTheirs || pack.sendAt - kit.clock.now() < CANCELLABLE_UNTIL_MS) throw new Refusal(112);
  const ofPack = messages.all().filter(({ packId }) => packId === pack.packId);
  const tenths = ofPack.reduce((sum, { costTenths }) => sum + costTenths, 0);
  for (const message of ofPack) messages.change(message, { isCancelled: true, steps: [] }, 'cancelled');
  packs.change(pack, { isCancelled: true }, 'cancelled');
  accounts.put(account.key, { creditTenths: account.creditTenths + tenths });
  return { returnedCreditCount: tenths / 10, smsCount: ofPack.length };
}

function demandMobiles(mobiles: readonly string[]): readonly string[] {
  if (mobiles.length === 0) throw new Refusal(107);
  if (mobiles.length > MOST_MOBILES) throw new Refusal(105);
  return mobiles;
}

/** Ids stand in the places of their recipients: 0 is on the blacklist, null is wrong or its text too long. */
function sendPack(smsIr: SmsIr, account: Account, planned: readonly Planned[]): unknown {
  if (smsIr.switches().wrongMobile === 'refuse' && planned.includes('wrong')) throw new Refusal(104);
  const messages = planned.filter((message) => typeof message !== 'string');
  const { packId, cost } = dispatch(smsIr, account, messages, true);
  const messageIds = planned.map((message) => {
    if (typeof message !== 'string') return Number(message.messageId);
    return message === 'blacklisted' ? 0 : null;
  });
  return { packId, messageIds, cost };
}

/** Throws 16, and 116 for one without a name. */
function readParameters(given: unknown): readonly Parameter[] {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) throw new Refusal(16);
  return given.map((entry: unknown) => {
    if (entry === null || typeof entry !== 'object') throw new Refusal(16);
    const parameter = inputOf(entry as Record<string, unknown>);
    const name = textOf(parameter, 'name');
    const value = textOf(parameter, 'value');
    if (!name) throw new Refusal(116);
    if (value === undefined) throw new Refusal(16);
    return { name, value };
  });
}
