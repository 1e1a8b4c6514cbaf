import { noteRendering, settlePicture } from '../../../entities/pictures/process-picture';
import { completeUpload, requestUpload } from '../../../entities/pictures/request-upload';
import { newId } from '../../../entities/values/uuid';
import { buildProduct } from '../../support/factories/catalog';
import type { StaffCalls, StaffWorld } from './staff-call';

const LIFE_MS = 60_000;

/** Pictures of products. No object of theirs is in a store. */
export function pictureCalls({ shop }: StaffWorld): StaffCalls {
  const product = async () => (await buildProduct(shop.database)).id;
  const pictureOf = async (productId: string) => {
    const pictureId = newId();
    const upload = { uploadKey: pictureId, bytes: 1, expiresAt: new Date(Date.now() + LIFE_MS) };
    await shop.run((transaction) => requestUpload(transaction, { pictureId, productId, ...upload }));
    return pictureId;
  };
  const pending = async () => {
    const productId = await product();
    return `/catalog/products/${productId}/pictures/${await pictureOf(productId)}`;
  };
  const readyOf = async (productId: string, digest: string) => {
    const pictureId = await pictureOf(productId);
    const sizes = [{ key: `${pictureId}-320`, width: 320, height: 160 }];
    await shop.run(async (transaction) => {
      await completeUpload(transaction, { pictureId, productId });
      await noteRendering(transaction, { pictureId, digest: digest.repeat(64), sizes });
      await settlePicture(transaction, { pictureId, failure: null });
    });
    return pictureId;
  };
  return {
    'POST /catalog/products/:id/pictures': async () => ({
      path: `/catalog/products/${await product()}/pictures`,
      body: { type: 'image/png', bytes: 1_000 },
    }),
    'POST /catalog/products/:id/pictures/:pictureId/complete': async () => ({
      path: `${await pending()}/complete`,
    }),
    'PUT /catalog/products/:id/pictures/order': async () => {
      const productId = await product();
      const [first, second] = [await readyOf(productId, 'a'), await readyOf(productId, 'b')];
      const path = `/catalog/products/${productId}/pictures/order`;
      return { path, seen: 2, body: { pictureIds: [second, first] } };
    },
    'PUT /catalog/products/:id/pictures/:pictureId/alt': async () => ({
      ...{ path: `${await pending()}/alt`, seen: 0, body: { altFa: 'گوشی سرمه‌ای' } },
    }),
    'DELETE /catalog/products/:id/pictures/:pictureId': async () => ({ path: await pending(), seen: 0 }),
  };
}
