import { putRecipient, removeRecipient } from '../../entities/carts/put-recipient';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { limitCaller } from '../middleware/limit-caller';
import { validate } from '../middleware/validate';
import type { PublicRouter } from '../router-kinds';
import { holdsCart } from './cart-holder';
import { CartView } from './cart.view';
import { fillable, type CartChanges } from './change-cart';
import { chosenRecipient } from './chosen-recipient';
import { PutRecipientInput } from './recipient.input';

/** Who gets what is in the cart. */
export function recipientRoutes(
  router: PublicRouter,
  dependencies: Pick<
    Dependencies,
    'database' | 'keyedHash' | 'accessTokens' | 'liveSessions' | 'recipientRules'
  >,
  { change, changeFilled }: CartChanges,
): void {
  const limited = limitCaller('carts', dependencies);
  const held = holdsCart(dependencies);

  router.put(
    '/carts/current/recipient',
    [
      describeRoute({
        operation: 'setCartRecipient',
        tag: 'carts',
        summary: 'Say who gets the goods, and where',
        description:
          'Takes a recipient, or the id of a saved address of a caller who has signed in. The order keeps a copy of it. The version of the cart grows when it changes.',
        answers: { 200: CartView },
        errors: ['address.not_found'],
      }),
      limited,
      held,
      validate(PutRecipientInput),
    ],
    async (ctx) => {
      const { cart, input } = ctx.state;
      const recipient = await chosenRecipient(dependencies, cart, input);
      const body = await change(cart, (transaction) => putRecipient(transaction, fillable(cart), recipient));
      return { status: 200, body };
    },
  );

  router.delete(
    '/carts/current/recipient',
    [
      describeRoute({
        operation: 'removeCartRecipient',
        tag: 'carts',
        summary: 'Take the recipient from the cart',
        answers: { 200: CartView },
      }),
      limited,
      held,
    ],
    async (ctx) => {
      const { cart } = ctx.state;
      const body = await changeFilled(cart, (transaction) => removeRecipient(transaction, cart));
      return { status: 200, body };
    },
  );
}
