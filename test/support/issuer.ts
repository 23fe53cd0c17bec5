/** A loopback issuer of tokens: discovery document, key set, rotation, outages. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  exportJWK,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JWK,
  type JWTHeaderParameters,
} from 'jose';

const KEYS_PATH = '/keys';
const DISCOVERY_PATH = '/.well-known/openid-configuration';

/** `undefined` takes a default claim or header field away. */
export type Claims = Record<string, unknown>;

export class TestIssuer {
  readonly audience = 'meetings';
  /** Paths that were asked for, in order. */
  readonly asked: string[] = [];
  /** Answered in place of the usual ones, by path; null = the connection breaks. */
  readonly answers = new Map<string, { status: number; body: string } | null>();
  privateKey!: CryptoKey;
  publicJwk!: JWK;

  private constructor(private readonly server: ReturnType<typeof createServer>) {}

  static async start(): Promise<TestIssuer> {
    const server = createServer();
    const issuer = new TestIssuer(server);
    server.on('request', (req, res) => issuer.answer(req, res));
    await issuer.rotate();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What the api needs to trust it. */
  get env() {
    return { AUTH_ISSUER: this.url, AUTH_AUDIENCE: this.audience };
  }

  /** How often the keys were asked for. */
  get keyFetches(): number {
    return this.asked.filter((path) => path === KEYS_PATH).length;
  }

  /** New keys; the old ones are no longer published. */
  async rotate(): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    this.privateKey = privateKey;
    this.publicJwk = { ...(await exportJWK(publicKey)), kid: randomUUID(), alg: 'RS256', use: 'sig' };
  }

  goAway(): void {
    for (const path of [DISCOVERY_PATH, KEYS_PATH]) this.answers.set(path, null);
  }

  comeBack(): void {
    this.answers.clear();
  }

  /** Valid for an hour, for `ben@example.com`, but for what `claims` and `header` change. */
  token(
    claims: Claims = {},
    header: Partial<JWTHeaderParameters> = {},
    key = this.privateKey,
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const all = { ...this.usual, iat: now, exp: now + 3600, ...claims };
    return new SignJWT(all)
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: this.publicJwk.kid!, ...header })
      .sign(key, { crit: { 'urn:x': true } });
  }

  get usual(): Claims {
    return { iss: this.url, aud: this.audience, sub: 'ben', email: 'ben@example.com', name: 'Ben Ode' };
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private answer(req: IncomingMessage, res: ServerResponse): void {
    const path = req.url ?? '';
    this.asked.push(path);
    const other = this.answers.get(path);
    if (other === null) return void req.socket.destroy();
    if (other) return void res.writeHead(other.status).end(other.body);
    if (path === DISCOVERY_PATH) return sendJson(res, { issuer: this.url, jwks_uri: this.url + KEYS_PATH });
    if (path === KEYS_PATH) return sendJson(res, { keys: [this.publicJwk] });
    res.writeHead(404).end();
  }
}

function sendJson(res: ServerResponse, body: unknown): void {
  res.writeHead(200, { 'Content-Type': 'application/json', Connection: 'close' }).end(JSON.stringify(body));
}
