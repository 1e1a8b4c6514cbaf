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
import { CHAT_LIMITS } from '../../entities/chat/chat-limits';
import { presentUpload } from '../../entities/chat/chat.presenter';
import { AttachmentLinkView, AttachmentUploadView, AttachmentView } from '../../entities/chat/message.view';
import { AppError, assertThat } from '../../entities/errors';
import { newId } from '../../entities/values/uuid';
import { inspectObject } from '../../platform/storage/inspect-object';
import { StorageError } from '../../platform/storage/storage-errors';
import { defineVerb } from '../registry';
import { callerOf, inChat, IN_ROOM } from './chat-caller';
import { FileIdInput, RequestFileInput } from './chat.input';

/** The files of messages. They go straight to the store and come from it, never through a socket. */
export const FILE_VERBS = {
  'file.request': defineVerb({
    summary: 'Ask for an upload of one file',
    input: RequestFileInput,
    answer: AttachmentUploadView,
    action: 'chat.write',
    limit: CHAT_LIMITS.upload,
    errors: [...IN_ROOM, 'chat.room_archived', 'chat.attachment_quota'],
    async handle(context, { roomId, name, type, bytes }) {
      demandFileSize({ type, bytes });
      const attachmentId = newId();
      const expiresAt = new Date(Date.now() + UPLOAD_LIFE_MS);
      const { key: objectKey, ...upload } = context.storage.signUpload({
        ...{ folder: 'chat', type, maxBytes: bytes, expiresInMs: UPLOAD_LIFE_MS },
      });
      const attachment = { attachmentId, roomId, name, type, bytes, objectKey, expiresAt };
      await inChat(context, (transaction, actor) => requestAttachment(transaction, actor, attachment));
      return { attachmentId, ...upload, expiresAt: expiresAt.toISOString() };
    },
  }),

  'file.complete': defineVerb({
    summary: 'Say that a file is uploaded: it is `ready` to be sent, or `failed` with the reason',
    input: FileIdInput,
    answer: AttachmentView,
    action: 'chat.write',
    limit: CHAT_LIMITS.upload,
    errors: ['chat.attachment_not_found', 'chat.attachment_expired'],
    async handle(context, { attachmentId }) {
      const { database, metrics, storage } = context;
      const upload = await readOwnUpload(database.manager, callerOf(context), attachmentId);
      if (upload.status !== 'pending') return presentUpload(upload);
      assertThat(upload.isInTime, 'chat.attachment_expired');
      // The store is asked outside a transaction.
      const found = await inspectObject(storage, upload.objectKey).catch(unavailable);
      const failure = judgeUpload(upload, found);
      const settled = await inChat(context, (transaction, actor) =>
        settleUpload(transaction, actor, { attachmentId, failure }),
      );
      metrics
        .counter('asoud_chat_attachments_total', 'Attachments that were checked', ['outcome'])
        .inc({ outcome: settled.failure ?? settled.status });
      return presentUpload(settled);
    },
  }),

  'file.link': defineVerb({
    summary: 'Ask where to read a file of a message, for a minute',
    input: FileIdInput,
    answer: AttachmentLinkView,
    action: 'chat.read',
    errors: ['chat.attachment_not_found'],
    async handle(context, { attachmentId }) {
      const { database, storage } = context;
      const { objectKey, name } = await findFile(database.manager, callerOf(context), attachmentId);
      const url = storage.signRead(objectKey, { expiresInMs: LINK_LIFE_MS, downloadAs: name });
      return { url, expiresAt: new Date(Date.now() + LINK_LIFE_MS).toISOString() };
    },
  }),
};

function unavailable(error: unknown): never {
  if (error instanceof StorageError) throw new AppError('service.unavailable', {}, { cause: error });
  throw error;
}
