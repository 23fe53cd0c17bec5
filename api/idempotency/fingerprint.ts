/** Tells whether two requests ask for the same. */
import { createHash } from 'node:crypto';

/** SHA-256 in hex. The order of an object's fields does not matter, that of a list does. */
export const fingerprintOf = (content: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(content ?? null, (_, value: unknown) => inOrder(value)))
    .digest('hex');

function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries);
}
