import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { type BundleContent, bundleContent } from './bundle-workflows';

const ROOT = path.join(__dirname, '../..');
const WORKFLOWS = path.join(ROOT, 'workflows');

/** What Temporal's own sandbox brings; a name more means that a workflow imports what it must not. */
const WORKFLOW_PACKAGES = ['@temporalio/common', '@temporalio/workflow', 'long', 'ms', 'nexus-rpc'];

const PLANTED_ORDER = `
import { Entity, PrimaryColumn } from 'typeorm';
@Entity()
export class Order { @PrimaryColumn('uuid') id!: string; }
`;
const PLANTED_WORKFLOW = `
import { sleep } from '@temporalio/workflow';
import { Order } from './order';
export async function workflow() { await sleep(1); return new Order(); }
`;

describe('the workflow bundle', () => {
  let bundle: BundleContent;

  beforeAll(async () => {
    bundle = await bundleContent(WORKFLOWS);
  });

  it("holds Temporal's workflow packages and no other", () => {
    expect(bundle.packages).toEqual(WORKFLOW_PACKAGES);
  });

  it('holds no file of another room', () => {
    expect(bundle.files).toContain('workflows/index.ts');
    expect(bundle.files.filter((file) => !file.startsWith('workflows/'))).toEqual([]);
  });

  it('is small enough to be loaded by every worker at once', () => {
    // Temporal's own part is some 540,000 characters; one ORM or validator by accident is a quarter of a million more.
    expect(bundle.size).toBeGreaterThan(500_000);
    expect(bundle.size).toBeLessThan(850_000);
  });
});

it('shows an entity that a workflow imports by value', async () => {
  const tree = mkdtempSync(path.join(realpathSync(tmpdir()), 'asoud-bundle-'));
  try {
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(tree, 'node_modules'), 'junction');
    const workflows = path.join(tree, 'workflows');
    mkdirSync(workflows);
    writeFileSync(path.join(workflows, 'order.ts'), PLANTED_ORDER);
    writeFileSync(path.join(workflows, 'index.ts'), PLANTED_WORKFLOW);
    const { packages } = await bundleContent(workflows);
    expect(packages).toEqual(expect.arrayContaining([...WORKFLOW_PACKAGES, 'typeorm']));
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
});
