import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, expect, test } from 'vitest';

import { OPERATIONS, type CheckoutView, type OrderDetailView } from '../../api/client/generated';
import { authorityOf } from '../support/buyer';
import { buildRecipient } from '../support/factories/recipient';
import { journeyShop } from '../support/journey';
import { removeFolder, scratchFolder } from '../support/scratch-folder';

const PAGE = readFileSync(path.join(__dirname, '../../docs/build-a-storefront.md'), 'utf8');
const journey = journeyShop({ api: { storefrontResultUrl: 'https://shop.example/paid?lang=fa' } });
const folder = scratchFolder('storefront');
afterAll(() => removeFolder(folder));

const blocks = (language: string): string[] =>
  [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, code]) => code!);

// oxlint-disable-next-line typescript/no-explicit-any -- the page is JavaScript, as its readers write it
type Storefront = Record<string, (...parameters: any[]) => Promise<any>>;

/** The code of the page as one module, for the shop of this test. */
async function loadStorefront(): Promise<Storefront> {
  const file = path.join(folder, 'storefront.mjs');
  const code = blocks('js').join('\n');
  expect(code).toContain("const api = 'http://127.0.0.1:3000/api/v1'");
  writeFileSync(file, code.replace('http://127.0.0.1:3000', journey.shop.url));
  return (await import(pathToFileURL(file).href)) as Storefront;
}

test('the code of the page sells something, from the search to the receipt', async () => {
  const { shop } = journey;
  const storefront = await loadStorefront();
  const { items } = await storefront['searchProducts']!('گوشی');
  const { variants } = await storefront['readProduct']!(items[0].slug);
  const variant = variants.find(({ inStock }: { inStock: boolean }) => inStock);
  const { token } = await storefront['openCart']!();
  await storefront['putIntoCart']!(token, variant.id, 1);
  const cart = await storefront['sendTo']!(token, buildRecipient());
  expect(cart).toMatchObject({ orderable: true, recipient: buildRecipient() });

  await expect(
    storefront['placeOrder']!(token, { ...cart.total, amount: cart.total.amount - 1 }, crypto.randomUUID()),
  ).rejects.toMatchObject({ code: 'checkout.price_changed', total: cart.total });
  const { order, payment, orderToken } = (await storefront['placeOrder']!(
    token,
    cart.total,
    crypto.randomUUID(),
  )) as CheckoutView;
  const { callbackUrl } = await shop.zarinpal.pay(authorityOf(payment.redirect));
  const callback = await fetch(callbackUrl!, { headers: { accept: 'text/html' }, redirect: 'manual' });
  const address = callback.headers.get('location')!;
  expect(address).toMatch(/^https:\/\/shop\.example\/paid\?lang=fa&result=/);

  expect(await storefront['readResult']!(address)).toMatchObject({ status: 'paid', amount: cart.total });
  const paid = (await storefront['readOrder']!(order.id, orderToken)) as OrderDetailView;
  expect(paid.order.status).toBe('placed');
  expect(paid.receipt).toMatchObject({ gateway: 'zarinpal', amount: cart.total });
  const { events } = await storefront['readEvents']!(order.id, orderToken, 1);
  expect(events.at(-1)).toMatchObject({ type: 'order.paid', payload: { refId: paid.receipt!.number } });
});

test('the code of the page opens another payment page and cancels', async () => {
  const storefront = await loadStorefront();
  const item = await journey.takeItem();
  const { token } = await storefront['openCart']!();
  await storefront['putIntoCart']!(token, item.variantId, 1);
  const cart = await storefront['sendTo']!(token, buildRecipient());
  const { order, payment, orderToken } = (await storefront['placeOrder']!(
    token,
    cart.total,
    crypto.randomUUID(),
  )) as CheckoutView;

  const another = await storefront['openPaymentPage']!(order.id, orderToken, crypto.randomUUID());
  expect(another.payment.redirect).not.toBe(payment.redirect);
  const cancelled = await storefront['cancelOrder']!(order.id, orderToken, crypto.randomUUID());

  expect(cancelled.order.status).toBe('cancelled');
  const { events } = await storefront['readEvents']!(order.id, orderToken);
  expect(events.map(({ type }: { type: string }) => type)).toContain('order.cancelled');
});

test('the code with types names operations that the client has', () => {
  const named = blocks('ts').flatMap((code) =>
    Array.from(code.matchAll(/\.call\('(\w+)'/g), ([, name]) => name!),
  );

  expect(named.length).toBeGreaterThan(2);
  expect(named.filter((name) => !(name in OPERATIONS))).toEqual([]);
});
