import { ProductPicture } from './product-picture';

/** The table of pictures. */
export const PICTURE_TABLES = [ProductPicture];
