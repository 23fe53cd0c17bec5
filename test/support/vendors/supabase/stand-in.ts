/** Supabase Storage on loopback, as its server behaves: most refusals are HTTP 400 with the status in the body. */
import { StandIn, type Answer, type SeenRequest, type Vendor } from '../stand-in';

export const KEY = 'canary-service-role.key-of-the.stand-in-example';
export const BUCKET = 'meetings-test';
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };
const VALID_KEY = /^[\w/!.*'() &$@=;:+,?-]+$/;

interface Stored {
  bytes: Buffer;
  contentType: string;
}

const json = (status: number, body: unknown): Answer => ({
  status,
  headers: JSON_TYPE,
  body: JSON.stringify(body),
});

/** As the server words it; `status` is what HTTP says. */
export const refusal = (statusCode: string, error: string, message: string, status = 400): Answer =>
  json(status, { statusCode, error, message });

export async function startSupabase(): Promise<{ supabase: StandIn; objects: Map<string, Stored> }> {
  const vendor = new Supabase();
  return { supabase: await new StandIn(vendor).listen(), objects: vendor.objects };
}

class Supabase implements Vendor {
  readonly objects = new Map<string, Stored>();
  private readonly tokens = new Map<string, { key: string; until: number }>();

  check(request: SeenRequest): string[] {
    const { method, path, headers, query } = request;
    const isUpload = method === 'POST' && path.startsWith(`/storage/v1/object/${BUCKET}/`);
    const rules: [boolean, string][] = [
      [!isAuthorized(request) && !query.has('token'), 'no or a wrong key'],
      [isUpload && (headers['content-type'] ?? 'text/plain').startsWith('text/plain'), 'no content type'],
      [isUpload && headers['x-upsert'] !== 'false', 'an upload that would overwrite'],
      [!path.startsWith('/storage/v1/'), 'not a path of the storage'],
    ];
    return rules.filter(([broken]) => broken).map(([, what]) => `${method} ${path}: ${what}`);
  }

  answer(request: SeenRequest): Answer {
    const { method, query } = request;
    const [area, ...rest] = request.path.replace('/storage/v1/', '').split('/');
    if (area === 'object' && rest[0] === 'sign' && method === 'GET')
      return this.signed(rest.slice(2), query, request);
    if (!isAuthorized(request)) return refusal('403', 'Unauthorized', 'Invalid Compact JWS');
    if (area === 'bucket') return rest[0] === BUCKET ? json(200, bucket) : noBucket;
    const isSigning = rest[0] === 'sign';
    const [name, ...key] = isSigning ? rest.slice(1) : rest;
    if (name !== BUCKET) return noBucket;
    return isSigning ? this.sign(key.join('/'), request) : this.onObject(decodeURI(key.join('/')), request);
  }

  private onObject(key: string, { method, headers, body }: SeenRequest): Answer {
    if (method === 'GET') return read(this.objects.get(key), headers.range);
    if (method === 'DELETE') return json(200, this.remove(body));
    if (!VALID_KEY.test(key)) return refusal('400', 'InvalidKey', `Invalid key: ${key}`);
    if (this.objects.has(key)) return refusal('409', 'Duplicate', 'The resource already exists');
    this.objects.set(key, { bytes: body, contentType: headers['content-type'] ?? '' });
    return json(200, { Key: `${BUCKET}/${key}`, Id: 'e7c4c0de-0000-4000-8000-000000000000' });
  }

  private remove(body: Buffer): { name: string }[] {
    const { prefixes } = JSON.parse(body.toString()) as { prefixes: string[] };
    return prefixes.filter((name) => this.objects.delete(name)).map((name) => ({ name }));
  }

  private sign(key: string, { body }: SeenRequest): Answer {
    const { expiresIn } = JSON.parse(body.toString()) as { expiresIn: number };
    if (!this.objects.has(key)) return noObject;
    const token = `token.${this.tokens.size}`;
    this.tokens.set(token, { key, until: Date.now() + expiresIn * 1000 });
    return json(200, { signedURL: `/object/sign/${BUCKET}/${key}?token=${token}` });
  }

  private signed(path: string[], query: URLSearchParams, { headers }: SeenRequest): Answer {
    const grant = this.tokens.get(query.get('token') ?? '');
    if (grant?.key !== path.join('/')) return refusal('400', 'InvalidSignature', 'The signature is wrong');
    if (Date.now() > grant.until) {
      return refusal('400', 'InvalidJWT', '"exp" claim timestamp check failed');
    }
    const answer = read(this.objects.get(grant.key), headers.range);
    const name = encodeURIComponent(query.get('download') ?? '');
    const disposition = `attachment; filename=${name}; filename*=UTF-8''${name};`;
    return { ...answer, headers: { ...answer.headers, 'content-disposition': disposition } };
  }
}

const isAuthorized = ({ headers }: SeenRequest): boolean =>
  headers.authorization === `Bearer ${KEY}` && headers.apikey === KEY;

const bucket = { id: BUCKET, name: BUCKET, public: false, file_size_limit: null, allowed_mime_types: null };
const noBucket = refusal('404', 'Bucket not found', 'Bucket not found');
const noObject = refusal('404', 'not_found', 'Object not found');

function read(object: Stored | undefined, range: string | undefined): Answer {
  if (!object) return noObject;
  const { bytes, contentType } = object;
  const headers = { 'content-type': contentType, 'accept-ranges': 'bytes' };
  if (range === undefined) return { status: 200, headers, body: bytes };
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range) ?? [];
  const start = Number(from);
  if (!(start < bytes.length)) return refusal('416', 'InvalidRange', 'The range is not satisfiable', 416);
  const end = Math.min(to ? Number(to) : Infinity, bytes.length - 1);
  const contentRange = `bytes ${start}-${end}/${bytes.length}`;
  return {
    status: 206,
    headers: { ...headers, 'content-range': contentRange },
    body: bytes.subarray(start, end + 1),
  };
}
