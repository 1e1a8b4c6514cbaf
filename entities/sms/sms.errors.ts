/** Refusals of SMS. */
export const SMS_ERRORS = {
  'sms.template_unknown': { status: 422, title: 'There is no such template in this language.' },
  'sms.variables_invalid': { status: 422, title: 'The variables do not fit the template.' },
  'sms.recipient_invalid': { status: 422, title: 'Messages go to Iranian mobile numbers only.' },
  'sms.not_found': { status: 404, title: 'There is no such message.' },
  'sms.not_ambiguous': { status: 409, title: 'It is known what became of the message.' },
} as const;
