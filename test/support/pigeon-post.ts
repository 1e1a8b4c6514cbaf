import { createHmac } from 'node:crypto';

import { json, page, type Answer } from '../../sandbox/kit/answer';
import { createCallbacks, type Outgoing } from '../../sandbox/kit/callbacks';
import { replacing } from '../../sandbox/kit/fault-kinds';
import { duration, flag, oneOf, wholeNumber, type Values } from '../../sandbox/kit/fields';
import { layout, messageBody } from '../../sandbox/kit/pages/layout';
import type { Endpoint, Provider } from '../../sandbox/kit/provider';
import { recordControls, recordOf, shownInstants } from '../../sandbox/kit/record-controls';
import { createRecords } from '../../sandbox/kit/records';
import { createSwitches } from '../../sandbox/kit/switches';

interface Letter {
  readonly letterId: string;
  readonly to: string;
  readonly text: string;
  readonly notifyUrl: string | null;
  readonly state: 'flying' | 'delivered' | 'lost';
  readonly sentAt: number;
  readonly deliveredAt: number | null;
}

const STATES = ['flying', 'delivered', 'lost'] as const;
const SWITCHES = { flightMs: duration(5_000), outcome: oneOf('delivered', 'lost') };
const RULE = { wrongSeal: flag() };
const TARGETS = ['letterId', 'to'];
const RETRY_AFTER_MS = [1_000, 60_000];
const KEY = 'a key that everybody knows';

class Refused extends Error {}

/**
 * A made-up provider, as small as one can be: letters by pigeon, with a sealed notice when one arrives. The page
 * docs/add-a-sandbox-provider.md walks through it.
 */
export const pigeonPost: Provider = {
  name: 'pigeon-post',
  title: { fa: 'پست کبوتر', en: 'Pigeon post' },
  ribbon: { fa: 'کبوتری در کار نیست', en: 'No pigeon flies' },
  hosts: ['api.pigeon.example'],
  targets: TARGETS,
  mask: (note) => JSON.parse(JSON.stringify(note).replaceAll(/secret-\w+/g, 'secret-***')),
  open(kit) {
    const switches = createSwitches(kit.store, SWITCHES);
    const letters = createRecords<Letter>(kit, {
      name: 'letters',
      id: 'letterId',
      limit: 3,
      isOver: ({ state }) => state !== 'flying',
      state: ({ state }) => state,
    });
    const callbacks = createCallbacks(kit, {
      ruleFields: RULE,
      targets: TARGETS,
      sign: ({ body = '', note }, now) => ({
        'Pigeon-Seal': note.seal === 'wrong' ? 'broken' : seal(body, now),
      }),
      retryAfterMs: (answered, attempt) => (answered === 200 ? undefined : RETRY_AFTER_MS[attempt - 1]),
    });
    const arriveAt = kit.agenda.task<string>('arrive', async (id) => {
      const letter = letters.find(id);
      if (!letter) return;
      const change = { state: switches.get().outcome, deliveredAt: kit.clock.now() };
      const arrived = letters.change(letter, change, 'the pigeon came down');
      if (letter.notifyUrl !== null) await callbacks.send(notice(arrived, letter.notifyUrl));
    });
    const sendLetter = ({ to, text, notifyUrl }: Readonly<Record<string, unknown>>): Answer => {
      if (typeof to !== 'string' || typeof text !== 'string') throw new Refused('a letter needs to and text');
      const letterId = String(kit.nextNumber());
      const sentAt = kit.clock.now();
      const url = typeof notifyUrl === 'string' ? notifyUrl : null;
      letters.add({ letterId, to, text, notifyUrl: url, state: 'flying', sentAt, deliveredAt: null }, 'sent');
      arriveAt(sentAt + switches.get().flightMs, letterId);
      return json(201, { id: letterId, state: 'flying', grams: 12 });
    };
    const endpoints: Endpoint[] = [
      {
        name: 'send',
        methods: ['POST'],
        path: '/v1/letters',
        target: ({ json: body }, answer) => ({ letterId: idOf(answer), to: String(body.to) }),
        answer: (call) => sendLetter(call.json),
      },
      {
        name: 'status',
        methods: ['GET'],
        path: '/v1/letters/:id',
        target: ({ params }) => ({ letterId: params.id }),
        answer: ({ params }) => json(200, shown(recordOf(letters, params.id))),
      },
      {
        name: 'inbox',
        methods: ['GET'],
        path: '/inbox',
        hosts: [],
        answer: ({ language }) => page(200, inbox(language, letters.all().length)),
      },
    ];
    return {
      endpoints,
      controls: recordControls(letters, {
        path: 'letters',
        state: ({ state }) => state,
        states: STATES,
        view: shown,
      }),
      faults: { rain: replacing({ mm: wholeNumber(10) }, ({ mm }) => json(503, { rain: mm })) },
      switches,
      callbacks,
      refusal: (error) => (error instanceof Refused ? json(422, { refused: error.message }) : undefined),
      overview: () => ({ letters: letters.all().length }),
    };
  },
};

/** What a notice is sealed with. */
export function seal(body: string, now: number): string {
  return `${now} ${createHmac('sha256', KEY).update(`${now}.${body}`).digest('hex')}`;
}

function notice({ letterId, to, state }: Letter, url: string): Outgoing<Values<typeof RULE>> {
  return {
    target: { letterId, to },
    write: (rule) => ({
      url,
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ id: letterId, state }),
      note: { letterId, seal: rule?.wrongSeal ? 'wrong' : 'right' },
    }),
  };
}

function shown({ letterId, to, text, state, sentAt, deliveredAt }: Letter): unknown {
  return { id: letterId, to, text, state, ...shownInstants({ sentAt, deliveredAt }) };
}

function inbox(language: 'fa' | 'en', count: number) {
  const title = { fa: 'صندوق نامه', en: 'Inbox' };
  const body = messageBody(title[language], `${count}`);
  return layout({ language, title, ribbon: pigeonPost.ribbon, body });
}

function idOf(answer: Answer | undefined): string | undefined {
  return (JSON.parse(answer?.text ?? '{}') as { id?: string }).id;
}
