import { readdirSync } from 'node:fs';
import path from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { sweepAttachments } from '../../activities/jobs/sweep-attachments';
import type { FoundMessagesView, ReportsView, RoomsView, ShopRoomsView } from '../../api/chat/chat.view';
import type {
  AttachmentLinkView,
  AttachmentUploadView,
  AttachmentView,
  HistoryView,
  MessageView,
} from '../../entities/chat/message.view';
import type { MembersView, RoomView } from '../../entities/chat/room.view';
import { newId } from '../../entities/values/uuid';
import { createSignedTokens } from '../../platform/signed-token';
import { openLocalStorage } from '../../platform/storage/local-storage';
import type { OpenStorage } from '../../platform/storage/open-storage';
import { buildCaller, type BuiltCaller } from '../support/factories/callers';
import { drawn } from '../support/factories/pictures';
import { startS3World, type S3World } from '../support/s3-world';
import { removeFolder, scratchFolder } from '../support/scratch-folder';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';
import { upload } from '../support/storage-under-test';
import { openApiUnderTest, type ApiUnderTest } from '../unit/api/open-api-under-test';

interface Answer<Body> {
  readonly status: number;
  readonly body: Body & { readonly code?: string };
}

const MANY = 100_000_000;
const PUBLIC_URL = 'http://127.0.0.1:3000';

let shop: ShopDatabase;
beforeAll(async () => {
  shop = await openShopDatabase();
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

const openApi = (storage?: OpenStorage) =>
  openApiUnderTest({
    limits: { customerRequestsPerMinute: MANY, staffRequestsPerMinute: MANY, catalogRequestsPerMinute: MANY },
    neighbours: { database: shop.database, ...(storage && { storage }) },
  });

const callerOf = (api: ApiUnderTest, roles: Parameters<typeof buildCaller>[1] = {}) =>
  buildCaller({ database: shop.database, accessToken: api.accessToken }, roles);

async function send<Body>(
  api: ApiUnderTest,
  by: BuiltCaller,
  method: string,
  route: string,
  body?: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer<Body>> {
  const response = await fetch(`${api.url}/api/v1/chat${route}`, {
    method,
    headers: { ...by.headers, ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
    body: body ? JSON.stringify(body) : null,
  });
  const text = await response.text();
  return { status: response.status, body: JSON.parse(text || '{}') as Answer<Body>['body'] };
}

const message = (text: string, more: object = {}) => ({ clientId: newId(), text, ...more });

describe('requests of a chat', () => {
  let api: ApiUnderTest;
  beforeAll(async () => {
    api = await openApi();
  });
  afterAll(() => api.close());

  const ask = <Body>(by: BuiltCaller, method: string, route: string, body?: object, key?: string) =>
    send<Body>(api, by, method, route, body, key === undefined ? {} : { 'idempotency-key': key });

  async function group(): Promise<{ owner: BuiltCaller; member: BuiltCaller; roomId: string }> {
    const [owner, member] = [await callerOf(api), await callerOf(api)];
    const { body } = await ask<RoomView>(owner, 'POST', '/rooms/group', { title: 'کتاب' }, newId());
    await ask(owner, 'PUT', `/rooms/${body.id}/members/${member.accountId}`);
    return { owner, member, roomId: body.id };
  }

  test('two people find each other’s room, write, answer, edit, delete, read and search', async () => {
    const [one, other] = [await callerOf(api), await callerOf(api)];
    const opened = await ask<RoomView>(one, 'POST', '/rooms/direct', { accountId: other.accountId });
    expect(opened).toMatchObject({
      status: 201,
      body: { kind: 'direct', peerId: other.accountId, isWritable: true, members: 2 },
    });
    const { id } = opened.body;
    const again = await ask<RoomView>(other, 'POST', '/rooms/direct', { accountId: one.accountId });
    expect(again).toMatchObject({ status: 200, body: { id } });

    const first = message('سلام، كتاب رسید؟');
    const sent = await ask<MessageView>(one, 'POST', `/rooms/${id}/messages`, first);
    expect(sent).toMatchObject({ status: 201, body: { seq: 1, senderName: null, clientId: first.clientId } });
    expect(await ask(one, 'POST', `/rooms/${id}/messages`, first)).toEqual({ ...sent, status: 200 });
    expect(await ask(one, 'POST', `/rooms/${id}/messages`, { ...first, text: 'x' })).toMatchObject({
      ...{ status: 422, body: { code: 'chat.client_id_reused' } },
    });
    await ask(other, 'POST', `/rooms/${id}/messages`, message('بله', { replyToSeq: 1 }));
    const edited = await ask<MessageView>(other, 'PUT', `/rooms/${id}/messages/2`, { text: 'بله، رسید' });
    expect(edited.body).toMatchObject({ text: 'بله، رسید', replyToSeq: 1 });

    const found = await ask<FoundMessagesView>(other, 'GET', `/search?q=${encodeURIComponent('کتاب')}`);
    expect(found.body).toMatchObject({ items: [{ seq: 1 }], nextCursor: null });
    const listed = await ask<RoomsView>(one, 'GET', '/rooms');
    expect(listed.body.items).toMatchObject([{ id, unread: 1, lastMessage: { seq: 2 } }]);
    expect((await ask(one, 'PUT', `/rooms/${id}/read`, { seq: 9 })).body).toEqual({ lastReadSeq: 2 });

    await ask(one, 'DELETE', `/rooms/${id}/messages/1`);
    const history = await ask<HistoryView>(other, 'GET', `/rooms/${id}/messages`);
    expect(history.body.items.map(({ text, deletedAt }) => [text, deletedAt !== null])).toEqual([
      ['', true],
      ['بله، رسید', false],
    ]);
    expect((await ask(one, 'PUT', `/blocks/${other.accountId}`)).status).toBe(204);
    expect((await ask<RoomView>(other, 'GET', `/rooms/${id}`)).body.isWritable).toBe(false);
    const stranger = await callerOf(api);
    for (const route of [`/rooms/${id}`, `/rooms/${id}/messages`, `/rooms/${id}/messages/2`])
      expect(await ask(stranger, 'GET', route)).toMatchObject({ status: 404 });
    expect(JSON.stringify(api.lines())).not.toContain('رسید');
  });

  test('a group is opened once for a key, and a client pages through rooms and history', async () => {
    const owner = await callerOf(api);
    const key = newId();
    const open = () => ask<RoomView>(owner, 'POST', '/rooms/group', { title: 'کتاب' }, key);
    const [first, second] = [await open(), await open()];
    expect([first.status, second.status, second.body.id]).toEqual([201, 200, first.body.id]);
    const other = await ask<RoomView>(owner, 'POST', '/rooms/group', { title: 'فیلم' }, newId());
    const page = await ask<RoomsView>(owner, 'GET', '/rooms?limit=1');
    expect(page.body.items.map(({ id }) => id)).toEqual([other.body.id]);
    const next = await ask<RoomsView>(owner, 'GET', `/rooms?limit=1&cursor=${page.body.nextCursor}`);
    expect(next.body).toMatchObject({ items: [{ id: first.body.id }], nextCursor: null });
    const both = await ask(owner, 'GET', `/rooms/${first.body.id}/messages?before=3&after=1`);
    expect(both).toMatchObject({ status: 422, body: { code: 'request.invalid' } });
  });

  test('members are invited, promoted, removed and shown by their names only', async () => {
    const { owner, member, roomId } = await group();
    await ask(owner, 'PUT', `/rooms/${roomId}/members/${member.accountId}/role`, { role: 'moderator' });
    const { body } = await ask<MembersView>(member, 'GET', `/rooms/${roomId}/members`);
    expect(body.items.map(({ role }) => role)).toEqual(['owner', 'moderator']);
    expect(Object.keys(body.items[0]!).toSorted()).toEqual([
      ...['accountId', 'joinedAt', 'lastReadSeq', 'name', 'role'],
    ]);
    await ask(owner, 'PUT', `/rooms/${roomId}/members/${member.accountId}/role`, { role: 'owner' });
    expect((await ask(owner, 'POST', `/rooms/${roomId}/leave`)).status).toBe(204);
    expect((await ask(owner, 'GET', `/rooms/${roomId}`)).status).toBe(404);
    expect((await ask<RoomView>(member, 'GET', `/rooms/${roomId}`)).body.role).toBe('owner');
  });

  test('a person sends five messages a second, in all rooms together', async () => {
    const { owner, roomId } = await group();
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => ask(owner, 'POST', `/rooms/${roomId}/messages`, message(`${n}`))),
    );
    const refused = answers.filter(({ status }) => status === 429);
    // A crowd that takes longer than a second on a slow machine is let through in parts.
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]!.body).toMatchObject({ code: 'request.too_many', retryAfterSeconds: 1 });
  });

  test('a text is judged before it is stored', async () => {
    const { owner, roomId } = await group();
    for (const text of ['a\u202eb', 'a\u0000b', 'x'.repeat(4_001)])
      expect(await ask(owner, 'POST', `/rooms/${roomId}/messages`, message(text))).toMatchObject({
        status: 422,
      });
    const notOurs = { ...message('Hi'), clientId: '0197f3a0-5d52-4bd0-9c1e-3f6f6f1d2a11' };
    expect((await ask(owner, 'POST', `/rooms/${roomId}/messages`, notOurs)).status).toBe(422);
  });

  test('staff see reports, resolve them, and keep rooms of the shop', async () => {
    const staff = await callerOf(api, { roles: ['staff'] });
    const { owner, member, roomId } = await group();
    await ask(member, 'POST', `/rooms/${roomId}/messages`, message('Send me your card'));
    expect(
      (await ask(owner, 'POST', `/rooms/${roomId}/messages/1/reports`, { reason: 'fraud' })).status,
    ).toBe(204);
    const { body } = await ask<ReportsView>(staff, 'GET', '/reports');
    const report = body.items.find((it) => it.roomId === roomId)!;
    expect(report).toMatchObject({ text: 'Send me your card', reason: 'fraud' });
    const resolve = () =>
      ask(staff, 'POST', `/reports/${report.id}/resolution`, { resolution: 'message_deleted' });
    expect(await resolve()).toMatchObject({ status: 200, body: { isDeleted: true, text: '' } });
    expect(await resolve()).toMatchObject({ status: 409 });
    expect((await ask(owner, 'GET', '/reports')).status).toBe(403);

    const room = await ask<RoomView>(staff, 'POST', '/shop-rooms', { title: 'پیشنهاد' }, newId());
    const shown = await ask<ShopRoomsView>(member, 'GET', '/shop-rooms');
    expect(shown.body.items).toMatchObject([{ id: room.body.id, isMember: false, members: 0 }]);
    expect((await ask(member, 'POST', `/rooms/${room.body.id}/join`)).status).toBe(204);
    await ask(member, 'POST', '/rooms/support');
    const waiting = await ask<RoomsView>(staff, 'GET', '/support-rooms?waiting=true');
    expect(waiting.body.items).toMatchObject([{ kind: 'support', peerId: member.accountId, role: null }]);
  });
});

interface World {
  readonly storage: OpenStorage;
  readonly s3: S3World | undefined;
  /** The keys of what is stored. */
  stored(): Promise<string[]>;
  passTime(ms: number): Promise<void>;
  close(): Promise<void>;
}

async function folderWorld(): Promise<World> {
  const folder = scratchFolder('chat');
  let moved = 0;
  const now = () => Date.now() + moved;
  const tokens = createSignedTokens(['a-secret-of-a-test-with-32-characters'], now);
  const storage = await openLocalStorage({ folder, baseUrl: `${PUBLIC_URL}/uploads`, tokens, now });
  return {
    storage: { kind: 'local', storage, close: () => Promise.resolve() },
    s3: undefined,
    async stored() {
      return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
        (it) => path.extname(it) !== '',
      );
    },
    async passTime(ms) {
      moved += ms;
    },
    close: () => removeFolder(folder),
  };
}

async function bucketWorld(): Promise<World> {
  const s3 = await startS3World();
  return {
    storage: { kind: 's3', storage: s3.storage, close: () => Promise.resolve() },
    s3,
    async stored() {
      const { objects } = (await s3.control('GET', '/objects')) as { objects: { key: string }[] };
      return objects.map(({ key }) => key);
    },
    passTime: s3.passTime,
    close: s3.stop,
  };
}

describe.each(['folder', 'bucket'] as const)('files of messages in a %s', (kind) => {
  let world: World;
  let api: ApiUnderTest;
  let owner: BuiltCaller;
  let member: BuiltCaller;
  let roomId: string;
  let png: Buffer<ArrayBuffer>;
  beforeAll(async () => {
    world = await (kind === 'folder' ? folderWorld() : bucketWorld());
    api = await openApi(world.storage);
    png = await drawn('red');
  });
  beforeEach(async () => {
    [owner, member] = [await callerOf(api), await callerOf(api)];
    const opened = await ask<RoomView>(owner, 'POST', '/rooms/direct', { accountId: member.accountId });
    roomId = opened.body.id;
  });
  afterAll(async () => {
    await api.close();
    await world.close();
  });

  const ask = <Body>(by: BuiltCaller, method: string, route: string, body?: object) =>
    send<Body>(api, by, method, route, body);
  const here = (url: string) => (url.startsWith(PUBLIC_URL) ? api.url + url.slice(PUBLIC_URL.length) : url);
  const request = (by: BuiltCaller, file: object) =>
    ask<AttachmentUploadView>(by, 'POST', `/rooms/${roomId}/attachments`, {
      ...{ name: 'عکس.png', type: 'image/png', bytes: png.length },
      ...file,
    });
  const put = (asked: AttachmentUploadView, bytes: Buffer<ArrayBuffer>) =>
    upload({ key: '', ...asked, url: here(asked.url) }, bytes);
  const complete = (by: BuiltCaller, id: string) =>
    ask<AttachmentView>(by, 'POST', `/attachments/${id}/complete`);

  /** What becomes of an upload. */
  async function attach(bytes = png, file: object = {}, by = owner): Promise<AttachmentView> {
    const asked = await request(by, { bytes: bytes.length, ...file });
    expect(asked.status, JSON.stringify(asked.body)).toBe(201);
    expect((await put(asked.body, bytes)).ok).toBe(true);
    const { status, body } = await complete(by, asked.body.attachmentId);
    expect(status).toBe(200);
    return body;
  }
  const say = (attachmentIds: readonly string[], by = owner, room = roomId) =>
    ask<MessageView>(by, 'POST', `/rooms/${room}/messages`, message('', { attachmentIds }));
  const linkOf = (by: BuiltCaller, id: string) => ask<AttachmentLinkView>(by, 'GET', `/attachments/${id}`);

  test('a file is uploaded, checked, sent and read by the others, who save it', async () => {
    const file = await attach();
    expect(file).toMatchObject({ status: 'ready', failure: null, type: 'image/png', bytes: png.length });
    expect(await complete(owner, file.id)).toMatchObject({ status: 200, body: { status: 'ready' } });
    expect(await linkOf(owner, file.id)).toMatchObject({ status: 404 });
    const sent = await say([file.id]);
    expect(sent.body.attachments).toEqual([
      { id: file.id, name: 'عکس.png', type: 'image/png', bytes: png.length },
    ]);

    const { body } = await linkOf(member, file.id);
    const response = await fetch(here(body.url));
    expect(Buffer.from(await response.arrayBuffer()).equals(png)).toBe(true);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.get('content-disposition')).toBe(
      `attachment; filename*=UTF-8''${encodeURIComponent('عکس.png')}`,
    );
    if (kind === 'folder') {
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('content-security-policy')).toContain('sandbox');
      expect(response.headers.get('cache-control')).toBe('private, no-store');
      const bare = new URL(here(body.url));
      bare.search = '';
      expect((await fetch(bare)).status).toBe(403);
    }
    await world.passTime(61_000);
    expect((await fetch(here(body.url))).status).toBe(403);
  });

  test('the content decides, not the name or the announced type', async () => {
    const html = Buffer.from('<!doctype html><script>alert(1)</script>');
    expect(await attach(html)).toMatchObject({ status: 'failed', failure: 'wrong_type' });
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
    expect(await attach(svg)).toMatchObject({ status: 'failed', failure: 'wrong_type' });
    expect(await attach(png, { type: 'image/jpeg' })).toMatchObject({ failure: 'wrong_type' });
    const failed = await attach(html);
    expect(await say([failed.id])).toMatchObject({
      status: 409,
      body: { code: 'chat.attachment_not_ready' },
    });

    for (const type of ['image/svg+xml', 'text/html', 'application/zip'])
      expect((await request(owner, { type })).status).toBe(422);
  });

  test('a file of two formats passes, and is served as nothing that runs', async () => {
    const polyglot = Buffer.concat([
      Buffer.from('GIF89a/*'),
      Buffer.from('*/=1;alert(1)//'),
      Buffer.alloc(20),
    ]);
    const file = await attach(polyglot, { type: 'image/gif', name: 'a.gif' });
    expect(file.status).toBe('ready');
    await say([file.id]);
    const response = await fetch(here((await linkOf(member, file.id)).body.url));
    expect(response.headers.get('content-type')).toBe('image/gif');
    expect(response.headers.get('content-disposition')).toMatch(/^attachment;/);
  });

  test.each([
    ['a PDF', 'application/pdf', Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj')],
    ['an OGG', 'audio/ogg', Buffer.concat([Buffer.from('OggS'), Buffer.alloc(24), Buffer.from('OpusHead')])],
    [
      'an MP4',
      'video/mp4',
      Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypmp42'), Buffer.alloc(12)]),
    ],
  ])('%s can be sent', async (_, type, bytes) => {
    expect(await attach(Buffer.from(bytes), { type, name: 'file' })).toMatchObject({ status: 'ready' });
  });

  test('an upload keeps to its size, arrives once, and must arrive', async () => {
    const asked = (await request(owner, { bytes: 1_000 })).body;
    expect((await put(asked, Buffer.alloc(1_001))).ok).toBe(false);
    expect((await complete(owner, asked.attachmentId)).body).toMatchObject({ failure: 'not_uploaded' });
    const short = (await request(owner, { bytes: png.length + 1 })).body;
    expect((await put(short, png)).ok).toBe(true);
    if (kind === 'folder') expect((await put(short, png)).status).toBe(409);
    expect((await complete(owner, short.attachmentId)).body).toMatchObject({ failure: 'wrong_size' });
    for (const bytes of [0, 10 * 1024 * 1024 + 1]) expect((await request(owner, { bytes })).status).toBe(422);
    expect((await request(owner, { type: 'video/mp4', bytes: 25 * 1024 * 1024 + 1 })).status).toBe(422);
  });

  test('a service that does not keep to the policy does not get a file past the check', async () => {
    if (!world.s3) return;
    await world.s3.control('PATCH', '/switches', { ignoresPolicy: true });
    const asked = (await request(owner, { bytes: 1_000 })).body;
    expect((await put(asked, Buffer.alloc(26 * 1024 * 1024))).ok).toBe(true);
    expect((await complete(owner, asked.attachmentId)).body).toMatchObject({ failure: 'wrong_size' });
    await world.s3.control('PATCH', '/switches', { ignoresPolicy: false });
  });

  test.each(['../../etc/passwd', String.raw`a\b.png`, 'gnp.\u202Eexe', 'a\nb', '', 'x'.repeat(151)])(
    'the name %j is refused',
    async (name) => {
      expect((await request(owner, { name })).status).toBe(422);
    },
  );

  test('a name with quotes does not end the header', async () => {
    const name = `a"; filename="b'(c).png`;
    const file = await attach(png, { name });
    await say([file.id]);
    const response = await fetch(here((await linkOf(member, file.id)).body.url));
    expect(response.headers.get('content-disposition')).toBe(
      "attachment; filename*=UTF-8''a%22%3B%20filename%3D%22b%27%28c%29.png",
    );
  });

  test('nobody completes, sends or reads what is not theirs, and a file is sent once', async () => {
    const file = await attach();
    expect((await complete(member, file.id)).status).toBe(404);
    expect(await say([file.id], member)).toMatchObject({ body: { code: 'chat.attachment_not_ready' } });
    const other = await ask<RoomView>(owner, 'POST', '/rooms/support');
    expect(await say([file.id], owner, other.body.id)).toMatchObject({
      ...{ body: { code: 'chat.attachment_not_ready' } },
    });
    expect((await say([file.id])).status).toBe(201);
    expect((await linkOf(await callerOf(api), file.id)).status).toBe(404);
    expect((await linkOf(member, newId())).status).toBe(404);
    const later = await callerOf(api);
    expect(await say([file.id], later)).toMatchObject({ status: 404 });
    const six = Array.from({ length: 6 }, () => newId());
    expect((await say(six, later)).status).toBe(422);
  });

  test('who left reads no file any more, and a deleted message takes its files with it', async () => {
    const opened = await send<RoomView>(
      ...([api, owner, 'POST', '/rooms/group', { title: 'Files' }, { 'idempotency-key': newId() }] as const),
    );
    roomId = opened.body.id;
    await ask(owner, 'PUT', `/rooms/${roomId}/members/${member.accountId}`);
    const file = await attach();
    const { seq } = (await say([file.id])).body;
    expect((await linkOf(member, file.id)).status).toBe(200);
    await ask(member, 'POST', `/rooms/${roomId}/leave`);
    expect((await linkOf(member, file.id)).status).toBe(404);

    await ask(owner, 'DELETE', `/rooms/${roomId}/messages/${seq}`);
    expect((await linkOf(owner, file.id)).status).toBe(404);
    const { name, key } = (await row<{ name: string; key: string }>(
      shop.database.manager,
      'SELECT name, object_key AS key FROM attachments WHERE id = $1',
      [file.id],
    ))!;
    expect(name).toBe('');
    expect(await world.stored()).toContain(key);
    await rows(
      shop.database.manager,
      `UPDATE attachments SET upload_expires_at = now() - interval '1 second' WHERE id = $1`,
      [file.id],
    );
    await sweep();
    expect(await world.stored()).not.toContain(key);
  });

  const sweep = () =>
    sweepAttachments(
      shop.database,
      world.storage.storage,
    )({
      kept: undefined,
      keep: () => undefined,
      throwIfOver: () => undefined,
    });

  test('what nobody has sent within an hour is removed, and counts for its day', async () => {
    const file = await attach();
    const sentFile = await attach();
    await say([sentFile.id]);
    const pending = (await request(owner, {})).body.attachmentId;
    await rows(
      shop.database.manager,
      `UPDATE attachments SET changed_at = now() - interval '61 minutes', upload_expires_at = now() - interval '51 minutes'
       WHERE account_id = $1`,
      [owner.accountId],
    );
    const before = (await world.stored()).length;
    await sweep();
    expect((await world.stored()).length).toBe(before - 1);
    expect((await linkOf(member, sentFile.id)).status).toBe(200);
    for (const id of [file.id, pending]) expect((await complete(owner, id)).status).toBe(404);
    const left = () =>
      rows(shop.database.manager, 'SELECT 1 FROM attachments WHERE account_id = $1', [owner.accountId]);
    expect(await left()).toHaveLength(3);
    await rows(
      shop.database.manager,
      `UPDATE attachments SET created_at = now() - interval '25 hours' WHERE account_id = $1`,
      [owner.accountId],
    );
    await sweep();
    expect(await left()).toHaveLength(1);
  });

  test('a person uploads 100 MB a day, also with requests at once', async () => {
    const large = { type: 'video/mp4', name: 'film.mp4', bytes: 25 * 1024 * 1024 };
    const answers = await Promise.all(Array.from({ length: 6 }, () => request(owner, large)));
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([201, 201, 201, 201, 409, 409]);
    expect(answers.find(({ status }) => status === 409)!.body.code).toBe('chat.attachment_quota');
  });

  test('an upload that took too long is not completed', async () => {
    const asked = (await request(owner, {})).body;
    await rows(
      shop.database.manager,
      `UPDATE attachments SET upload_expires_at = now() - interval '6 minutes' WHERE id = $1`,
      [asked.attachmentId],
    );
    expect(await complete(owner, asked.attachmentId)).toMatchObject({
      ...{ status: 409, body: { code: 'chat.attachment_expired' } },
    });
  });
});
