import type { EntityManager } from 'typeorm';

import { Category } from '../../entities/catalog/category';
import { uuid } from '../../entities/row-shape';
import { rows, statement } from '../../entities/sql';

/** A category without its place among its siblings. */
export type CategoryRow = Readonly<Pick<Category, 'id' | 'slug' | 'title' | 'titleEn' | 'parentId'>>;

/** All categories, siblings in the order in which the shop shows them. */
export async function readCategories(manager: EntityManager): Promise<CategoryRow[]> {
  return manager.find(Category, {
    select: { id: true, slug: true, title: true, titleEn: true, parentId: true },
    order: { position: 'ASC', slug: 'ASC' },
  });
}

const READ_TREE = statement<{ id: string }>(
  `WITH RECURSIVE tree AS (
     SELECT id FROM categories WHERE slug = $1
     UNION
     SELECT c.id FROM categories c JOIN tree ON c.parent_id = tree.id
   )
   SELECT id FROM tree`,
  { id: uuid },
);

/** The ids of a category and of all its subcategories; none when there is no such category. */
export async function readCategoryTree(manager: EntityManager, slug: string): Promise<string[]> {
  const found = await rows(manager, READ_TREE, [slug]);
  return found.map(({ id }) => id);
}
