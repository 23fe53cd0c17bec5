/** Recordings as files in a directory: for laptops, trials and one machine. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, open, rmdir, stat, statfs, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import type { MediaStore, StoredObject } from '../../ports';
import { ProviderError } from '../../provider-error';
import { asStorageError, publish, removeIfThere, removeWithLeftovers, temporaryName } from './durable-file';

/** With less, the next recording will hardly fit: `/readyz` says so before somebody tries. */
const LEAST_FREE_BYTES = 32 * 1024 ** 2;
/** Segments that start with a letter or digit: neither `..` nor an absolute path nor a hidden file can be written. */
const KEY = /^[a-z0-9][a-z0-9.-]*(\/[a-z0-9][a-z0-9.-]*)*$/;
/** Bounds the race with a `delete` that removes the directory between `mkdir` and `open`. */
const OPEN_TRIES = 5;

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

const notFound = (cause: unknown) =>
  new ProviderError('object-not-found', 'The stored recording is gone.', { retryable: false, cause });

/** `directory` is made when it is needed. */
export class LocalMediaStore implements MediaStore {
  readonly provider = 'local';
  private readonly root: string;

  constructor(directory: string) {
    this.root = path.resolve(directory);
  }

  async put(
    key: string,
    body: Readable,
    options: { contentType: string; signal?: AbortSignal },
  ): Promise<StoredObject> {
    const file = this.fileOf(key);
    const temporary = temporaryName(file);
    try {
      if (options.signal) addAbortSignal(options.signal, body);
      const handle = await createFile(temporary);
      const stored = await fill(handle, body).finally(() => handle.close());
      await publish(temporary, file);
      return stored;
    } catch (error) {
      body.destroy();
      await removeIfThere(temporary);
      await this.removeEmptyParents(file);
      throw asStorageError(error);
    }
  }

  async get(key: string, range?: { start: number; end?: number }): Promise<Readable> {
    try {
      const handle = await open(this.fileOf(key), 'r');
      return handle.createReadStream(range ?? {});
    } catch (error) {
      throw isMissing(error) ? notFound(error) : asStorageError(error);
    }
  }

  async size(key: string): Promise<number | null> {
    try {
      return (await stat(this.fileOf(key))).size;
    } catch (error) {
      if (isMissing(error)) return null;
      throw asStorageError(error);
    }
  }

  async delete(key: string): Promise<void> {
    const file = this.fileOf(key);
    await removeWithLeftovers(file);
    await this.removeEmptyParents(file);
  }

  async signedUrl(): Promise<null> {
    return null;
  }

  async check(): Promise<void> {
    try {
      await mkdir(this.root, { recursive: true });
      await access(this.root, constants.R_OK | constants.W_OK);
    } catch (error) {
      throw asStorageError(error);
    }
    const { bavail, bsize } = await statfs(this.root);
    if (bavail * bsize < LEAST_FREE_BYTES) throw asStorageError({ code: 'ENOSPC' });
  }

  private fileOf(key: string): string {
    if (!KEY.test(key) || key.length > 500) throw new RangeError(`not a key of the media store: ${key}`);
    return path.join(this.root, key);
  }

  private async removeEmptyParents(file: string): Promise<void> {
    const directory = path.dirname(file);
    if (directory === this.root) return;
    const removed = await rmdir(directory).then(
      () => true,
      () => false, // not empty, or removed by somebody else: either way none of our business
    );
    if (removed) await this.removeEmptyParents(directory);
  }
}

/** Resolves when all bytes are on the disk: a name is only ever given to those. */
async function fill(handle: FileHandle, body: Readable): Promise<StoredObject> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    // Hashed while it is being written. `write` alone may stop in the middle of a chunk; this does not.
    const written = handle.writeFile(chunk);
    hash.update(chunk);
    bytes += chunk.length;
    await written;
  }
  await handle.sync();
  return { bytes, sha256: hash.digest('hex') };
}

async function createFile(file: string, triesLeft = OPEN_TRIES): Promise<FileHandle> {
  await mkdir(path.dirname(file), { recursive: true });
  try {
    return await open(file, 'wx', 0o600);
  } catch (error) {
    if (!isMissing(error) || triesLeft === 1) throw error;
    return createFile(file, triesLeft - 1);
  }
}
