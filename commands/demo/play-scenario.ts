import type { ApiSession } from '../../api/client/client';
import { Browser } from './browser';
import { checkAllInvariants, type Check } from './checks';
import type { ShopAddresses } from './find-shop';
import { inspectOrder } from './inspect-order';
import { openListener, type Listener } from './listener';
import { checkLine, linksOf } from './report';
import type { Scenario } from './scenarios';
import { Shopper, type KeptOrder, type Purchase } from './shopper';
import { signIn } from './sign-in';
import { Timeline } from './timeline';

/**
 * Plays a scenario at a shop, then prints its timeline, links and all checks. A scenario that fails half-way is printed up to
 * that point.
 *
 * @returns the checks that failed
 */
export async function playScenario(
  shop: ShopAddresses,
  scenario: Scenario,
  print: (line: string) => void,
): Promise<Check[]> {
  const timeline = new Timeline();
  const browser = new Browser(timeline, ({ origin }) => (origin === shop.zarinpalUrl ? 'Zarinpal' : 'shop'));
  let purchase: Purchase | undefined;
  let listener: Listener | undefined;
  const ordered = (order: KeptOrder, payPage: string) => {
    const authority = new URL(payPage).pathname.split('/').at(-1)!;
    listener?.follow(order.id);
    purchase = { order, authorities: [...(purchase?.authorities ?? []), authority] };
  };

  let shopper: Shopper | undefined;
  let session: ApiSession | undefined;
  const checks = await attempt('the buyer completes the scenario', async () => {
    const signedIn = await signIn(shop, timeline);
    session = signedIn.session;
    listener = openListener(shop, session, timeline);
    shopper = new Shopper(signedIn.api, timeline);
    await scenario.play({ shopper, browser, say: print, ordered });
    return [];
  });
  if (shopper && listener && purchase) {
    const [buyer, socket, made]: [Shopper, Listener, Purchase] = [shopper, listener, purchase];
    const expected = checks.length === 0 ? scenario.outcome : undefined;
    checks.push(
      ...(await attempt('the order can be inspected', () =>
        inspectOrder(shop, buyer, made, expected, timeline),
      )),
    );
    if (expected) {
      checks.push(
        ...(await attempt('the socket tells the buyer what happens', async () =>
          socket.check(made.order.id, await buyer.events(made.order)),
        )),
      );
    }
    print([...timeline.lines(), '', ...linksOf(shop, made, await session?.accessToken()), ''].join('\n'));
  }
  listener?.close();
  checks.push(
    ...(await attempt('the invariants can be checked', async () => [
      await checkAllInvariants(shop.databaseUrl),
    ])),
  );
  for (const check of checks) print(checkLine(check));
  return checks.filter(({ holds }) => !holds);
}

async function attempt(sentence: string, work: () => Promise<Check[]>): Promise<Check[]> {
  try {
    return await work();
  } catch (error) {
    return [{ sentence, holds: false, found: error instanceof Error ? error.message : String(error) }];
  }
}
