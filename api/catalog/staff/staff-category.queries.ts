import type { EntityManager } from 'typeorm';

import { integer, nullable, text, uuid } from '../../../entities/row-shape';
import { rows, statement } from '../../../entities/sql';
import type { StaffCategoryView } from './staff-catalog.view';

const COLUMNS = `c.id, c.slug, c.title, c.title_en AS "titleEn", c.parent_id AS "parentId",
  (SELECT count(*) FROM products p WHERE p.category_id = c.id) AS products, c.version`;

const SHAPE = {
  id: uuid,
  slug: text,
  title: text,
  titleEn: nullable(text),
  parentId: nullable(uuid),
  products: integer,
  version: integer,
};

const LIST = statement<StaffCategoryView>(
  `SELECT ${COLUMNS} FROM categories c ORDER BY c.position, c.slug`,
  SHAPE,
);

const READ = statement<StaffCategoryView>(`SELECT ${COLUMNS} FROM categories c WHERE c.id = $1`, SHAPE);

/** All categories, siblings in the order in which the shop shows them. */
export async function readStaffCategories(manager: EntityManager): Promise<StaffCategoryView[]> {
  return rows(manager, LIST);
}

/** The category with this id. */
export async function readStaffCategory(
  manager: EntityManager,
  categoryId: string,
): Promise<StaffCategoryView | undefined> {
  const [category] = await rows(manager, READ, [categoryId]);
  return category;
}
