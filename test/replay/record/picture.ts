import { afterAll, beforeAll, test } from 'vitest';

import { removePicture } from '../../../entities/pictures/arrange-pictures';
import { createPictureCalls, type PictureCalls } from '../../../temporal/picture';
import { pictureWorkflowId } from '../../../workflows/pictures/picture.contract';
import { eventually } from '../../support/eventually';
import { buildUpload, drawn, type BuiltPicture } from '../../support/factories/pictures';
import { openWorkflowShop, type WorkflowShop } from '../../workflows/workflow-shop';
import { keepHistory } from '../history-files';

let shop: WorkflowShop;
let calls: PictureCalls;

beforeAll(async () => {
  shop = await openWorkflowShop();
  calls = createPictureCalls(shop.temporal, 60_000);
});
afterAll(() => shop?.close());

const soon = () => new Date(Date.now() + 5_000);

async function keep(name: string, { pictureId }: BuiltPicture): Promise<void> {
  const handle = shop.temporal.workflow.getHandle(pictureWorkflowId(pictureId));
  await handle.result();
  keepHistory(name, await handle.fetchHistory());
}

test('an upload that becomes a picture, and once more looks for its objects', async () => {
  const bytes = await drawn('red');
  const picture = await buildUpload(shop.database, shop.files.storage, bytes, { expiresAt: soon() });
  await calls.poll(picture.pictureId);
  await keep('ready', picture);
});

test('an upload that is refused', async () => {
  const picture = await buildUpload(shop.database, shop.files.storage, Buffer.from('<svg/>'), {
    expiresAt: soon(),
  });
  await calls.poll(picture.pictureId);
  await keep('refused', picture);
});

test('a picture that is removed while its workflow waits', async () => {
  shop.reset();
  const bytes = await drawn('blue');
  const picture = await buildUpload(shop.database, shop.files.storage, bytes, { expiresAt: soon() });
  await calls.poll(picture.pictureId);
  await eventually(
    () => Promise.resolve(shop.runsOf('removeUselessObjects')),
    (runs) => runs > 0,
  );
  await shop.run((transaction) => removePicture(transaction, { ...picture, seen: 1 }));
  await calls.poll(picture.pictureId);
  await keep('removed', picture);
});
