import type { Sandbox } from '../sandbox';
import { shownState } from '../session';
import { clockView } from './clock';

/** `GET /_sandbox`: where everything is, and how things stand. */
export function answerOverview(sandbox: Sandbox, url: string): unknown {
  const states: Record<string, number> = {};
  for (const session of sandbox.sessions.all()) {
    const state = shownState(session);
    states[state] = (states[state] ?? 0) + 1;
  }
  return {
    rest: `${url}/pg/v4/payment/`,
    payPage: `${url}/pg/StartPay/`,
    graphql: `${url}/api/v4/graphql/`,
    control: ['sessions', 'faults', 'callbacks', 'clock', 'switches', 'merchants', 'journal', 'reset'].map(
      (name) => `${url}/_sandbox/${name}`,
    ),
    sessions: states,
    clock: clockView(sandbox),
    switches: sandbox.switches(),
    faults: sandbox.faults.all().length,
    callbackRules: sandbox.callbacks.rules.all().length,
    heldCallbacks: sandbox.callbacks.held().length,
  };
}
