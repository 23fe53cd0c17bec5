import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { failpoint } from './failpoint';
import { projectRoot } from './project-root';

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

it('stands in the code under each of its names, once', () => {
  const sources = ['activities', 'api', 'src']
    .map((folder) => path.join(projectRoot, folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => path.join(folder, file)),
    )
    .filter((file) => /(?<!\.test)\.ts$/.test(file))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const declared = readFileSync(path.join(__dirname, 'failpoint.ts'), 'utf8').matchAll(
    /^ {2}\| '([a-z-]+)'/gm,
  );
  const names = [...declared].map(([, name]) => name);
  expect(names.length).toBeGreaterThanOrEqual(9);
  const placed = [...sources.matchAll(/await failpoint\('([a-z-]+)'\)/g)].map(([, name]) => name);
  expect(placed.sort()).toEqual(names.sort());
});
