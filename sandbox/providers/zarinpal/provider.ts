import { json, page } from '../../kit/answer';
import type { Provider } from '../../kit/provider';
import { resumeAutoPay } from './buyer';
import { TARGETS } from './callbacks';
import { merchantControls } from './control/merchant-controls';
import { sessionControls } from './control/session-controls';
import { refusalAnswer } from './envelopes';
import { zarinpalFaults } from './faults';
import { graphqlEndpoint } from './graphql';
import { HOSTS } from './hosts';
import { mask } from './mask';
import { message } from './pages/other-pages';
import { sessionList } from './pages/session-list';
import { RIBBON } from './pages/zarinpal-page';
import { Refusal } from './refusal';
import { REST_PATH, restEndpoints } from './rest/endpoints';
import { shownState } from './session';
import { payPageEndpoint } from './startpay';
import { openZarinpal, type Zarinpal } from './zarinpal';

/** A local Zarinpal: REST v4, the pay page, the account API. */
export function zarinpalProvider(sessionLimit = 10_000): Provider {
  return {
    name: 'zarinpal',
    title: { fa: 'سندباکس زرین‌پال', en: 'Zarinpal sandbox' },
    ribbon: RIBBON,
    hosts: HOSTS,
    targets: TARGETS,
    literalPaths: true,
    mask,
    open(kit) {
      const zarinpal = openZarinpal(kit, sessionLimit);
      return {
        endpoints: [...restEndpoints(zarinpal), payPageEndpoint(zarinpal), graphqlEndpoint(zarinpal)],
        controls: { ...sessionControls(zarinpal), ...merchantControls(zarinpal) },
        faults: zarinpalFaults(zarinpal.switches),
        switches: zarinpal.settings,
        callbacks: zarinpal.callbacks.all,
        refusal: (error) =>
          error instanceof Refusal ? refusalAnswer(error, zarinpal.switches()) : undefined,
        nothing: ({ url: { pathname }, language }, status) => {
          if (/^\/(pg\/v4|api)\//.test(pathname)) return json(status, { message: SAID[status] });
          return page(status, message(language, 'noAddress'));
        },
        overview: () => overview(zarinpal),
        index: (language) => sessionList(language, zarinpal.sessions.all()),
        onStart: () => resumeAutoPay(zarinpal),
        onReset: () => zarinpal.calls.reset(),
      };
    },
  };
}

const SAID = { 404: 'Not Found', 405: 'The method is not supported for this route.' } as const;

function overview({ kit, sessions }: Zarinpal): Readonly<Record<string, unknown>> {
  const url = kit.url();
  const states: Record<string, number> = {};
  for (const state of sessions.all().map(shownState)) states[state] = (states[state] ?? 0) + 1;
  return {
    rest: url + REST_PATH,
    payPage: `${url}/pg/StartPay/`,
    graphql: `${url}/api/v4/graphql/`,
    sessions: states,
  };
}
