/** Amazon S3 on loopback: the operations that a media store needs, path style, signatures and checksums verified. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { StandIn, type Answer, type SeenRequest, type Vendor } from '../stand-in';
import { Bucket, type Stored } from './bucket';
import { signatureError, type Account } from './signature';
import { s3Error, xml } from './xml';

export const ACCOUNT: Account = {
  accessKeyId: 'AKIASTANDINEXAMPLE',
  secretAccessKey: 'canary/secret+key/of/the/stand/in/example',
  region: 'eu-central-1',
};
export const BUCKET = 'meetings-test';

/** A running S3 and what it keeps. */
export async function startS3(): Promise<{ s3: StandIn; bucket: Bucket }> {
  const vendor = new S3();
  return { s3: await new StandIn(vendor).listen(), bucket: vendor.bucket };
}

const keyOf = ({ path }: SeenRequest): string => path.split('/').slice(2).map(decodeURIComponent).join('/');
const bucketOf = ({ path }: SeenRequest): string | undefined => path.split('/')[1];
const contentType = ({ headers }: SeenRequest): string => headers['content-type'] ?? '';

class S3 implements Vendor {
  readonly bucket = new Bucket();

  /** What S3 would refuse, and what would be lost or unprotected without a word. */
  check(request: SeenRequest): string[] {
    const { method, headers, query } = request;
    const isBytes = method === 'PUT';
    const isNew = (isBytes && !query.has('uploadId')) || query.has('uploads');
    const rules: [boolean, string][] = [
      [signatureError(request, ACCOUNT) !== null, `signature: ${signatureError(request, ACCOUNT)}`],
      [isBytes && headers['content-length'] === undefined, 'PUT without Content-Length'],
      [isBytes && headers['x-amz-checksum-crc32'] === undefined, 'PUT without a checksum'],
      [isNew && method !== 'GET' && !contentType(request), 'a new object without Content-Type'],
    ];
    return rules.filter(([broken]) => broken).map(([, what]) => `${method} ${request.path}: ${what}`);
  }

  answer(request: SeenRequest): Answer {
    const refused = signatureError(request, ACCOUNT);
    if (refused) return s3Error(refused, 403);
    if (bucketOf(request) !== BUCKET) return s3Error('NoSuchBucket', 404);
    return bodyError(request) ?? (keyOf(request) ? this.onObject(request) : this.onBucket(request));
  }

  private onBucket({ method, query }: SeenRequest): Answer {
    if (method === 'HEAD') return { status: 200 };
    if (method === 'GET' && query.has('uploads')) return listUploads(this.bucket, query.get('prefix') ?? '');
    return s3Error('NotImplemented', 501);
  }

  private onObject(request: SeenRequest): Answer {
    const { method, query, body } = request;
    const key = keyOf(request);
    const uploadId = query.get('uploadId');
    if (uploadId !== null) return this.onUpload(request, uploadId);
    if (method === 'POST' && query.has('uploads')) {
      const id = this.bucket.beginUpload(key, contentType(request));
      return xml('InitiateMultipartUploadResult', { Bucket: BUCKET, Key: key, UploadId: id });
    }
    if (method === 'PUT') {
      return { status: 200, headers: { etag: this.bucket.put(key, body, contentType(request)).etag } };
    }
    if (method !== 'DELETE') return read(request, this.bucket.objects.get(key));
    this.bucket.objects.delete(key);
    return { status: 204 };
  }

  private onUpload(request: SeenRequest, uploadId: string): Answer {
    const { method, query, body } = request;
    const key = keyOf(request);
    const upload = this.bucket.uploads.get(uploadId);
    if (!upload || upload.key !== key) return s3Error('NoSuchUpload', 404);
    if (method === 'DELETE') {
      this.bucket.uploads.delete(uploadId);
      return { status: 204 };
    }
    if (method === 'PUT') {
      const etag = upload.addPart(Number(query.get('partNumber')), body);
      return { status: 200, headers: { etag, 'x-amz-checksum-crc32': crc32Of(body) } };
    }
    const problem = this.bucket.complete(uploadId, body.toString());
    if (problem) return s3Error(problem, 400);
    return xml('CompleteMultipartUploadResult', { Bucket: BUCKET, Key: key, ETag: '"done-1"' });
  }
}

/** S3 compares what arrived with every sum that came along. */
function bodyError({ headers, body }: SeenRequest): Answer | null {
  const hash = headers['x-amz-content-sha256'] as string | undefined;
  if (hash && /^[0-9a-f]{64}$/.test(hash) && hash !== createHash('sha256').update(body).digest('hex')) {
    return s3Error('XAmzContentSHA256Mismatch', 400);
  }
  const sum = headers['x-amz-checksum-crc32'];
  return sum === undefined || sum === crc32Of(body) ? null : s3Error('BadDigest', 400);
}

function crc32Of(bytes: Buffer): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum.toString('base64');
}

function listUploads({ uploads }: Bucket, prefix: string): Answer {
  const found = [...uploads].filter(([, { key }]) => key.startsWith(prefix));
  const rows = found.map(([id, { key }]) => `<Upload><Key>${key}</Key><UploadId>${id}</UploadId></Upload>`);
  return xml('ListMultipartUploadsResult', { Bucket: BUCKET, IsTruncated: 'false' }, rows.join(''));
}

function read({ method, query, headers: sent }: SeenRequest, object: Stored | undefined): Answer {
  if (!object) return method === 'HEAD' ? { status: 404 } : s3Error('NoSuchKey', 404);
  const disposition = query.get('response-content-disposition');
  const headers = {
    'content-type': object.contentType,
    etag: object.etag,
    'accept-ranges': 'bytes',
    ...(disposition !== null && { 'content-disposition': disposition }),
  };
  if (method !== 'HEAD') return ranged(object, sent.range, headers);
  return { status: 200, headers: { ...headers, 'content-length': String(object.bytes.length) } };
}

function ranged({ bytes }: Stored, range: string | undefined, headers: Record<string, string>): Answer {
  if (range === undefined) return { status: 200, headers, body: bytes };
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range) ?? [];
  const start = Number(from);
  if (!(start < bytes.length)) return s3Error('InvalidRange', 416);
  const end = Math.min(to ? Number(to) : Infinity, bytes.length - 1);
  const contentRange = `bytes ${start}-${end}/${bytes.length}`;
  return {
    status: 206,
    headers: { ...headers, 'content-range': contentRange },
    body: bytes.subarray(start, end + 1),
  };
}
