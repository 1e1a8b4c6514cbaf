import type { OrderView } from '../../api/client/generated';
import type { Browser, Page } from './browser';
import type { KeptOrder, Shopper } from './shopper';
import { until } from './until';

/** What a scenario works with. */
export interface Scene {
  readonly shopper: Shopper;
  readonly browser: Browser;
  /** Tells whoever waits in front of the terminal. */
  readonly say: (text: string) => void;
  /** Keeps what was ordered for the report, also when the scenario fails further on. */
  readonly ordered: (order: KeptOrder, payPage: string) => void;
}

/** How everything must stand when a scenario is over. */
export interface Outcome {
  readonly status: OrderView['status'];
  readonly paymentStatus: OrderView['paymentStatus'];
  /** The journal, by type. */
  readonly events: readonly string[];
  /** Whether the workflow is over; one that was left with an unpaid page watches it for money that comes late. */
  readonly workflowEnds: boolean;
  /** What the gateway says of each payment page, in the order in which they were opened. */
  readonly payments: readonly string[];
}

export interface Scenario {
  readonly summary: string;
  readonly outcome: Outcome;
  readonly play: (scene: Scene) => Promise<void>;
}

/** A poll every few minutes, a sweep every minute: whichever comes first finds a payment that nobody told of. */
const FOUND_WITHIN_MS = 270_000;

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
    summary: 'the buyer turns back on the first page and pays on a second one',
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
    summary: 'the buyer pays and closes the tab: nobody comes back to tell',
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
      say('Nobody comes back. The sweep looks into the gateway’s list of unsettled payments every minute …');
      await until(
        () => shopper.read(order),
        (it) => it.order.paymentStatus === 'paid',
        FOUND_WITHIN_MS,
        (it) =>
          `Nobody found the payment within ${FOUND_WITHIN_MS / 1_000} s: the order is ${it.order.status}.`,
      );
    },
  },

  cancelled: {
    summary: 'the buyer cancels, then pays on the page that is still open: the money is not taken',
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
