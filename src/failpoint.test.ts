import { failpoint } from './failpoint';

const HOOK = Symbol.for('meeting-pipeline.failpoint');

afterEach(() => Reflect.deleteProperty(globalThis, HOOK));

it('does nothing when no test has installed a hook', async () => {
  await expect(failpoint('mail-sent')).resolves.toBeUndefined();
});

it('tells the hook its name and waits for it', async () => {
  const reached: string[] = [];
  Reflect.set(globalThis, HOOK, async (name: string) => {
    await Promise.resolve();
    reached.push(name);
  });
  await failpoint('mail-sent');
  expect(reached).toEqual(['mail-sent']);
});
