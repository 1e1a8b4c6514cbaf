import type { Router, RouterMiddleware } from '@koa/router';

import { AppError, assertThat, type ErrorCode } from '../../entities/errors';
import type { LocalStorage } from '../../platform/storage/local-storage';
import type { OpenStorage } from '../../platform/storage/open-storage';
import { ObjectRefusedError, StorageError, type ObjectRefusal } from '../../platform/storage/storage-errors';
import { tagAnswer } from '../middleware/conditional';
import type { ApiContext } from '../middleware/guard';
import { rateLimit } from '../middleware/rate-limit';

/** What `renderPicture` makes, in a folder for each picture. Nothing that somebody uploaded is served. */
const PICTURE_PATH = '/pictures/products/:picture/:file';
const PICTURE = /^[0-9a-f]{32}$/;
const FILE = /^([0-9a-f]{64})\.webp$/;

const UPLOAD_PATH = '/uploads/pictures/:file';
const UPLOAD = /^[0-9a-f-]{36}\.(?:avif|jpg|png|webp)$/;

/** Attachments of messages, whose addresses are signed to upload and to read. */
const ATTACHMENT_PATH = '/uploads/chat/:file';
const ATTACHMENT = /^[0-9a-f-]{36}\.[a-z0-9]{3,4}$/;

const IMMUTABLE = 'public, max-age=31536000, immutable';
const NO_SCRIPTS = "default-src 'none'; frame-ancestors 'none'; sandbox";

/**
 * Serves rendered pictures of either store. A name has the digest of its content in it, so a cache in front of the shop may keep it
 * for ever. Where the store is a folder, it also takes uploads and serves the attachments of messages, under signed addresses.
 */
export function storageRoutes(router: Router, store: OpenStorage): void {
  router.get(PICTURE_PATH, named(PICTURE_PATH), rateLimit('catalog') as RouterMiddleware, async (ctx) => {
    const { picture = '', file = '' } = ctx.params;
    const digest = FILE.exec(file)?.[1];
    assertThat(digest && PICTURE.test(picture), 'route.not_found');
    tagAnswer(ctx, `"${digest}"`, IMMUTABLE);
    if (ctx.status === 304) return;
    const object = await answering(() => store.storage.read(`products/${picture}/${file}`));
    assertThat(object, 'route.not_found');
    ctx.set('Content-Security-Policy', NO_SCRIPTS);
    ctx.status = 200;
    ctx.type = object.type;
    ctx.length = object.size;
    ctx.body = object.body;
  });

  if (store.kind === 'local') {
    const { storage } = store;
    router.put(UPLOAD_PATH, named(UPLOAD_PATH), rateLimit('staff') as RouterMiddleware, (ctx) =>
      receive(storage, ctx as unknown as ApiContext, 'pictures', UPLOAD),
    );
    router.put(ATTACHMENT_PATH, named(ATTACHMENT_PATH), rateLimit('customer') as RouterMiddleware, (ctx) =>
      receive(storage, ctx as unknown as ApiContext, 'chat', ATTACHMENT),
    );
    router.get(ATTACHMENT_PATH, named(ATTACHMENT_PATH), rateLimit('catalog') as RouterMiddleware, (ctx) =>
      serveSigned(storage, ctx as unknown as ApiContext),
    );
  }
}

/**
 * Serves what somebody has uploaded, under the address that a member of its room was given. Nothing in it runs: it may be of two
 * formats at once. Another origin may show it, since the address is the permission.
 */
async function serveSigned(storage: LocalStorage, ctx: ApiContext): Promise<void> {
  const { key, token } = signedKey(ctx, 'chat', ATTACHMENT);
  const object = await answering(() => storage.readSigned(key, token));
  assertThat(object, 'route.not_found');
  ctx.set('Content-Security-Policy', NO_SCRIPTS);
  ctx.set('X-Content-Type-Options', 'nosniff');
  ctx.set('Cache-Control', 'private, no-store');
  ctx.set('Content-Disposition', object.disposition);
  ctx.status = 200;
  ctx.type = object.type;
  ctx.length = object.size;
  ctx.body = object.body;
}

/** The key in a signed address, and its signature. */
function signedKey(ctx: ApiContext, folder: string, form: RegExp): { key: string; token: string } {
  const { file = '' } = ctx.params;
  const { token } = ctx.query;
  assertThat(form.test(file), 'route.not_found');
  assertThat(typeof token === 'string', 'upload.not_signed');
  return { key: `${folder}/${file}`, token };
}

async function receive(storage: LocalStorage, ctx: ApiContext, folder: string, form: RegExp): Promise<void> {
  const { key, token } = signedKey(ctx, folder, form);
  try {
    // Destroyed, the request could not be answered any more.
    const body = ctx.req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    await answering(() => storage.receive(key, token, body));
  } catch (error) {
    // What is left of the upload is not read.
    ctx.set('Connection', 'close');
    throw error;
  }
  ctx.status = 204;
}

const REFUSALS: Readonly<Record<ObjectRefusal, ErrorCode>> = {
  bad_key: 'route.not_found',
  empty: 'upload.empty',
  exists: 'upload.exists',
  not_signed: 'upload.not_signed',
  too_large: 'request.too_large',
  wrong_type: 'request.unsupported_media_type',
};

/** Turns what the store says into refusals of the API. */
async function answering<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ObjectRefusedError)
      throw new AppError(REFUSALS[error.refusal], {}, { cause: error });
    if (error instanceof StorageError) throw new AppError('service.unavailable', {}, { cause: error });
    throw error;
  }
}

/** Names the route in the log and the metrics. */
function named(route: string): RouterMiddleware {
  return (ctx, next) => {
    ctx.state.route = route;
    return next();
  };
}
