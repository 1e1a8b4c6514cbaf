import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { AttachmentUploadView, AttachmentView } from '../../entities/chat/message.view';
import type { ChatActor } from '../../entities/chat/room-access';
import { newId } from '../../entities/values/uuid';
import { buildDirect, buildGroup } from '../support/factories/chat';
import { startLocalStorage, type LocalStorageUnderTest } from '../support/local-storage-server';
import { openRealtimeNode, type LiveClient, type OpenRealtime } from '../support/open-realtime';
import { removeFolder, scratchFolder } from '../support/scratch-folder';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { upload } from '../support/storage-under-test';
import { codeOf, enterAt } from './chat-callers';

let shop: ShopDatabase;
let one: OpenRealtime;
beforeAll(async () => {
  shop = await openShopDatabase();
  one = await openRealtimeNode(shop, { realtime: { framesPerSecond: 1_000, framesAtOnce: 1_000 } });
});
afterAll(async () => {
  await shop.assertInvariantsHold();
  await one.close();
  await shop.close();
});

const enter = (actor: ChatActor, node = one) => enterAt(node, actor);

describe('a file', () => {
  const html = Buffer.from('<!doctype html><script>alert(1)</script>');
  const gif = Buffer.concat([Buffer.from('GIF89a/*'), Buffer.from('*/=1;alert(1)//'), Buffer.alloc(20)]);
  let folder: string;
  let store: LocalStorageUnderTest;
  let node: OpenRealtime;
  beforeAll(async () => {
    folder = scratchFolder('chat-sockets-');
    store = await startLocalStorage(folder);
    node = await openRealtimeNode(shop, { storage: store.storage });
  });
  afterAll(async () => {
    await node.close();
    await store.stop();
    await removeFolder(folder);
  });

  /** What becomes of an upload. */
  async function attach(client: LiveClient, roomId: string, bytes: Buffer<ArrayBuffer>, more: object = {}) {
    const file = { roomId, name: 'a.gif', type: 'image/gif', bytes: bytes.length, ...more };
    const asked = await client.get<AttachmentUploadView>('file.request', file);
    expect((await upload({ key: '', ...asked }, bytes)).ok).toBe(true);
    return client.get<AttachmentView>('file.complete', { attachmentId: asked.attachmentId });
  }

  test('is uploaded beside the socket, checked, sent once, and read by members only', async () => {
    const { roomId, owner, member } = await buildGroup(shop);
    const [client, reading] = [await enter(owner, node), await enter(member, node)];
    expect(await attach(client, roomId, html)).toMatchObject({ status: 'failed', failure: 'wrong_type' });
    const file = await attach(client, roomId, gif);
    expect(file).toMatchObject({ status: 'ready', failure: null });
    const { id: attachmentId } = file;
    expect(await client.get('file.complete', { attachmentId })).toEqual(file);
    const send = (by: LiveClient) =>
      by.call('send', { roomId, clientId: newId(), text: '', attachmentIds: [attachmentId] });
    expect(codeOf(await reading.call('file.complete', { attachmentId }))).toBe('chat.attachment_not_found');
    expect(codeOf(await send(reading))).toBe('chat.attachment_not_ready');
    expect(codeOf(await reading.call('file.link', { attachmentId }))).toBe('chat.attachment_not_found');
    const sent = await send(client);
    expect(sent).toMatchObject({ ok: true, result: { message: { attachments: [{ id: attachmentId }] } } });
    expect(codeOf(await send(client))).toBe('chat.attachment_not_ready');

    const { url } = await reading.get<{ url: string }>('file.link', { attachmentId });
    expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(gif)).toBe(true);
    await store.passTime(61_000);
    expect((await fetch(url)).status).toBe(403);
    await reading.get('leave', { roomId });
    expect(codeOf(await reading.call('file.link', { attachmentId }))).toBe('chat.attachment_not_found');
    expect(
      codeOf(await reading.call('file.request', { roomId, name: 'a', type: 'image/gif', bytes: 9 })),
    ).toBe('chat.room_not_found');
    await client.get('delete', { roomId, seq: 1 });
    expect(codeOf(await client.call('file.link', { attachmentId }))).toBe('chat.attachment_not_found');
  });

  test.each([
    ['a folder in its name', { name: '../../etc/passwd' }],
    ['a name that reads backwards', { name: 'gnp.\u202Eexe' }],
    ['the type of a drawing', { type: 'image/svg+xml' }],
    ['the type of a page', { type: 'text/html' }],
    ['no bytes', { bytes: 0 }],
    ['more bytes than a picture has', { bytes: 10 * 1024 * 1024 + 1 }],
    ['more bytes than a file has', { type: 'video/mp4', bytes: 25 * 1024 * 1024 + 1 }],
    ['its bytes', { data: 'YQ==' }],
  ])('with %s is refused', async (_what, more) => {
    const { roomId, one: sender } = await buildDirect(shop);
    const client = await enter(sender, node);
    const file = { roomId, name: 'a.png', type: 'image/png', bytes: 100, ...more };
    expect(codeOf(await client.call('file.request', file))).toBe('request.invalid');
  });

  test('is refused while its store is away, and asked for again later', async () => {
    const { roomId, one: sender } = await buildDirect(shop);
    // The nodes without a store of their own have one at which nobody answers.
    const client = await enter(sender);
    const file = { roomId, name: 'a.png', type: 'image/png', bytes: 100 };
    const { attachmentId } = await client.get<AttachmentUploadView>('file.request', file);
    expect(codeOf(await client.call('file.complete', { attachmentId }))).toBe('service.unavailable');
  });
});
