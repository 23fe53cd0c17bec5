import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { REMEDIES, remedyFor } from './remedies';

const ROOT = path.join(__dirname, '../..');
const CODES = Object.values(REMEDIES).flatMap((area) => Object.entries(area));

/** Where failures are made. */
const SOURCES = ['activities', 'src/providers', 'src/media', 'src/tools', 'src/domain/delivery'];
/** Where some are named as constants, or made of what the server says. */
const ALSO = ['src/ports.ts', 'workflows/step-failure.ts', 'api/present/run.ts'];
/** Kebab-case words in those files that are no codes of a run. */
const OTHERS = ['retry-after', 'x-ratelimit-reset', 'temporal-missing', 'test-server-missing'];

function sources(): string[] {
  return SOURCES.flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /(?<!\.test)\.(ts|py)$/.test(file))
      .map((file) => path.join(ROOT, folder, file)),
  );
}

/** Codes as they are written: the first argument of whatever makes a ProviderError, or a `code` of its own. */
function codesIn(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const made = [
    ...text.matchAll(/(?:ProviderError|final|later|forGood|forNow|Refused)\(\s*['"]([a-z-]+)['"]/g),
  ];
  const named = [...text.matchAll(/\bcode(?:: |=|":\s*)['"]([a-z]+(?:-[a-z]+)+)['"]/g)];
  const listed = /failures\.ts$/.test(file) ? [...text.matchAll(/'([a-z]+(?:-[a-z]+)+)'/g)] : [];
  const constants = [...text.matchAll(/^export const [A-Z_]+ = '([a-z]+(?:-[a-z]+)+)';/gm)];
  return [...made, ...named, ...listed, ...constants]
    .map(([, code]) => code!)
    .filter((code) => !OTHERS.includes(code));
}

test('every code that the product makes has a remedy of its own', () => {
  const made = new Set([...sources(), path.join(ROOT, 'src/ports.ts')].flatMap(codesIn));
  expect(made.size).toBeGreaterThan(60);
  const known = new Set(CODES.map(([code]) => code));
  expect([...made].filter((code) => !known.has(code))).toEqual([]);
});

test('nothing is said about a code that nobody makes', () => {
  const code = [...sources(), ...ALSO.map((file) => path.join(ROOT, file))]
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const unheard = CODES.filter(([name]) => !code.includes(`'${name}'`) && !code.includes(`"${name}"`));
  expect(unheard.map(([name]) => name)).toEqual([]);
});

test('no code is listed twice', () => {
  const codes = CODES.map(([code]) => code);
  expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([]);
});

test('OPERATIONS.md says the same, word for word, area by area', () => {
  const written = readFileSync(path.join(ROOT, 'OPERATIONS.md'), 'utf8').replaceAll(/ +/g, ' ');
  const [, part = ''] = written.split('## What to do about a code\n');
  const rows = (part.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| `'));
  expect(rows).toEqual(CODES.map(([code, remedy]) => `| \`${code}\` | ${remedy} |`));
});

test('a code that nobody has heard of sends to the log', () => {
  expect(remedyFor('never-heard-of')).toBe(remedyFor('internal'));
});
