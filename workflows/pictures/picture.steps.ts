import type { PictureFailure } from '../../entities/pictures/product-picture';

/** The steps of a picture. Each reads the row first, so a repetition changes nothing. */
export interface PictureSteps {
  /**
   * Checks an upload that waits by its content, and stores it in all sizes. Nothing happens to a picture that does not wait.
   *
   * @returns why it cannot be a picture, or null
   */
  renderUpload(input: { readonly pictureId: string }): Promise<PictureFailure | null>;
  /** One transaction: shows the picture, or says why there is none. */
  settlePicture(input: {
    readonly pictureId: string;
    readonly failure: PictureFailure | null;
  }): Promise<void>;
  /**
   * Removes the objects that serve nothing any more.
   *
   * @returns when to do so once more, in milliseconds since the epoch; null at the end
   */
  removeUselessObjects(input: { readonly pictureId: string }): Promise<number | null>;
}

/** The step of the sweep. */
export interface PictureSweepSteps {
  /** Gives up what was never uploaded, and starts the workflows that are overdue. Returns how many. */
  tidyPictures(): Promise<number>;
}
