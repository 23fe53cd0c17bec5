/** AWS Signature Version 4, checked as the description of it says: independent of the client that we test. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { SeenRequest } from '../stand-in';

export interface Account {
  accessKeyId: string;
  secretAccessKey: string;
  region: string;
}

const MAX_SKEW_MS = 15 * 60_000;
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

interface Claim {
  credential: string[];
  signedHeaders: string[];
  signature: string;
  date: string;
  payloadHash: string;
  query: [string, string][];
  presigned: boolean;
}

/** The S3 error code of what is wrong with the signature, or null. */
export function signatureError(request: SeenRequest, account: Account): string | null {
  const { query } = request;
  const claim = query.has('X-Amz-Signature') ? presignedClaim(query) : headerClaim(request);
  if (claim === null) return 'AccessDenied';
  const [accessKeyId, day, region, service, end] = claim.credential;
  if (accessKeyId !== account.accessKeyId) return 'InvalidAccessKeyId';
  if (region !== account.region) return 'AuthorizationHeaderMalformed';
  if (service !== 's3' || end !== 'aws4_request' || day !== claim.date.slice(0, 8)) return 'AccessDenied';
  return timeError(claim, query) ?? (isSigned(request, claim, account) ? null : 'SignatureDoesNotMatch');
}

function headerClaim({ headers, query }: SeenRequest): Claim | null {
  const match = /^AWS4-HMAC-SHA256 Credential=(\S+?), ?SignedHeaders=(\S+?), ?Signature=([0-9a-f]{64})$/.exec(
    headers.authorization ?? '',
  );
  const [date, payloadHash] = [headers['x-amz-date'], headers['x-amz-content-sha256']];
  if (!match || typeof date !== 'string' || typeof payloadHash !== 'string') return null;
  return {
    credential: match[1]!.split('/'),
    signedHeaders: match[2]!.split(';'),
    signature: match[3]!,
    date,
    payloadHash,
    query: [...query],
    presigned: false,
  };
}

function presignedClaim(query: URLSearchParams): Claim {
  const value = (name: string) => query.get(name) ?? '';
  return {
    credential: value('X-Amz-Credential').split('/'),
    signedHeaders: value('X-Amz-SignedHeaders').split(';'),
    signature: value('X-Amz-Signature'),
    date: value('X-Amz-Date'),
    payloadHash: 'UNSIGNED-PAYLOAD',
    query: [...query].filter(([name]) => name !== 'X-Amz-Signature'),
    presigned: true,
  };
}

function timeError({ date, presigned }: Claim, query: URLSearchParams): string | null {
  const at = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  const age = Date.now() - at;
  if (presigned) return age > Number(query.get('X-Amz-Expires')) * 1000 ? 'AccessDenied' : null;
  return Math.abs(age) > MAX_SKEW_MS ? 'RequestTimeTooSkewed' : null;
}

function isSigned({ method, path, headers }: SeenRequest, claim: Claim, account: Account): boolean {
  const mustBeSigned = Object.keys(headers).filter((name) => name.startsWith('x-amz-') && !claim.presigned);
  if (![...mustBeSigned, 'host'].every((name) => claim.signedHeaders.includes(name))) return false;
  const canonical = [
    method,
    path,
    canonicalQuery(claim.query),
    ...claim.signedHeaders.map(
      (name) =>
        `${name}:${String(headers[name] ?? '')
          .trim()
          .replace(/ +/g, ' ')}`,
    ),
    '',
    claim.signedHeaders.join(';'),
    claim.payloadHash,
  ].join('\n');
  const scope = claim.credential.slice(1);
  const text = ['AWS4-HMAC-SHA256', claim.date, scope.join('/'), sha256(canonical)].join('\n');
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${account.secretAccessKey}`);
  const given = Buffer.from(claim.signature, 'hex');
  return given.length === 32 && timingSafeEqual(given, hmac(key, text));
}

const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

const canonicalQuery = (query: [string, string][]): string =>
  query
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
