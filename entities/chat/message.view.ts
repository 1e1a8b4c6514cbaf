import { Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsISO8601, IsObject, IsString, IsUUID, ValidateNested } from 'class-validator';

import { Example } from '../describe/example';
import { Nullable } from '../describe/nullable';
import {
  ATTACHMENT_FAILURES,
  ATTACHMENT_STATUSES,
  type AttachmentFailure,
  type AttachmentStatus,
} from './attachment';

/** A file of a message. */
export class AttachedFileView {
  @IsUUID()
  id!: string;

  @Example('فاکتور.pdf')
  @IsString()
  name!: string;

  @Example('application/pdf')
  @IsString()
  type!: string;

  @Example(245_678)
  @IsInt()
  bytes!: number;
}

/** A message. Of a deleted one the text is empty. */
export class MessageView {
  @IsUUID()
  roomId!: string;

  /** Its number in the room. */
  @Example(12)
  @IsInt()
  seq!: number;

  @IsUUID()
  senderId!: string;

  /** As the sender calls themselves; null where they have said nothing. */
  @Nullable()
  @Example('زیبا')
  @IsString()
  senderName!: string | null;

  @IsUUID()
  clientId!: string;

  @Example('سلام، کتاب رسید؟')
  @IsString()
  text!: string;

  @Nullable()
  @Example(null)
  @IsInt()
  replyToSeq!: number | null;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => AttachedFileView)
  attachments!: AttachedFileView[];

  @IsISO8601()
  createdAt!: string;

  @Nullable()
  @IsISO8601()
  editedAt!: string | null;

  @Nullable()
  @IsISO8601()
  deletedAt!: string | null;
}

/** A part of a history, the oldest first. */
export class HistoryView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => MessageView)
  items!: MessageView[];

  /** `before` of the page with older messages; null at the beginning. */
  @Nullable()
  @Example(13)
  @IsInt()
  before!: number | null;

  /** `after` of the page with newer ones; null at the end. */
  @Nullable()
  @Example(null)
  @IsInt()
  after!: number | null;
}

/** How to upload a file: a PUT of its bytes with the headers, or a POST of a form with the fields and then `file`. */
export class AttachmentUploadView {
  @IsUUID()
  attachmentId!: string;

  @IsIn(['PUT', 'POST'])
  method!: 'PUT' | 'POST';

  @Example('http://127.0.0.1:3000/uploads/chat/5f0c7b5e-7a0e-4b0e-9d0a-2b7f4f0f3c11.pdf?token=…')
  @IsString()
  url!: string;

  @Example({ 'content-type': 'application/pdf' })
  @IsObject()
  headers!: Readonly<Record<string, string>>;

  @Example({})
  @IsObject()
  fields!: Readonly<Record<string, string>>;

  @IsISO8601()
  expiresAt!: string;
}

/** What became of an upload. */
export class AttachmentView extends AttachedFileView {
  @IsIn(ATTACHMENT_STATUSES)
  status!: AttachmentStatus;

  @Nullable()
  @Example(null)
  @IsIn(ATTACHMENT_FAILURES)
  failure!: AttachmentFailure | null;
}

/** Where a file can be read for a minute. The address needs no token, so it does not leave the device. */
export class AttachmentLinkView {
  @Example('http://127.0.0.1:3000/uploads/chat/5f0c7b5e-7a0e-4b0e-9d0a-2b7f4f0f3c11.pdf?token=…')
  @IsString()
  url!: string;

  @IsISO8601()
  expiresAt!: string;
}
