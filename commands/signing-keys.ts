import { makeSigningKeys } from '../platform/signing-keys';

/** Prints a JWK Set with one new private key, for SIGNING_KEYS. A rotation adds its key to the set that is there. */
process.stdout.write(`${makeSigningKeys()}\n`);
