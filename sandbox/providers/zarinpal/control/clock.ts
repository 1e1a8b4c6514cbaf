import type { ControlCall } from '../control';
import type { Incoming } from '../incoming';
import { jsonReply, redirectReply, type Reply } from '../reply';
import type { Sandbox } from '../sandbox';
import { ControlProblem, flag, instant, onlyKnown } from './input';

/** `/_sandbox/clock`: GET tells, POST `{reset?, freeze?: true | instant, thaw?, advanceMs?}` changes, in that order. */
export function answerClockControl(sandbox: Sandbox, { method, body }: ControlCall): unknown {
  if (method === 'GET') return clockView(sandbox);
  if (method !== 'POST') throw new ControlProblem(405, 'use GET or POST');
  onlyKnown(body, ['reset', 'freeze', 'thaw', 'advanceMs']);
  const { advanceMs, freeze } = body;
  if (advanceMs !== undefined && !Number.isSafeInteger(advanceMs)) {
    throw new ControlProblem(400, 'advanceMs is a whole number');
  }
  const freezeAt =
    freeze === undefined || typeof freeze === 'boolean' ? undefined : instant(freeze, 'freeze');
  if (flag(body, 'reset')) sandbox.clock.reset();
  if (freeze !== undefined && freeze !== false) sandbox.clock.freeze(freezeAt);
  if (flag(body, 'thaw')) sandbox.clock.thaw();
  if (advanceMs !== undefined) sandbox.clock.advance(advanceMs as number);
  return clockView(sandbox);
}

/** The index page's buttons, which are forms; only the page itself may send them. */
export function answerClockButtons(sandbox: Sandbox, { method, origin, host, text }: Incoming): Reply {
  const isOwn = origin !== null && URL.canParse(origin) && new URL(origin).hostname === host;
  if (method !== 'POST' || !isOwn) return jsonReply(403, { error: 'only the index page may do that' });
  const minutes = new URLSearchParams(text).get('minutes') ?? '';
  if (minutes === 'reset') sandbox.clock.reset();
  else if (/^\d{1,4}$/.test(minutes)) sandbox.clock.advance(Number(minutes) * 60_000);
  return redirectReply('/');
}

/** How the clock stands. */
export function clockView({ clock }: Sandbox): unknown {
  const { offsetMs, frozenAt } = clock.setting();
  return { now: new Date(clock.now()).toISOString(), frozen: frozenAt !== null, offsetMs };
}
