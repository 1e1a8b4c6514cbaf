import { planPrice } from '../../../entities/catalog/change-price';
import { newId } from '../../../entities/values/uuid';
import { buildCategory, buildProduct } from '../../support/factories/catalog';
import { buildRow, tableOf } from '../../support/factories/catalog-table';
import type { StaffCalls, StaffWorld } from './staff-call';

const HOUR_MS = 3_600_000;
const PRICE = { amount: 90_000, currency: 'IRR' };
const unique = (word: string) => `${word}-${newId()}`;

/** Products, variants, prices and categories. */
export function catalogCalls({ shop, admin }: StaffWorld): StaffCalls {
  const category = async () => (await buildCategory(shop.database)).id;
  const product = async () => `/catalog/products/${(await buildProduct(shop.database)).id}`;
  const variantId = async () => {
    const { variants } = await buildProduct(shop.database, { variants: [{}, {}] });
    return variants[0]!.id;
  };
  const variant = async () => `/catalog/variants/${await variantId()}`;
  const plannedPrice = async () => {
    const plannedPriceId = newId();
    const planned = { price: 80_000, startsAt: null, endsAt: new Date(Date.now() + HOUR_MS) };
    const terms = { plannedPriceId, variantId: await variantId(), seen: 0, ...planned };
    await shop.run((transaction) => planPrice(transaction, admin, terms));
    return `/catalog/planned-prices/${plannedPriceId}`;
  };
  return {
    'POST /catalog/products': async () => ({
      body: { slug: unique('made'), title: 'میز', categoryId: await category() },
    }),
    'PATCH /catalog/products/:id': async () => ({
      ...{ path: await product(), seen: 0, body: { title: unique('میز') } },
    }),
    'PUT /catalog/products/:id/status': async () => ({
      ...{ path: `${await product()}/status`, seen: 0, body: { status: 'archived' } },
    }),
    'POST /catalog/products/:id/variants': async () => ({
      ...{ path: `${await product()}/variants`, seen: 0 },
      body: { sku: unique('S'), title: 'گردویی', price: PRICE },
    }),
    'PATCH /catalog/variants/:id': async () => ({
      ...{ path: await variant(), seen: 0, body: { title: 'بلوطی' } },
    }),
    'PUT /catalog/variants/:id/status': async () => ({
      ...{ path: `${await variant()}/status`, seen: 0, body: { status: 'retired' } },
    }),
    'PUT /catalog/variants/:id/price': async () => ({
      ...{ path: `${await variant()}/price`, seen: 0, body: PRICE },
    }),
    'POST /catalog/variants/:id/planned-prices': async () => ({
      ...{ path: `${await variant()}/planned-prices`, seen: 0 },
      body: { price: PRICE, endsAt: new Date(Date.now() + HOUR_MS).toISOString() },
    }),
    'DELETE /catalog/planned-prices/:id': async () => ({ path: await plannedPrice(), seen: 1 }),
    'POST /catalog/categories': () => ({ body: { slug: unique('made'), title: 'دسته' } }),
    'PATCH /catalog/categories/:id': async () => ({
      ...{ path: `/catalog/categories/${await category()}`, seen: 0, body: { title: 'دیگر' } },
    }),
    'DELETE /catalog/categories/:id': async () => ({
      ...{ path: `/catalog/categories/${await category()}`, seen: 0 },
    }),
    'POST /catalog/recommendations': () => ({ needsTemporal: true }),
    'POST /catalog/imports': async () => ({
      body: tableOf([buildRow({ category: (await buildCategory(shop.database)).slug })]),
    }),
  };
}
