import type { Context } from 'koa';
import { AppError } from './errors';

export const versionTag = (version: number): string => `"${version}"`;

/**
 * Optimistic locking: with `If-Match`, only the version that the client has read is changed. `*` = whatever there is;
 * a weak tag never matches (RFC 9110 §13.1.1).
 * @throws AppError `stale-version`
 */
export function requireVersion(ctx: Context, version: number): void {
  const wanted = ctx.get('If-Match');
  if (wanted === '' || wanted.split(',').some((tag) => ['*', versionTag(version)].includes(tag.trim())))
    return;
  throw new AppError(
    'stale-version',
    `The version is ${version} now: read it again, then repeat your change.`,
  );
}
