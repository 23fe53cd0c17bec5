/** What a user granted, encrypted at rest: AES-256-GCM with the key's id in front, bound to its user. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { keyChanged } from './failures';

/** Layout: version (1 byte), key id (4), nonce (12), tag (16), ciphertext. */
const VERSION = 1;
const KEY_ID_BYTES = 4;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + KEY_ID_BYTES;

const keyOf = (tokenKey: string): Buffer => Buffer.from(tokenKey, 'base64');
const keyId = (key: Buffer): Buffer => createHash('sha256').update(key).digest().subarray(0, KEY_ID_BYTES);
/** A grant that is copied into another user's row is of no use there. */
const boundTo = (header: Buffer, userId: string): Buffer => Buffer.concat([header, Buffer.from(userId)]);

/** `tokenKey` is 32 bytes in base64. */
export function sealGrant(refreshToken: string, userId: string, tokenKey: string): Buffer {
  const key = keyOf(tokenKey);
  const header = Buffer.concat([Buffer.of(VERSION), keyId(key)]);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(boundTo(header, userId));
  const sealed = Buffer.concat([cipher.update(refreshToken, 'utf8'), cipher.final()]);
  return Buffer.concat([header, nonce, cipher.getAuthTag(), sealed]);
}

/** The refresh token. @throws ProviderError `calendar-token-key` when it was sealed with another key or changed. */
export function openGrant(grant: Buffer, userId: string, tokenKey: string): string {
  const key = keyOf(tokenKey);
  const header = grant.subarray(0, HEADER_BYTES);
  if (!header.equals(Buffer.concat([Buffer.of(VERSION), keyId(key)]))) throw keyChanged();
  const nonce = grant.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES);
  const sealed = grant.subarray(HEADER_BYTES + NONCE_BYTES);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
      .setAAD(boundTo(header, userId))
      .setAuthTag(sealed.subarray(0, TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    // Truncated, changed, or of another user: what exactly is no help.
    throw keyChanged();
  }
}
