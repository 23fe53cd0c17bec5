/** Which addresses are safe without TLS and without sign-in. */
import { isIP } from 'node:net';

/** True for names and addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}

function secureUrl(value: string): URL | null {
  if (!URL.canParse(value)) return null;
  const url = new URL(value);
  if (url.username || url.password) return null;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)) ? url : null;
}

/** The URL as written when it is https:, or http: on loopback; null otherwise. */
export const parseSecureUrl = (value: string): string | null => (secureUrl(value) ? value : null);

/** Like `parseSecureUrl`, but scheme, host and port only; a trailing slash is dropped. */
export function parseSecureOrigin(value: string): string | null {
  const url = secureUrl(value);
  return url && url.pathname === '/' && !url.search && !url.hash ? url.origin : null;
}
