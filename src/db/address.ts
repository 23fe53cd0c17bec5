/** Postgres addresses as the two parsers in our tree (pg's and knex's) do not agree on them. */
import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import type { DatabaseConfig } from '../config';

const OURS = ['sslmode', 'sslrootcert', 'channel_binding', 'uselibpqcompat'];

export interface Address {
  connectionString: string;
  /** Certificates are always verified when TLS is on: `require` and `prefer` mean `verify-full` here. */
  ssl: ConnectionOptions | false;
  enableChannelBinding: boolean;
}

/**
 * Takes the TLS parameters out of the URL, where they would silently override the `ssl` object, and builds that
 * object. TLS is on for every `sslmode` but `disable`, and whenever a CA file is given.
 */
export function postgresAddress(url: string, { caFile }: Pick<DatabaseConfig, 'caFile'>): Address {
  const address = new URL(url);
  const mode = address.searchParams.get('sslmode');
  const binding = address.searchParams.get('channel_binding');
  const ca = caFile ?? address.searchParams.get('sslrootcert');
  for (const name of OURS) address.searchParams.delete(name);
  const secure = mode !== 'disable' && (mode !== null || ca !== null);
  return {
    connectionString: address.toString(),
    ssl: secure && { rejectUnauthorized: true, ...(ca && { ca: readFileSync(ca, 'utf8') }) },
    enableChannelBinding: binding === 'require' || binding === 'prefer',
  };
}
