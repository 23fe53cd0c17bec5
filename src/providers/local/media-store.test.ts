import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { mediaStoreContract } from '../../../test/support/contracts/media-store';
import { LocalMediaStore } from './media-store';

const directories: string[] = [];

async function scratch(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'media-store-'));
  directories.push(directory);
  return directory;
}

afterAll(() => Promise.all(directories.map((directory) => rm(directory, { recursive: true, force: true }))));

async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

mediaStoreContract('a local directory', async () => {
  const directory = await scratch();
  return { store: new LocalMediaStore(directory), everythingKept: () => filesIn(directory) };
});

describe('the local media store', () => {
  it('has no URLs of its own: the api streams the bytes', async () => {
    expect(await new LocalMediaStore(await scratch()).signedUrl()).toBeNull();
  });

  it('removes with an object what a crash left of it, and the directories that become empty', async () => {
    const directory = await scratch();
    const store = new LocalMediaStore(directory);
    await store.put('media/a/recording', Readable.from([Buffer.from('x')]), { contentType: 'audio/mpeg' });
    await writeFile(path.join(directory, 'media/a/recording~0000'), 'half of it');
    await store.delete('media/a/recording');
    expect(await readdir(directory)).toEqual([]);
  });

  it('leaves no empty directory after a put that failed', async () => {
    const directory = await scratch();
    const body = Readable.from(
      (async function* () {
        yield Buffer.from('x');
        throw new Error('cut');
      })(),
    );
    const put = new LocalMediaStore(directory).put('media/b/recording', body, { contentType: 'audio/mpeg' });
    await expect(put).rejects.toThrow('cut');
    expect(await readdir(directory)).toEqual([]);
  });

  it('says that it can not be used when its place is taken by a file', async () => {
    const file = path.join(await scratch(), 'taken');
    await writeFile(file, '');
    await expect(new LocalMediaStore(file).check()).rejects.toMatchObject({ code: 'storage-unavailable' });
  });
});

/** A file system of 16 MB; null where we may not mount one. */
async function smallDisk(): Promise<string | null> {
  const directory = await scratch();
  const mount = promisify(execFile)('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', directory]);
  return mount.then(
    () => directory,
    () => null,
  );
}

describe('on a full disk', () => {
  it('says so, leaves nothing behind and takes the next small recording', async () => {
    const disk = await smallDisk();
    if (!disk) return console.warn('SKIPPED: a full disk; mounting a tmpfs needs root');
    try {
      const store = new LocalMediaStore(path.join(disk, 'media'));
      const tooMuch = Readable.from(Array.from({ length: 32 }, () => Buffer.alloc(1024 ** 2)));
      await expect(store.put('big', tooMuch, { contentType: 'audio/wav' })).rejects.toMatchObject({
        name: 'ProviderError',
        code: 'storage-full',
      });
      expect(await filesIn(disk)).toEqual([]);
      await expect(store.check()).rejects.toMatchObject({ code: 'storage-full' });
      const small = await store.put('small', Readable.from([Buffer.from('x')]), { contentType: 'audio/wav' });
      expect(small.bytes).toBe(1);
    } finally {
      await promisify(execFile)('umount', [disk]);
    }
  });
});
