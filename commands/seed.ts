import { MIGRATIONS, SHOP_ENTITIES } from '../entities/data-source';
import { seedCatalog } from '../entities/seeds/seed-catalog';
import { DatabaseConfig } from '../platform/config/database';
import { loadConfig } from '../platform/config/load-config';
import { PublicAddressConfig } from '../platform/config/public-address';
import { openPostgres } from '../platform/postgres';
import { shopEnvironment } from './shop-environment';

/** `npm run seed`: writes the example catalogue into the database. It may run again. */
async function main(): Promise<void> {
  const { database: config, publicAddress } = loadConfig(
    { database: DatabaseConfig, publicAddress: PublicAddressConfig },
    shopEnvironment(),
  );
  const database = await openPostgres(
    config,
    { entities: SHOP_ENTITIES, migrations: MIGRATIONS },
    'asoud-seed',
  );
  try {
    const { categories, products, variants, stockMovements } = await seedCatalog(
      database,
      publicAddress.publicUrl,
    );
    process.stdout.write(
      `seeded: ${categories} categories, ${products} products, ${variants} variants, ${stockMovements} opening stocks\n`,
    );
  } finally {
    await database.destroy();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(
    `the catalogue was not seeded: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
});
