import { derivedId } from '../values/uuid';

/** 32 random bytes as base64url: 43 characters, of which the last carries four bits. */
const PATTERN = /^[A-Za-z0-9_-]{43}$/;

/** Whether the text has the form of a cart token. The cart need not exist. */
export function isCartToken(text: string): boolean {
  return PATTERN.test(text);
}

/** The id of the token's cart. It is one-way, so rows, logs and backups open no cart. */
export function cartIdOf(token: string): string {
  return derivedId('cart', token);
}
