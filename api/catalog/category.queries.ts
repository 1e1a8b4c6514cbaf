import type { EntityManager } from 'typeorm';

import { rows } from '../../entities/sql';

/** A category as it is stored. */
export interface CategoryRow {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly parentId: string | null;
}

/** All categories, siblings in the order in which the shop shows them. */
export async function readCategories(manager: EntityManager): Promise<CategoryRow[]> {
  return rows<CategoryRow>(
    manager,
    'SELECT id, slug, title, parent_id AS "parentId" FROM categories ORDER BY position, slug',
  );
}

/** The ids of a category and of all its subcategories; none when there is no such category. */
export async function readCategoryTree(manager: EntityManager, slug: string): Promise<string[]> {
  const found = await rows<{ id: string }>(
    manager,
    `WITH RECURSIVE tree AS (
       SELECT id FROM categories WHERE slug = $1
       UNION
       SELECT c.id FROM categories c JOIN tree ON c.parent_id = tree.id
     )
     SELECT id FROM tree`,
    [slug],
  );
  return found.map(({ id }) => id);
}
