import { createHash } from 'node:crypto';
import type { Context } from 'koa';

/** Weak: the same facts, not promised byte for byte. */
export const weakTag = (body: Buffer): string => `W/"${createHash('sha1').update(body).digest('base64url')}"`;

/** Not Koa's `fresh`: `fetch` sends `Cache-Control: no-cache` along, which would make every tag stale. */
export const isKnown = (ctx: Context, tag: string): boolean =>
  ctx
    .get('If-None-Match')
    .split(',')
    .some((known) => ['*', tag, tag.slice(2)].includes(known.trim()));
