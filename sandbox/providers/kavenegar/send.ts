import type { Account } from './accounts';
import { Refusal } from './codes';
import type { Kavenegar } from './kavenegar';
import { sendRecord } from './message';
import type { Parameters } from './parameters';
import { readDraft, readSending, sendAll } from './sending';

const MOST_RECEPTORS = 200;
const LAST_TYPE = 3;
const MOST_REPEATS = 5;

/** `sms/send`: one text to up to 200 receptors. */
export function send(kavenegar: Kavenegar, account: Account, parameters: Parameters): unknown {
  const receptors = parameters.list('receptor');
  const text = parameters.get('message') ?? '';
  if (!parameters.has('message')) throw new Refusal(400);
  if (receptors.length > MOST_RECEPTORS) throw new Refusal(414);
  if ((parameters.whole('type') ?? 1) > LAST_TYPE) throw new Refusal(400);
  const localIds = parameters.optionalList('localid') ?? [];
  if (localIds.length > 0 && localIds.length !== receptors.length) throw new Refusal(419);
  const sender = parameters.get('sender')?.trim();
  const drafts = receptors.map((receptor, index) =>
    readDraft(kavenegar, account, { receptor, text, sender, localId: localIds[index] }),
  );
  return sendAll(kavenegar, account, drafts, readSending(kavenegar, account, parameters)).map(sendRecord);
}

/** `sms/sendarray`: up to 200 texts, each to its receptor from its sender. Lists are JSON in one field. */
export function sendArray(kavenegar: Kavenegar, account: Account, parameters: Parameters): unknown {
  const receptors = jsonList(parameters.required('receptor'));
  const senders = jsonList(parameters.required('sender'));
  const texts = jsonList(parameters.required('message'));
  const localIds = optionalJsonList(parameters, 'localmessageids');
  const types = optionalJsonList(parameters, 'type');
  const lists = [senders, texts, localIds ?? receptors, types ?? receptors];
  if (lists.some(({ length }) => length !== receptors.length)) throw new Refusal(419);
  if (receptors.length > MOST_RECEPTORS) throw new Refusal(kavenegar.switches().sendArrayOverLimitCode);
  if (types?.some((type) => !/^[0-3]$/.test(type))) throw new Refusal(400);
  const drafts = receptors.map((receptor, index) =>
    readDraft(kavenegar, account, {
      receptor,
      text: texts[index]!,
      sender: senders[index]!,
      localId: localIds?.[index],
    }),
  );
  return sendAll(kavenegar, account, drafts, readSending(kavenegar, account, parameters)).map(sendRecord);
}

/** `call/maketts`: a voice reads the text. One record for one receptor, as in the sample; a list for several. */
export function makeTts(kavenegar: Kavenegar, account: Account, parameters: Parameters): unknown {
  if (!account.hasAdvancedService) throw new Refusal(426);
  if ((parameters.whole('repeat') ?? 0) > MOST_REPEATS) throw new Refusal(400);
  const receptors = parameters.list('receptor');
  if (receptors.length > MOST_RECEPTORS) throw new Refusal(414);
  const text = parameters.get('message') ?? '';
  if (!parameters.has('message')) throw new Refusal(400);
  const localIds = parameters.optionalList('localid') ?? [];
  if (localIds.length > 0 && localIds.length !== receptors.length) throw new Refusal(419);
  const drafts = receptors.map((receptor, index) => ({
    ...readDraft(kavenegar, account, { receptor, text, sender: undefined, localId: localIds[index] }),
    kind: 'call' as const,
  }));
  const records = sendAll(kavenegar, account, drafts, readSending(kavenegar, account, parameters)).map(
    sendRecord,
  );
  return records.length === 1 ? records[0] : records;
}

function optionalJsonList(parameters: Parameters, name: string): string[] | undefined {
  const text = parameters.get(name);
  return text === undefined ? undefined : jsonList(text);
}

/** Throws 400 for what is no JSON list of texts and numbers, and 406 for an empty one. */
function jsonList(text: string): string[] {
  const list = parsed(text);
  if (!Array.isArray(list)) throw new Refusal(400);
  if (list.some((item) => typeof item !== 'string' && typeof item !== 'number')) throw new Refusal(400);
  if (list.length === 0) throw new Refusal(406);
  return list.map(String);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400);
  }
}
