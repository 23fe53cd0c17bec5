import { createHash, randomUUID } from 'node:crypto';

export interface Stored {
  bytes: Buffer;
  contentType: string;
  etag: string;
}

/** Of every part but the last (S3: "Multipart upload limits"). */
const LEAST_PART_BYTES = 5 * 1024 ** 2;

const md5 = (bytes: Buffer) => `"${createHash('md5').update(bytes).digest('hex')}"`;

class Upload {
  readonly parts = new Map<number, { bytes: Buffer; etag: string }>();

  constructor(
    readonly key: string,
    readonly contentType: string,
  ) {}

  addPart(number: number, bytes: Buffer): string {
    const etag = md5(bytes);
    this.parts.set(number, { bytes, etag });
    return etag;
  }
}

/** Objects and unfinished uploads, in memory. */
export class Bucket {
  readonly objects = new Map<string, Stored>();
  readonly uploads = new Map<string, Upload>();

  put(key: string, bytes: Buffer, contentType: string): Stored {
    const stored = { bytes, contentType, etag: md5(bytes) };
    this.objects.set(key, stored);
    return stored;
  }

  beginUpload(key: string, contentType: string): string {
    const id = randomUUID();
    this.uploads.set(id, new Upload(key, contentType));
    return id;
  }

  /** The S3 error code of what is wrong with the list of parts, or null. */
  complete(uploadId: string, list: string): string | null {
    const upload = this.uploads.get(uploadId);
    if (!upload) return 'NoSuchUpload';
    const named = [...list.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => ({
      number: Number(/<PartNumber>(\d+)</.exec(part)?.[1]),
      etag: /<ETag>(.*?)</.exec(part)?.[1]?.replace(/&quot;/g, '"'),
    }));
    if (named.some(({ number }, index) => number !== index + 1)) return 'InvalidPartOrder';
    const parts = named.map(({ number }) => upload.parts.get(number));
    if (parts.some((part, index) => !part || part.etag !== named[index]?.etag)) return 'InvalidPart';
    if (parts.slice(0, -1).some((part) => part!.bytes.length < LEAST_PART_BYTES)) return 'EntityTooSmall';
    this.put(upload.key, Buffer.concat(parts.map((part) => part!.bytes)), upload.contentType);
    this.uploads.delete(uploadId);
    return null;
  }

  /** Names of everything that is kept, unfinished uploads included. */
  everythingKept(): string[] {
    return [...this.objects.keys(), ...[...this.uploads].map(([id, { key }]) => `${key} (upload ${id})`)];
  }
}
