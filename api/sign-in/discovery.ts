/** Where an issuer publishes its keys. */
import { parseSecureUrl } from '../../src/config/urls';

export interface KeyPlace {
  issuer: string;
  /** null = ask the issuer. */
  jwksUrl: string | null;
}

/**
 * The configured address, else the one of the discovery document (OpenID Connect Discovery §4), else
 * `<issuer>/.well-known/jwks.json`, where Supabase Auth and others without such a document keep them.
 * @throws Error saying what is wrong; also when the document speaks of another issuer.
 */
export async function keysAddress({ issuer, jwksUrl }: KeyPlace, init: RequestInit): Promise<string> {
  if (jwksUrl !== null) return jwksUrl;
  const address = wellKnown(issuer, 'openid-configuration');
  const response = await fetch(address, init);
  if (response.status >= 500) throw new Error(`${address} answered ${response.status}`);
  return (response.ok ? await addressIn(response, issuer) : null) ?? wellKnown(issuer, 'jwks.json');
}

async function addressIn(response: Response, issuer: string): Promise<string | null> {
  const document = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown } | null;
  if (document?.issuer !== issuer)
    throw new Error(
      `the issuer calls itself ${JSON.stringify(document?.issuer)}: set AUTH_ISSUER to exactly that`,
    );
  const { jwks_uri: found } = document;
  if (found === undefined) return null;
  const address = typeof found === 'string' ? parseSecureUrl(found) : null;
  if (address === null) throw new Error('jwks_uri of the issuer is no https: URL (http: only on loopback)');
  return address;
}

const wellKnown = (issuer: string, name: string) => `${issuer.replace(/\/$/, '')}/.well-known/${name}`;
