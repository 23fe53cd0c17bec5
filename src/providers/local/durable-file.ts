/** What every local adapter needs of the file system: a file is there whole or not at all, also after a power cut. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { ProviderError } from '../../provider-error';

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const UNUSABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'EIO', 'ENOTDIR', 'EEXIST', 'EMFILE', 'ENFILE']);

/** The same error as a `ProviderError` when the disk is to blame; any other error as it is. */
export function asStorageError(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  if (FULL.has(code)) {
    return new ProviderError('storage-full', 'The disk under DATA_DIR is full: make room.', {
      retryable: true,
      cause: error,
    });
  }
  if (UNUSABLE.has(code)) {
    return new ProviderError('storage-unavailable', `DATA_DIR can not be used (${code}).`, {
      retryable: true,
      cause: error,
    });
  }
  return error;
}

/**
 * A new name beside `file`, in the same file system so that the rename is atomic. The `~` can't occur in the name of
 * a finished file, so leftovers are told apart.
 */
export const temporaryName = (file: string): string => `${file}~${randomUUID()}`;

/** True for the temporary names of `file`. */
const isTemporaryOf = (file: string, name: string): boolean => name.startsWith(`${path.basename(file)}~`);

/** Makes a rename or removal in this directory survive a power cut. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Gives a finished, synced temporary file its name. */
export async function publish(temporary: string, file: string): Promise<void> {
  await rename(temporary, file);
  await syncDirectory(path.dirname(file));
}

/** Cleans up behind a failure, whose own error tells more than one of the removal. */
export const removeIfThere = (file: string): Promise<void> =>
  rm(file, { force: true }).catch(() => undefined);

/**
 * Replaces the file's content: a reader sees the old or the new one, nothing between.
 * @throws ProviderError `storage-full` or `storage-unavailable`
 */
export async function writeDurably(file: string, content: string | Buffer): Promise<void> {
  const temporary = temporaryName(file);
  try {
    await mkdir(path.dirname(file), { recursive: true });
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await publish(temporary, file);
  } catch (error) {
    await removeIfThere(temporary);
    throw asStorageError(error);
  }
}

/**
 * Removes the file and what unfinished writes of it left; no error when there is none.
 * @throws ProviderError `storage-unavailable`
 */
export async function removeWithLeftovers(file: string): Promise<void> {
  const directory = path.dirname(file);
  const names = await readdir(directory).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw asStorageError(error);
  });
  const ours = names.filter((name) => name === path.basename(file) || isTemporaryOf(file, name));
  await Promise.all(ours.map((name) => rm(path.join(directory, name), { force: true })));
}
