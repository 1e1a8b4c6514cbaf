import {
  demandFileSize,
  findFile,
  judgeUpload,
  LINK_LIFE_MS,
  readOwnUpload,
  requestAttachment,
  settleUpload,
  UPLOAD_LIFE_MS,
} from '../../entities/chat/attach-file';
import { presentUpload } from '../../entities/chat/chat.presenter';
import { AttachmentLinkView, AttachmentUploadView, AttachmentView } from '../../entities/chat/message.view';
import { AppError, assertThat } from '../../entities/errors';
import { newId } from '../../entities/values/uuid';
import { inspectObject } from '../../platform/storage/inspect-object';
import { StorageError } from '../../platform/storage/storage-errors';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { may } from '../middleware/may';
import { validate, validateParams } from '../middleware/validate';
import type { CustomerRouter } from '../router-kinds';
import { chatActorOf, limitChat } from './chat-caller';
import { AttachmentInput, RoomParams } from './chat.input';

/** The files of messages. They go straight to the store and come from it. */
export function attachmentsRoutes(
  router: CustomerRouter,
  { database, storage: store, metrics }: Pick<Dependencies, 'database' | 'storage' | 'metrics'>,
): void {
  const { storage } = store;
  const checked = metrics.counter('asoud_chat_attachments_total', 'Attachments that were checked', [
    'outcome',
  ]);

  router.post(
    '/chat/rooms/:id/attachments',
    [
      describeRoute({
        operation: 'requestAttachment',
        tag: 'chat',
        summary: 'Ask for an upload of one file',
        description:
          'Upload as the answer says, complete the attachment, then name it in a message. Pictures have at most 10 MB, other files 25 MB. The content decides what a file is, not its name. A person uploads at most 100 MB a day. What is not sent within an hour is removed.',
        answers: { 201: AttachmentUploadView },
        errors: ['chat.room_archived', 'chat.attachment_quota'],
      }),
      may('chat.write'),
      validateParams(RoomParams, 'chat.room_not_found'),
      validate(AttachmentInput),
      limitChat('upload'),
    ],
    async (ctx) => {
      const { params, input } = ctx.state;
      const { name, type, bytes } = input;
      demandFileSize(input);
      const attachmentId = newId();
      const expiresAt = new Date(Date.now() + UPLOAD_LIFE_MS);
      const { key: objectKey, ...upload } = storage.signUpload({
        ...{ folder: 'chat', type, maxBytes: bytes, expiresInMs: UPLOAD_LIFE_MS },
      });
      const attachment = { attachmentId, roomId: params.id, name, type, bytes, objectKey, expiresAt };
      await withTransaction(database, (transaction) =>
        requestAttachment(transaction, chatActorOf(ctx.state), attachment),
      );
      return { status: 201, body: { attachmentId, ...upload, expiresAt: expiresAt.toISOString() } };
    },
  );

  router.post(
    '/chat/attachments/:id/complete',
    [
      describeRoute({
        operation: 'completeAttachment',
        tag: 'chat',
        summary: 'Say that a file is uploaded',
        description:
          'It is `ready` to be sent, or `failed` with the reason. A repetition is answered the same. Only its uploader can.',
        answers: { 200: AttachmentView },
        errors: ['chat.attachment_expired', 'service.unavailable'],
      }),
      may('chat.write'),
      validateParams(RoomParams, 'chat.attachment_not_found'),
      limitChat('upload'),
    ],
    async (ctx) => {
      const { caller, params } = ctx.state;
      const upload = await readOwnUpload(database.manager, caller, params.id);
      if (upload.status !== 'pending') return { status: 200, body: presentUpload(upload) };
      assertThat(upload.isInTime, 'chat.attachment_expired');
      // The store is asked outside a transaction.
      const found = await inspectObject(storage, upload.objectKey).catch(unavailable);
      const failure = judgeUpload(upload, found);
      const settled = await withTransaction(database, (transaction) =>
        settleUpload(transaction, caller, { attachmentId: params.id, failure }),
      );
      checked.inc({ outcome: settled.failure ?? settled.status });
      return { status: 200, body: presentUpload(settled) };
    },
  );

  router.get(
    '/chat/attachments/:id',
    [
      describeRoute({
        operation: 'getAttachmentLink',
        tag: 'chat',
        summary: 'Where to read a file of a message, for a minute',
        answers: { 200: AttachmentLinkView },
      }),
      may('chat.read'),
      validateParams(RoomParams, 'chat.attachment_not_found'),
    ],
    async (ctx) => {
      const { caller, params } = ctx.state;
      const { objectKey, name } = await findFile(database.manager, caller, params.id);
      const url = storage.signRead(objectKey, { expiresInMs: LINK_LIFE_MS, downloadAs: name });
      return { status: 200, body: { url, expiresAt: new Date(Date.now() + LINK_LIFE_MS).toISOString() } };
    },
  );
}

function unavailable(error: unknown): never {
  if (error instanceof StorageError) throw new AppError('service.unavailable', {}, { cause: error });
  throw error;
}
