import { oneOf, readChange, readFields, text } from '../../kit/fields';
import { RequestProblem } from '../../kit/problem';
import type { Control } from '../../kit/provider';
import { recordControls, recordOf, shownInstants } from '../../kit/record-controls';
import { iranianMobile } from '../sms/iranian-mobile';
import { ACCOUNT } from './accounts';
import { BLOCK } from './blacklist';
import { DELIVERY_STATES } from './codes';
import type { InboundMessage } from './inbound';
import { reported, stateOf } from './life';
import { mask } from './mask';
import { e164, type Message } from './message';
import type { SmsIr } from './sms-ir';
import { TEMPLATE } from './templates';

const STATES = ['none', ...DELIVERY_STATES.map(String), 'cancelled'] as [string, ...string[]];
const STATE = { deliveryState: oneOf(...DELIVERY_STATES) };
const INBOUND = { line: text(), from: text(), text: text() };
const KEY = /^[\w-]{1,128}$/;
const TEMPLATE_ID = /^[1-9]\d{0,8}$/;

/** What a test or a person does beside the kit's own calls. Keys and numbers are masked in every answer. */
export function smsIrControls(smsIr: SmsIr): Readonly<Record<string, Control>> {
  const { accounts, templates, messages, inbound, blacklist, kit } = smsIr;
  return {
    ...recordControls(messages, { path: 'messages', state: stateOf, states: STATES, view: messageView }),
    'PUT /messages/:id/state': ({ params, body }) => {
      const { deliveryState } = readFields(STATE, body);
      const message = recordOf(messages, params.id);
      const change = { ...reported(deliveryState, kit.clock.now()), steps: [] };
      return messageView(messages.change(message, change, 'set by the control API'));
    },
    'GET /accounts': () => mask({ accounts: accounts.all() }),
    'PUT /accounts/:key': ({ params: { key = '' }, body }) => {
      if (!KEY.test(key)) throw new RequestProblem(400, 'a key has letters, digits, _ and -');
      return mask(accounts.put(key, readChange(ACCOUNT, body)));
    },
    'GET /templates': () => ({ templates: templates.all() }),
    'PUT /templates/:id': ({ params: { id = '' }, body }) => {
      if (!TEMPLATE_ID.test(id)) throw new RequestProblem(400, 'the id of a template is a number');
      return templates.put(id, readChange(TEMPLATE, body));
    },
    ...recordControls(inbound, {
      path: 'inbound',
      state: ({ isRead }) => (isRead ? 'read' : 'unread'),
      states: ['read', 'unread'],
      view: inboundView,
    }),
    'POST /inbound': ({ body }) => {
      const { line, from, text } = readFields(INBOUND, body);
      const message = {
        ...{ line, text, mobile: demandMobile(from) },
        inboundId: smsIr.nextId(),
        at: kit.clock.now(),
        isRead: false,
      };
      inbound.add(message, 'arrived');
      return inboundView(message);
    },
    'GET /blacklist': () => mask({ blacklist: blacklist.all() }),
    'PUT /blacklist/:mobile': ({ params, body }) => {
      const block = { mobile: demandMobile(params.mobile!), ...readFields(BLOCK, body) };
      blacklist.put(block);
      return mask(block);
    },
    'DELETE /blacklist/:mobile': ({ params }) => {
      blacklist.remove(demandMobile(params.mobile!));
      return mask({ blacklist: blacklist.all() });
    },
  };
}

function messageView(message: Message): unknown {
  const { createdAt, sendAt, arrivesAt, deliveredAt, steps: _steps, ...rest } = message;
  const instants = shownInstants({ createdAt, sendAt, arrivesAt, deliveredAt });
  return mask({ ...rest, to: e164(message), ...instants });
}

function inboundView({ at, ...message }: InboundMessage): unknown {
  return mask({ ...message, ...shownInstants({ at }) });
}

function demandMobile(given: string): string {
  const mobile = iranianMobile(given);
  if (mobile === undefined) throw new RequestProblem(400, 'a mobile number is like 09121234567');
  return mobile;
}
