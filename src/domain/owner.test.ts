import { resolveOwner } from './owner';

const participant = (name: string, email = `${name.replace(/\W/g, '')}@example.com`.toLowerCase()) => ({
  userId: email,
  name,
  email,
});

const anna = participant('Anna Berg');
const ben = participant('Ben');
const zoe = participant('Zoë Müller-Lüdenscheidt');
const team = [anna, ben, zoe];

test.each([
  ['Anna Berg', anna],
  ['  anna   BERG ', anna],
  ['Anna', anna],
  ['Ms. Anna Berg', anna],
  ['Dr. Anna', anna],
  ['ben', ben],
  ['Ben.', ben],
  ['Zoe', zoe],
  ['zoe muller-ludenscheidt', zoe],
  ['ANNABERG@example.com', anna],
])('%j is %o', (spoken, who) => {
  expect(resolveOwner(spoken, team)).toBe(who);
});

test.each([
  null,
  '',
  '  ',
  'Carol',
  'Berg',
  'Anna Other',
  'Ann',
  'somebody',
  'Speaker 2',
  'anna berg@example.com',
  'Ms.',
])('%j is nobody here', (spoken) => {
  expect(resolveOwner(spoken, team)).toBeNull();
});

test('a first name that two share is nobody’s; the full name still is', () => {
  const other = participant('Anna Lind');
  expect(resolveOwner('Anna', [...team, other])).toBeNull();
  expect(resolveOwner('Anna Lind', [...team, other])).toBe(other);
});

test('"Anna" is not taken for somebody when one is called just that and another has it as first name', () => {
  const justAnna = participant('Anna');
  expect(resolveOwner('Anna', [anna, justAnna])).toBe(justAnna);
  expect(resolveOwner('Anna Berg', [anna, justAnna])).toBe(anna);
});

test('two with the same full name: nobody', () => {
  expect(resolveOwner('Ben', [ben, participant('Ben', 'other@example.com')])).toBeNull();
});
