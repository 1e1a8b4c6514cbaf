import { oneOf, readChange, readFields, text } from '../../kit/fields';
import { RequestProblem } from '../../kit/problem';
import type { Control } from '../../kit/provider';
import { recordControls, recordOf, shownInstants } from '../../kit/record-controls';
import { ACCOUNT } from './accounts';
import { BLOCK_REASONS } from './blocked-list';
import { Refusal } from './codes';
import type { InboundMessage } from './inbound';
import type { Kavenegar } from './kavenegar';
import { mask } from './mask';
import type { Message } from './message';
import { receptorOf } from './receptor';
import { TEMPLATE } from './templates';

const STATES = ['1', '2', '4', '5', '6', '10', '11', '13', '14'] as const;
const STATUS = { status: oneOf(10, 1, 2, 4, 5, 6, 11, 13, 14) };
const INBOUND = { line: text(), from: text(), text: text() };
const BLOCK = { line: text(), number: text(), reason: oneOf(...BLOCK_REASONS) };
const NAME = /^[\w-]{1,64}$/;
const KEY = /^[\w-]{1,128}$/;

/** What a test or a person does beside the kit's own calls. Keys and numbers are masked in every answer. */
export function kavenegarControls(kavenegar: Kavenegar): Readonly<Record<string, Control>> {
  const { accounts, templates, messages, inbound, blocked, kit } = kavenegar;
  return {
    ...recordControls(messages, {
      path: 'messages',
      state: ({ status }) => String(status),
      states: STATES,
      view: messageView,
    }),
    'PUT /messages/:id/status': ({ params, body }) => {
      const { status } = readFields(STATUS, body);
      const message = recordOf(messages, params.id);
      return messageView(messages.change(message, { status, steps: [] }, 'set by the control API'));
    },
    'GET /accounts': () => mask({ accounts: accounts.all() }),
    'PUT /accounts/:key': ({ params: { key = '' }, body }) => {
      if (!KEY.test(key)) throw new RequestProblem(400, 'a key has letters and digits');
      const change = readChange(ACCOUNT, body);
      if (typeof change.testOwner === 'string') demandNumber(change.testOwner);
      return mask(accounts.put(key, change));
    },
    'GET /templates': () => ({ templates: templates.all() }),
    'PUT /templates/:name': ({ params: { name = '' }, body }) => {
      if (!NAME.test(name)) throw new RequestProblem(400, 'a name has letters, digits, _ and -');
      return templates.put(name, readChange(TEMPLATE, body));
    },
    ...recordControls(inbound, {
      path: 'inbound',
      state: ({ isRead }) => (isRead ? 'read' : 'unread'),
      states: ['read', 'unread'],
      view: inboundView,
    }),
    'POST /inbound': ({ body }) => {
      const { line, from, text } = readFields(INBOUND, body);
      const sender = demandNumber(from);
      const at = kit.clock.now();
      const message = { inboundId: String(kit.nextNumber()), line, sender, text, at, isRead: false };
      inbound.add(message, 'arrived');
      return inboundView(message);
    },
    'GET /blocked': () => mask({ blocked: blocked.all() }),
    'POST /blocked': ({ body }) => {
      const { line, number, reason } = readFields(BLOCK, body);
      const block = { line, number: demandNumber(number), reason, at: kit.clock.now() };
      blocked.put(block);
      return mask(block);
    },
  };
}

function messageView(message: Message): unknown {
  const { receptor, startsAt, arrivesAt, steps: _steps, ...rest } = message;
  return mask({
    ...rest,
    to: receptor.e164,
    receptor: receptor.local,
    ...shownInstants({ startsAt, arrivesAt }),
  });
}

function inboundView({ at, ...message }: InboundMessage): unknown {
  return mask({ ...message, ...shownInstants({ at }) });
}

function demandNumber(given: string): string {
  try {
    return receptorOf(given, { receptorForms: 'all-four' }).local;
  } catch (error) {
    if (error instanceof Refusal) throw new RequestProblem(400, 'a number is like 09121234567');
    throw error;
  }
}
