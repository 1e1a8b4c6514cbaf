import { lockProduct } from '../../entities/catalog/lock-product';
import { describePicture, orderPictures, removePicture } from '../../entities/pictures/arrange-pictures';
import { readPictures } from '../../entities/pictures/read-pictures';
import { completeUpload, requestUpload } from '../../entities/pictures/request-upload';
import type { Transaction } from '../../entities/sql';
import { audited } from '../../entities/staff/audited';
import { newId } from '../../entities/values/uuid';
import type { Logger } from '../../platform/logger';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { requireIfMatch } from '../middleware/if-match';
import { may } from '../middleware/may';
import { validate, validateParams } from '../middleware/validate';
import type { StaffRouter } from '../router-kinds';
import { actorOf, type Acting } from '../staff/acting';
import { DescribeInput, OrderInput, PictureParams, ProductParams, UploadInput } from './picture.input';
import { presentPictures } from './picture.presenter';
import { StaffPicturesView, UploadView } from './picture.view';

/** How long somebody may take to upload a picture. */
const UPLOAD_LIFE_MS = 10 * 60_000;

/** The pictures of a product, as staff keep them. */
export function productPicturesRoutes(
  router: StaffRouter,
  {
    database,
    storage,
    pictures,
    publicUrl,
  }: Pick<Dependencies, 'database' | 'storage' | 'pictures' | 'publicUrl'>,
): void {
  const show = async (transaction: Transaction, productId: string) => {
    const version = await lockProduct(transaction, productId, null);
    return presentPictures(publicUrl, version, await readPictures(transaction, productId));
  };

  /** Runs a change, with its record unless it says that nothing changed, and shows the pictures as it left them. */
  const change = (
    acting: Acting,
    productId: string,
    details: Readonly<Record<string, string>>,
    work: (transaction: Transaction) => Promise<boolean | void>,
  ) =>
    withTransaction(database, async (transaction) => {
      const hasChanged = await work(transaction);
      const object = { type: 'product', id: productId } as const;
      if (hasChanged !== false)
        await audited(transaction, actorOf(acting), { action: 'picture.change', object, details });
      return show(transaction, productId);
    });

  /** The sweep finds pictures whose workflow could not be called. */
  const poll = async (pictureId: string, log: Logger) => {
    const { kind } = await pictures.poll(pictureId);
    if (kind !== 'answered') log.warn({ pictureId, kind }, 'the workflow of a picture was not reached');
  };

  router.get(
    '/catalog/products/:id/pictures',
    [
      describeRoute({
        operation: 'listProductPictures',
        tag: 'pictures',
        summary: 'The pictures of a product, also those that are on their way or were refused',
        answers: { 200: StaffPicturesView },
      }),
      may('picture.read'),
      validateParams(ProductParams, 'catalog.product_not_found'),
    ],
    async (ctx) => {
      const shown = await withTransaction(database, (transaction) => show(transaction, ctx.state.params.id));
      return { status: 200, ...shown };
    },
  );

  router.post(
    '/catalog/products/:id/pictures',
    [
      describeRoute({
        operation: 'requestPictureUpload',
        tag: 'pictures',
        summary: 'Ask for an upload of one picture',
        description:
          'Upload as the answer says, then complete the picture. JPEG, PNG, WebP and AVIF, at most 10 MB; the content decides, not the name. A product has at most 20 pictures.',
        answers: { 201: UploadView },
        errors: ['picture.too_many'],
      }),
      may('picture.change'),
      validateParams(ProductParams, 'catalog.product_not_found'),
      validate(UploadInput),
    ],
    async (ctx) => {
      const { params, input } = ctx.state;
      const pictureId = newId();
      const expiresAt = new Date(Date.now() + UPLOAD_LIFE_MS);
      const { key: uploadKey, ...upload } = storage.storage.signUpload({
        ...{ folder: 'pictures', type: input.type, maxBytes: input.bytes, expiresInMs: UPLOAD_LIFE_MS },
      });
      const requested = { pictureId, productId: params.id, uploadKey, bytes: input.bytes, expiresAt };
      await change(ctx.state, params.id, { pictureId, change: 'upload' }, (transaction) =>
        requestUpload(transaction, requested),
      );
      return { status: 201, body: { pictureId, ...upload, expiresAt: expiresAt.toISOString() } };
    },
  );

  router.post(
    '/catalog/products/:id/pictures/:pictureId/complete',
    [
      describeRoute({
        operation: 'completePicture',
        tag: 'pictures',
        summary: 'Say that a picture is uploaded',
        description:
          'The picture becomes `ready` within seconds, or `failed` with the reason. A repetition changes nothing.',
        answers: { 202: StaffPicturesView },
        errors: ['catalog.product_not_found', 'picture.upload_expired'],
      }),
      may('picture.change'),
      validateParams(PictureParams, 'picture.not_found'),
    ],
    async (ctx) => {
      const { id: productId, pictureId } = ctx.state.params;
      const shown = await change(ctx.state, productId, { pictureId, change: 'complete' }, (transaction) =>
        completeUpload(transaction, { productId, pictureId }),
      );
      await poll(pictureId, ctx.state.log);
      return { status: 202, ...shown };
    },
  );

  router.put(
    '/catalog/products/:id/pictures/order',
    [
      describeRoute({
        operation: 'orderProductPictures',
        tag: 'pictures',
        summary: 'Put the ready pictures of a product into an order',
        description: 'The first is the main picture, which lists show.',
        answers: { 200: StaffPicturesView },
        errors: ['catalog.product_changed', 'picture.order_incomplete'],
      }),
      may('picture.change'),
      validateParams(ProductParams, 'catalog.product_not_found'),
      requireIfMatch(),
      validate(OrderInput),
    ],
    async (ctx) => {
      const { params, seen, input } = ctx.state;
      const { pictureIds } = input;
      const shown = await change(ctx.state, params.id, { change: 'order' }, (transaction) =>
        orderPictures(transaction, { productId: params.id, seen, pictureIds }),
      );
      return { status: 200, ...shown };
    },
  );

  router.put(
    '/catalog/products/:id/pictures/:pictureId/alt',
    [
      describeRoute({
        operation: 'describePicture',
        tag: 'pictures',
        summary: 'Say what a picture shows, in Persian and English',
        answers: { 200: StaffPicturesView },
        errors: ['catalog.product_not_found', 'catalog.product_changed'],
      }),
      may('picture.change'),
      validateParams(PictureParams, 'picture.not_found'),
      requireIfMatch(),
      validate(DescribeInput),
    ],
    async (ctx) => {
      const { params, seen, input } = ctx.state;
      const { id: productId, pictureId } = params;
      const { altFa, altEn } = input;
      const shown = await change(ctx.state, productId, { pictureId, change: 'alt' }, (transaction) =>
        describePicture(transaction, { productId, seen, pictureId, altFa: altFa ?? '', altEn: altEn ?? '' }),
      );
      return { status: 200, ...shown };
    },
  );

  router.delete(
    '/catalog/products/:id/pictures/:pictureId',
    [
      describeRoute({
        operation: 'removePicture',
        tag: 'pictures',
        summary: 'Take a picture away from a product',
        description: 'Its files are removed shortly after.',
        answers: { 200: StaffPicturesView },
        errors: ['catalog.product_not_found', 'catalog.product_changed'],
      }),
      may('picture.change'),
      validateParams(PictureParams, 'picture.not_found'),
      requireIfMatch(),
    ],
    async (ctx) => {
      const { params, seen } = ctx.state;
      const { id: productId, pictureId } = params;
      const shown = await change(ctx.state, productId, { pictureId, change: 'remove' }, (transaction) =>
        removePicture(transaction, { productId, seen, pictureId }),
      );
      await poll(pictureId, ctx.state.log);
      return { status: 200, ...shown };
    },
  );
}
