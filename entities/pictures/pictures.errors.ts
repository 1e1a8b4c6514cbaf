/** Refusals of pictures. */
export const PICTURE_ERRORS = {
  'picture.not_found': { status: 404, title: 'The product has no such picture.' },
  'picture.too_many': { status: 409, title: 'The product has as many pictures as it may have.' },
  'picture.upload_expired': {
    status: 410,
    title: 'The picture can no longer be uploaded: ask for another upload.',
  },
  'picture.order_incomplete': {
    status: 409,
    title: 'The order must name each ready picture of the product once.',
  },
  'upload.not_signed': { status: 403, title: 'The address is not signed for this upload, or has expired.' },
  'upload.exists': { status: 409, title: 'Something was uploaded to this address already.' },
  'upload.empty': { status: 422, title: 'The upload is empty.' },
} as const;
