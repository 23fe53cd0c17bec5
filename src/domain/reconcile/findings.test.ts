import { evidenceOf } from '../../../test/support/readings';
import { reconcileFindings } from '.';
import { fingerprint } from './matter';

const finding = (text: string, segment: number, columns: object = {}) => ({
  text,
  needsReview: false,
  evidence: evidenceOf(segment, text),
  ...columns,
});
const row = (text: string, segment: number, columns: object = {}) => ({
  ...finding(text, segment, columns),
  id: text,
  position: 0,
  fingerprint: fingerprint(text),
});

it('a question that was answered meanwhile is the same question', () => {
  const old = row('Who signs the contract?', 3, { status: 'open' });
  const read = finding('Who signs the contract?', 3, { status: 'answered' });
  expect(reconcileFindings([old], [read], true)).toEqual([
    { change: 'updated', id: old.id, fields: { status: 'answered' } },
  ]);
});

it('what was put otherwise keeps its id; what is new is added; what is gone goes', () => {
  const old = [row('Launch on the tenth', 1), row('Drop the tablet', 5)];
  const read = [finding('Hire a tester', 9), { ...finding('The launch is on the tenth', 1) }];
  expect(reconcileFindings(old, read, true)).toMatchObject([
    { change: 'added', fields: { text: 'Hire a tester', position: 0 } },
    {
      change: 'updated',
      id: 'Launch on the tenth',
      fields: { text: 'The launch is on the tenth', position: 1 },
    },
    { change: 'removed', id: 'Drop the tablet' },
  ]);
});

it('another place in the list is no change that people see', () => {
  const old = [row('Launch on the tenth', 1), row('Drop the tablet', 5)];
  const read = [finding('Drop the tablet', 5), finding('Launch on the tenth', 1)];
  expect(reconcileFindings(old, read, true).map(({ change }) => change)).toEqual(['kept', 'kept']);
});

it('nothing goes when the reading left something out', () => {
  const old = [row('Launch on the tenth', 1)];
  expect(reconcileFindings<(typeof old)[number]>(old, [], false)).toEqual([
    { change: 'kept', id: old[0]!.id, fields: {} },
  ]);
});

it('an answer that says the very same twice says it once', () => {
  const read = [finding('Drop the tablet', 5), finding('Drop the tablet', 5)];
  expect(reconcileFindings([] as ReturnType<typeof row>[], read, true)).toHaveLength(1);
});

it('nor does it say once more what it cites at greater length', () => {
  const again = { ...finding('Drop the tablet', 5), evidence: evidenceOf(5, 'the tablet') };
  const elsewhere = finding('Drop the tablet', 9);
  const read = [finding('Drop the tablet', 5), again, elsewhere];
  expect(reconcileFindings([] as ReturnType<typeof row>[], read, true)).toHaveLength(2);
});
