import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Children } from '../../test/support/children';
import { lockHolder, takeLock } from './lock';
import { identify } from './processes';

describe('the lock of a data directory', () => {
  let children: Children;
  beforeEach(() => {
    children = new Children();
  });
  afterEach(() => children.end());

  const hold = (holder: unknown) =>
    writeFileSync(path.join(children.directory, 'start.lock'), JSON.stringify(holder));

  it('is refused while its holder lives, with what to do', async () => {
    const { identity } = await children.start('patient');
    hold(identity);
    expect(() => takeLock(children.directory)).toThrow(
      `Already running on ${children.directory} (process ${identity.pid}): stop that one, or set DATA_DIR`,
    );
  });

  it('is taken over from a holder that was killed', async () => {
    const { identity, ended } = await children.start('patient');
    hold(identity);
    process.kill(identity.pid, 'SIGKILL');
    await ended;
    const release = takeLock(children.directory);
    expect(lockHolder(children.directory)).toEqual(identify(process.pid));
    release();
    expect(lockHolder(children.directory)).toBeNull();
  });

  it('is not held by a stranger with the holder’s pid', async () => {
    const { identity } = await children.start('patient');
    hold({ ...identity, startedAt: 'long ago' });
    takeLock(children.directory)();
  });
});
