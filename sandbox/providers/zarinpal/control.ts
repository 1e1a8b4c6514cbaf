import { answerCallbackControl } from './control/callbacks';
import { answerClockControl, answerClockButtons } from './control/clock';
import { answerFaultControl } from './control/faults';
import { ControlProblem } from './control/input';
import { answerJournalControl } from './control/journal';
import { answerMerchantControl } from './control/merchants';
import { answerOverview } from './control/overview';
import { answerSessionControl } from './control/sessions';
import { answerSwitchControl } from './control/switches';
import { jsonObject, type Incoming } from './incoming';
import { maskMerchants } from './mask';
import { jsonReply, type Reply } from './reply';
import type { Sandbox } from './sandbox';

/** One call of the control API, taken apart. */
export interface ControlCall {
  readonly method: string;
  /** What follows the resource's name in the path. */
  readonly rest: readonly string[];
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

type Resource = (sandbox: Sandbox, call: ControlCall) => unknown;

const RESOURCES: Readonly<Record<string, Resource>> = {
  sessions: answerSessionControl,
  faults: answerFaultControl,
  callbacks: answerCallbackControl,
  clock: answerClockControl,
  switches: answerSwitchControl,
  merchants: answerMerchantControl,
  journal: answerJournalControl,
  reset: (sandbox, { method }) => {
    if (method !== 'POST') throw new ControlProblem(405, 'use POST');
    sandbox.reset();
    return { reset: true };
  },
};

/** Answers `/_sandbox` and what lies under it: JSON in, JSON out. See docs/zarinpal-sandbox.md. */
export async function answerControl(sandbox: Sandbox, incoming: Incoming, url: string): Promise<Reply> {
  const [, , name = '', ...rest] = incoming.path.replace(/\/$/, '').split('/').map(decoded);
  if (name === 'page' && rest[0] === 'clock') return answerClockButtons(sandbox, incoming);
  if (name === '') return jsonReply(200, answerOverview(sandbox, url));
  const resource = Object.hasOwn(RESOURCES, name) ? RESOURCES[name] : undefined;
  try {
    if (!resource) throw new ControlProblem(404, `there is no /_sandbox/${name}`);
    const call = { method: incoming.method, rest, query: incoming.query, body: controlBody(incoming) };
    const answer = await resource(sandbox, call);
    if (call.method !== 'GET') {
      const note = { call: `${call.method} ${incoming.path}`, body: call.body };
      sandbox.journal.add({ kind: 'control', ...maskMerchants(note) });
    }
    return jsonReply(200, answer);
  } catch (error) {
    if (error instanceof ControlProblem) return jsonReply(error.status, { error: error.message });
    throw error;
  }
}

/** Only JSON changes anything, so that a page on the web cannot: a browser asks before sending that type elsewhere. */
function controlBody(incoming: Incoming): Record<string, unknown> {
  if (incoming.method === 'GET') return {};
  if (incoming.contentType !== 'application/json') {
    throw new ControlProblem(415, 'send Content-Type: application/json');
  }
  if (incoming.text.trim() === '') return {};
  try {
    JSON.parse(incoming.text);
  } catch {
    throw new ControlProblem(400, 'the body is not JSON');
  }
  return jsonObject(incoming);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
