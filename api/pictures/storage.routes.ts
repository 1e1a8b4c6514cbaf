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

const IMMUTABLE = 'public, max-age=31536000, immutable';
const NO_SCRIPTS = "default-src 'none'; frame-ancestors 'none'; sandbox";

/**
 * Serves rendered pictures of either store, and takes uploads where the store is a folder. A name has the digest of its content in
 * it, so a cache in front of the shop may keep it for ever.
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
      receive(storage, ctx as unknown as ApiContext),
    );
  }
}

async function receive(storage: LocalStorage, ctx: ApiContext): Promise<void> {
  const { file = '' } = ctx.params;
  const { token } = ctx.query;
  assertThat(UPLOAD.test(file), 'route.not_found');
  assertThat(typeof token === 'string', 'upload.not_signed');
  try {
    // Destroyed, the request could not be answered any more.
    const body = ctx.req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    await answering(() => storage.receive(`pictures/${file}`, token, body));
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
