import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { removePicture } from '../../entities/pictures/arrange-pictures';
import type { PictureStatus } from '../../entities/pictures/product-picture';
import { readPictures } from '../../entities/pictures/read-pictures';
import { createPictureCalls } from '../../temporal/picture';
import {
  PICTURE_QUEUE,
  PICTURE_SWEEP_WORKFLOW,
  pictureWorkflowId,
} from '../../workflows/pictures/picture.contract';
import { eventually } from '../support/eventually';
import { buildUpload, drawn, type BuiltPicture } from '../support/factories/pictures';
import { row, rows } from '../support/sql';
import { openWorkflowShop, type WorkflowShop } from './workflow-shop';

const DEADLINE_MS = 60_000;
/** Long ago for the sweep, and over for the store. */
const LONG_AGO = new Date('2026-01-01T00:00:00Z');

let shop: WorkflowShop;
beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterEach(() => shop.reset());
afterAll(async () => {
  await shop.close();
});

const calls = () => createPictureCalls(shop.temporal, DEADLINE_MS);
const ended = ({ pictureId }: BuiltPicture) =>
  shop.temporal.workflow.getHandle(pictureWorkflowId(pictureId)).result();
const sweep = () =>
  shop.temporal.workflow.execute<() => Promise<number>>(PICTURE_SWEEP_WORKFLOW, {
    workflowId: `picture-sweep-${Math.random()}`,
    taskQueue: PICTURE_QUEUE,
  });
const pictureOf = async ({ productId, pictureId }: BuiltPicture) =>
  (await readPictures(shop.database.manager, productId)).find(({ id }) => id === pictureId);
const untilStatus = (picture: BuiltPicture, status: PictureStatus) =>
  eventually(
    () => pictureOf(picture),
    (it) => it?.status === status,
  );
const isStored = async (key: string) => {
  const object = await shop.files.storage.read(key);
  object?.body.destroy();
  return object !== undefined;
};

/** The signature of an upload expires for the row: the workflow need not wait for it. */
const expire = ({ pictureId }: BuiltPicture) =>
  rows(
    shop.database.manager,
    'UPDATE product_pictures SET upload_expires_at = $2, changed_at = $2 WHERE id = $1',
    [pictureId, LONG_AGO],
  );

test.each(['renderUpload', 'settlePicture'] as const)(
  'a worker that dies after %s leaves one picture, told once',
  async (step) => {
    const picture = await buildUpload(shop.database, shop.files.storage, await drawn('red'));
    let deaths = 0;
    shop.after.set(step, async () => {
      deaths += 1;
      if (deaths === 1) throw new Error('the worker died before it could say so');
    });
    await calls().poll(picture.pictureId);
    const shown = await untilStatus(picture, 'ready');
    await expire(picture);
    await calls().poll(picture.pictureId);
    await ended(picture);

    expect(shop.runsOf(step)).toBeGreaterThan(1);
    for (const { key } of shown!.sizes) expect(await isStored(key)).toBe(true);
    expect(await isStored(picture.uploadKey)).toBe(false);
    const told = await rows(shop.database.manager, 'SELECT 1 FROM events WHERE aggregate_id = $1', [
      picture.productId,
    ]);
    expect(told).toHaveLength(1);
  },
);

test('a picture that is removed while it is rendered is never shown and leaves no object behind', async () => {
  const picture = await buildUpload(shop.database, shop.files.storage, await drawn('blue'));
  const { productId, pictureId } = picture;
  let keys: string[] = [];
  shop.after.set('renderUpload', async () => {
    const found = await row<{ sizes: { key: string }[] }>(
      shop.database.manager,
      'SELECT sizes FROM product_pictures WHERE id = $1',
      [pictureId],
    );
    keys = found!.sizes.map(({ key }) => key);
    await expire(picture);
    await shop.run((transaction) => removePicture(transaction, { productId, seen: 0, pictureId }));
  });
  await calls().poll(pictureId);
  await ended(picture);
  expect(keys).toHaveLength(3);
  for (const key of [...keys, picture.uploadKey]) expect(await isStored(key), key).toBe(false);
  expect(
    await row(shop.database.manager, 'SELECT 1 FROM product_pictures WHERE id = $1', [pictureId]),
  ).toBeUndefined();
  expect(
    await rows(shop.database.manager, 'SELECT 1 FROM events WHERE aggregate_id = $1', [productId]),
  ).toEqual([]);
});

test('removal is tried again until the store works', async () => {
  const picture = await buildUpload(shop.database, shop.files.storage, await drawn('green'));
  await calls().poll(picture.pictureId);
  const { sizes } = (await untilStatus(picture, 'ready'))!;
  let refused = 0;
  shop.before.set('removeUselessObjects', async () => {
    refused += 1;
    if (refused < 3) throw new Error('the disk is full');
  });
  await expire(picture);
  const { productId, pictureId } = picture;
  await shop.run((transaction) => removePicture(transaction, { productId, seen: 1, pictureId }));
  await calls().poll(pictureId);
  await ended(picture);
  expect(refused).toBeGreaterThan(2);
  for (const { key } of sizes) expect(await isStored(key)).toBe(false);
});

test('the sweep gives up what nobody completed, and starts what was lost', async () => {
  const storage = shop.files.storage;
  const abandoned = await buildUpload(shop.database, storage, await drawn('#123'), { isComplete: false });
  const lost = await buildUpload(shop.database, storage, await drawn('#456'));
  const fresh = await buildUpload(shop.database, storage, await drawn('#789'), { isComplete: false });
  await expire(abandoned);
  await expire(lost);
  expect(await sweep()).toBe(2);
  await Promise.all([ended(abandoned), ended(lost)]);
  expect(await pictureOf(abandoned)).toMatchObject({ status: 'failed', failure: 'not_uploaded' });
  expect(await pictureOf(lost)).toMatchObject({ status: 'ready' });
  expect(await pictureOf(fresh)).toMatchObject({ status: 'pending' });
  expect(await isStored(abandoned.uploadKey)).toBe(false);
  expect(await isStored(lost.uploadKey)).toBe(false);
  expect(await sweep()).toBe(0);
});
