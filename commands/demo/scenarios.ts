import type { OrderView } from '../../api/client/generated';
import type { Browser, Page } from './browser';
import type { KeptOrder, Shopper } from './shopper';
import { until } from './until';

/** The tools of a scenario. */
export interface Scene {
  readonly shopper: Shopper;
  readonly browser: Browser;
  /** Prints a line on the terminal. */
  readonly say: (text: string) => void;
  /** Records the order for the report, even if the scenario fails later. */
  readonly ordered: (order: KeptOrder, payPage: string) => void;
}

/** What must be true after a scenario. */
export interface Outcome {
  readonly status: OrderView['status'];
  readonly paymentStatus: OrderView['paymentStatus'];
  /** The journal, by type. */
  readonly events: readonly string[];
  /** Whether the workflow has ended. While a page is unpaid, the workflow watches it for late money. */
  readonly workflowEnds: boolean;
  /** The gateway's state of each payment page, oldest first. */
  readonly payments: readonly string[];
}

export interface Scenario {
  readonly summary: string;
  readonly outcome: Outcome;
  readonly play: (scene: Scene) => Promise<void>;
}

/** Without a callback, a poll every few minutes or a sweep every minute finds the payment. */
const FOUND_WITHIN_MS = 270_000;
/** Routes of orders have a limit per minute, which the buyer still needs afterwards. */
const POLL_MS = 1_000;

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  paid: {
    summary: 'the buyer pays and comes back',
    outcome: {
      status: 'placed',
      paymentStatus: 'paid',
      events: ['order.created', 'order.payment_opened', 'order.paid'],
      workflowEnds: true,
      payments: ['VERIFIED'],
    },
    async play({ shopper, browser, ordered }) {
      const { order, payPage } = await shopper.order();
      ordered(order, payPage);
      expectPage(await browser.press(await browser.open(payPage), 'pay'));
    },
  },

  'refused-then-paid': {
    summary: 'the buyer refuses on the first page and pays on a second one',
    outcome: {
      status: 'placed',
      paymentStatus: 'paid',
      events: [
        'order.created',
        'order.payment_opened',
        'order.payment_opened',
        'order.paid',
        'order.payment_refused',
      ],
      workflowEnds: false,
      payments: ['FAILED', 'VERIFIED'],
    },
    async play({ shopper, browser, ordered }) {
      const { order, payPage } = await shopper.order();
      ordered(order, payPage);
      expectPage(await browser.press(await browser.open(payPage), 'refuse'));
      const secondPage = await shopper.payAgain(order);
      ordered(order, secondPage);
      expectPage(await browser.press(await browser.open(secondPage), 'pay'));
    },
  },

  'closed-tab': {
    summary: 'the buyer pays and closes the tab: there is no callback',
    outcome: {
      status: 'placed',
      paymentStatus: 'paid',
      events: ['order.created', 'order.payment_opened', 'order.paid'],
      workflowEnds: true,
      payments: ['VERIFIED'],
    },
    async play({ shopper, browser, ordered, say }) {
      const { order, payPage } = await shopper.order();
      ordered(order, payPage);
      expectPage(await browser.press(await browser.open(payPage), 'pay-and-close-tab'));
      say('There is no callback. The sweep reads the gateway’s list of unsettled payments every minute …');
      await until(
        () => shopper.read(order),
        (it) => it.order.paymentStatus === 'paid',
        FOUND_WITHIN_MS,
        (it) =>
          `Nobody found the payment within ${FOUND_WITHIN_MS / 1_000} s: the order is ${it.order.status}.`,
        POLL_MS,
      );
    },
  },

  cancelled: {
    summary: 'the buyer cancels, then pays on the page that is still open: the money is not captured',
    outcome: {
      status: 'cancelled',
      paymentStatus: 'unpaid',
      events: ['order.created', 'order.payment_opened', 'order.cancelled', 'order.payment_refused'],
      workflowEnds: false,
      payments: ['PAID'],
    },
    async play({ shopper, browser, ordered }) {
      const { order, payPage } = await shopper.order();
      ordered(order, payPage);
      const page = await browser.open(payPage);
      await shopper.cancel(order);
      expectPage(await browser.press(page, 'pay'));
    },
  },
};

function expectPage({ url, status }: Page): void {
  if (status !== 200) throw new Error(`The buyer ended on ${url} with HTTP ${status}.`);
}
