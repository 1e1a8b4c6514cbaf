import { Attachment } from './attachment';
import { Block } from './block';
import { Message } from './message';
import { Report } from './report';
import { Room } from './room';
import { RoomMember } from './room-member';

/** The tables of rooms and what is in them. */
export const CHAT_TABLES = [Room, RoomMember, Message, Attachment, Block, Report];
