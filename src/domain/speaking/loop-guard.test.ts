import { LoopGuard } from './loop-guard';

it('lets people speak, also when they say something twice', () => {
  const guard = new LoopGuard();
  const said = ['Yes.', 'Yes.', 'Yes, yes, yes.', 'No, no, no, no.', 'The budget is the budget.', 'Right.'];
  expect(said.map((text) => guard.clean(text))).toEqual(said);
  expect(guard.dropped).toBe(0);
});

it('drops a phrase that an engine says again and again, and counts', () => {
  const guard = new LoopGuard();
  const phrase = 'Thank you for watching!';
  const heard = Array.from({ length: 10 }, () => guard.clean(phrase));
  expect(heard).toEqual([phrase, phrase, phrase, ...Array.from({ length: 7 }, () => '')]);
  expect(guard.dropped).toBe(7);
  expect(guard.clean('We go on.')).toBe('We go on.');
});

it.each(['so so so so so so so so', 'I know. I know. I know. I know. I know. I know.', '…', ''])(
  'drops %j',
  (text) => {
    expect(new LoopGuard().clean(text)).toBe('');
  },
);

it('takes a loop out of the middle of a long text and keeps the words around it as they were written', () => {
  const guard = new LoopGuard();
  const before = 'We agreed on the launch date, and on the budget of the next year.';
  const after = 'Ben, can you send the report by Friday? Yes, I will.';
  const text = `${before} ${'Thank you very much. '.repeat(12)}${after}`;
  expect(guard.clean(text)).toBe(`${before} Thank you very much. ${after}`);
  expect(guard.dropped).toBe(1);
});
