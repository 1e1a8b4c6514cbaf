/** Refusals of rooms and messages. */
export const CHAT_ERRORS = {
  'chat.room_not_found': { status: 404, title: 'There is no such room, or the caller is not in it.' },
  'chat.message_not_found': { status: 404, title: 'There is no such message in the room.' },
  'chat.person_not_found': {
    status: 404,
    title: 'There is nobody with this id whom the caller could reach.',
  },
  'chat.member_not_found': { status: 404, title: 'This person is not in the room.' },
  'chat.not_permitted': { status: 403, title: 'The role of the caller in the room does not permit this.' },
  'chat.blocked': { status: 403, title: 'One of the two people has blocked the other.' },
  'chat.room_archived': { status: 409, title: 'The room is archived: it can be read only.' },
  'chat.room_kind': { status: 409, title: 'Rooms of this kind do not have this.' },
  'chat.room_full': { status: 409, title: 'The room has as many members as it can have.' },
  'chat.rooms_too_many': { status: 409, title: 'There are too many rooms: leave one first.' },
  'chat.edit_too_late': { status: 409, title: 'A message can be edited for 15 minutes only.' },
  'chat.message_deleted': { status: 409, title: 'The message was deleted.' },
  'chat.client_id_reused': {
    status: 422,
    title: 'A message with this client id was already sent with another content.',
  },
  'chat.text_invalid': {
    status: 422,
    title:
      'A message has 1 to 4,000 characters, without control characters and without those that turn the direction of text.',
  },
  'chat.attachment_not_found': {
    status: 404,
    title: 'There is no such attachment, or the caller may not see it.',
  },
  'chat.attachment_not_ready': {
    status: 409,
    title: 'An attachment is not ready, belongs to another room or was sent already.',
  },
  'chat.attachment_expired': { status: 409, title: 'The time for this upload is over: ask for another one.' },
  'chat.attachment_quota': { status: 409, title: 'The caller has uploaded too much within a day.' },
  'chat.report_not_found': { status: 404, title: 'There is no such report.' },
  'chat.report_resolved': { status: 409, title: 'The report is resolved already.' },
} as const;
