import type { PictureRow, ShownPicture } from '../../entities/pictures/read-pictures';
import { versionTag } from '../middleware/if-match';
import type { PictureView, StaffPicturesView } from './picture.view';

/** Keys begin with their folder, and the addresses in `image_urls` with their scheme. */
const FOLDER = 'products/';

/** The address of a picture: `api/pictures` serves those of the store, others have their own. */
export function pictureUrl<Picture extends string | null>(publicUrl: string, picture: Picture) {
  return picture?.startsWith(FOLDER) ? `${publicUrl}/pictures/${picture}` : picture;
}

export function presentPicture(publicUrl: string, { id, altFa, altEn, sizes }: ShownPicture): PictureView {
  return {
    ...{ id, altFa, altEn },
    sizes: sizes.map(({ key, width, height }) => ({ url: pictureUrl(publicUrl, key), width, height })),
  };
}

/** The pictures of a product for staff, with the `ETag` for the next change. */
export function presentPictures(
  publicUrl: string,
  version: number,
  pictures: readonly PictureRow[],
): { readonly headers: { readonly ETag: string }; readonly body: StaffPicturesView } {
  const items = pictures.map((picture) => ({
    ...presentPicture(publicUrl, picture),
    status: picture.status,
    failure: picture.failure,
    createdAt: picture.createdAt.toISOString(),
  }));
  return { headers: { ETag: versionTag(version) }, body: { version, items } };
}
