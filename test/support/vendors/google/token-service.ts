/** Google's token service: service accounts, consent, refresh tokens that can be revoked. */
import { createPublicKey, generateKeyPairSync, randomUUID, verify } from 'node:crypto';
import type { Answer, SeenRequest } from '../stand-in';

export const CLIENT = { clientId: 'canary-client.apps.example.com', clientSecret: 'canary-client-secret' };
export const SCOPE = 'https://www.googleapis.com/auth/calendar.events';
const GOOGLE_TOKEN_URL = 'https://oauth2.googleapis.com/token';
const ACCOUNT = 'canary-robot@project.iam.example.com';
/** Made once: it takes a tenth of a second. */
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** A key file as the console gives it out. */
export const keyFile = () =>
  JSON.stringify({
    type: 'service_account',
    project_id: 'project',
    private_key_id: 'canary-key-id',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    client_email: ACCOUNT,
    client_id: '1234567890',
    token_uri: GOOGLE_TOKEN_URL,
  });

const json = (status: number, body: unknown): Answer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(body),
});

/** An error as the token service words it. */
export const tokenError = (status: number, error: string, description = 'canary description'): Answer =>
  json(status, { error, error_description: description });

export class TokenService {
  /** Who may be acted for by the service account. */
  readonly workspace = new Set<string>();
  /** Refresh tokens and whose they are. */
  readonly refreshTokens = new Map<string, string>();
  private readonly accessTokens = new Map<string, string>();
  private readonly codes = new Map<string, { who: string; redirectUri: string; scope: string }>();

  /** A user says yes; the code that Google sends them back with. */
  consent(who: string, redirectUri: string, scope = SCOPE): string {
    const code = `4/canary-${randomUUID()}`;
    this.codes.set(code, { who, redirectUri, scope });
    return code;
  }

  /** A refresh token as a consent would have given. */
  refreshTokenOf(who: string): string {
    const token = `1//canary-${randomUUID()}`;
    this.refreshTokens.set(token, who);
    return token;
  }

  /** The user takes the access back, in their Google account. */
  revoke(who: string): void {
    for (const [token, whose] of this.refreshTokens) if (whose === who) this.refreshTokens.delete(token);
    this.endAccess();
  }

  /** All access tokens are over, before their time. */
  endAccess(): void {
    this.accessTokens.clear();
  }

  whoseAccess(authorization: string | undefined): string | undefined {
    return this.accessTokens.get(authorization?.replace('Bearer ', '') ?? '');
  }

  answer({ body }: SeenRequest): Answer {
    const form = new URLSearchParams(body.toString());
    if (form.has('assertion')) return this.forServiceAccount(form.get('assertion')!);
    if (form.get('client_id') !== CLIENT.clientId || form.get('client_secret') !== CLIENT.clientSecret) {
      return tokenError(401, 'invalid_client', 'Unauthorized');
    }
    return form.has('code') ? this.forCode(form) : this.forRefreshToken(form.get('refresh_token') ?? '');
  }

  private forServiceAccount(assertion: string): Answer {
    const [header, payload, signature] = assertion.split('.') as [string, string, string];
    const signed = Buffer.from(`${header}.${payload}`);
    const key = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }));
    if (!verify('RSA-SHA256', signed, key, Buffer.from(signature, 'base64url'))) {
      return tokenError(400, 'invalid_grant', 'Invalid JWT Signature.');
    }
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, any>;
    const whole = claims.iss === ACCOUNT && claims.aud === GOOGLE_TOKEN_URL && claims.scope === SCOPE;
    if (!whole || claims.exp - claims.iat > 3600) return tokenError(400, 'invalid_grant', 'Invalid JWT.');
    if (claims.sub === undefined) return this.access(ACCOUNT);
    return this.workspace.has(claims.sub)
      ? this.access(claims.sub)
      : tokenError(400, 'invalid_grant', 'Invalid email or User ID');
  }

  private forCode(form: URLSearchParams): Answer {
    const code = this.codes.get(form.get('code')!);
    this.codes.delete(form.get('code')!);
    if (!code) return tokenError(400, 'invalid_grant', 'Bad Request');
    if (code.redirectUri !== form.get('redirect_uri')) return tokenError(400, 'redirect_uri_mismatch');
    return this.access(code.who, { refresh_token: this.refreshTokenOf(code.who), scope: code.scope });
  }

  private forRefreshToken(token: string): Answer {
    const who = this.refreshTokens.get(token);
    return who === undefined
      ? tokenError(400, 'invalid_grant', 'Token has been expired or revoked.')
      : this.access(who, { scope: SCOPE });
  }

  private access(who: string, more: object = {}): Answer {
    const token = `ya29.canary-${randomUUID()}`;
    this.accessTokens.set(token, who);
    return json(200, { access_token: token, expires_in: 3599, token_type: 'Bearer', ...more });
  }
}
