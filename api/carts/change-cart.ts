import type { EntityManager } from 'typeorm';

import { requireOpen } from '../../entities/carts/lock-cart';
import type { FillableCart } from '../../entities/carts/put-into-cart';
import { AppError, assertThat } from '../../entities/errors';
import type { Transaction } from '../../entities/sql';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { limitsOfAll } from '../payments/chosen-gateway';
import { createTurns } from '../turns';
import type { HeldCart } from './cart-holder';
import { presentCart } from './cart.presenter';
import { readCart } from './cart.queries';
import type { CartView } from './cart.view';

/** More than any page sends at once. The wait is shorter than that for a free connection. */
const CHANGES_OF_A_CART = { mostWaiting: 50, longestWaitMs: 5_000 };

/** The version of a cart that nothing was put into. */
export const FIRST_VERSION = 1;

/** Shows and changes carts. Every answer is the whole cart at current prices. */
export interface CartChanges {
  /** @throws AppError `cart.not_found`, `cart.not_yours` */
  show(manager: EntityManager, cart: HeldCart): Promise<CartView>;
  /** A cart that nothing was put into has no row. */
  showEmpty(issuedAt: Date): CartView;
  /**
   * Changes the cart and reads it in the same transaction, so the answer is the state that was committed. Changes of one cart take
   * turns before they take a connection: its row makes them wait for each other anyway.
   */
  change(cart: HeldCart, work: (transaction: Transaction) => Promise<void>): Promise<CartView>;
  /** The same for a change that puts nothing in. A cart without a row stays so, and `whenEmpty` judges the change. */
  changeFilled(
    cart: HeldCart,
    work: (transaction: Transaction) => Promise<void>,
    whenEmpty?: () => void,
  ): Promise<CartView>;
}

export function createCartChanges({
  database,
  checkoutConfig,
  inbound,
  publicUrl,
}: Pick<Dependencies, 'database' | 'checkoutConfig' | 'inbound' | 'publicUrl'>): CartChanges {
  const { unitsPerLine, unitsPerOrder, shopDelivers: delivers } = checkoutConfig;
  const terms = { unitsPerLine, unitsPerOrder, delivers, publicUrl, limits: limitsOfAll(inbound) };

  const inTurn = createTurns(CHANGES_OF_A_CART);

  const changes: CartChanges = {
    async show(manager, { id, callerId, issuedAt }) {
      const cart = await readCart(manager, id);
      assertThat(cart ?? issuedAt, 'cart.not_found');
      if (cart) requireOpen(cart, callerId);
      return cart ? presentCart(cart, terms) : changes.showEmpty(issuedAt!);
    },
    showEmpty(updatedAt) {
      return presentCart(
        { version: FIRST_VERSION, customerId: null, recipient: null, lines: [], updatedAt },
        terms,
      );
    },
    change(cart, work) {
      return inTurn(cart.id, () =>
        withTransaction(database, async (transaction) => {
          await work(transaction);
          return changes.show(transaction, cart);
        }),
      );
    },
    async changeFilled(cart, work, whenEmpty = () => {}) {
      try {
        return await changes.change(cart, work);
      } catch (error) {
        if (!cart.issuedAt || !(error instanceof AppError && error.code === 'cart.not_found')) throw error;
        whenEmpty();
        return changes.showEmpty(cart.issuedAt);
      }
    },
  };
  return changes;
}

/** The cart as an operation that fills it takes it. */
export function fillable({ id, callerId, issuedAt }: HeldCart): FillableCart {
  return { id, callerId, mayBeOpened: issuedAt !== undefined };
}
