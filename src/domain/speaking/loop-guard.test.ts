import { LoopGuard } from './loop-guard';

it('lets people speak, also when they say something twice', () => {
  const guard = new LoopGuard();
  const said = ['Yes.', 'Yes.', 'Yes, yes, yes.', 'No, no, no, no.', 'The budget is the budget.', 'Right.'];
  expect(said.filter((text) => guard.accepts(text))).toEqual(said);
});

it('drops a phrase that an engine says again and again', () => {
  const guard = new LoopGuard();
  const heard = Array.from({ length: 10 }, () => guard.accepts('Thank you for watching!'));
  expect(heard).toEqual([true, true, true, ...Array.from({ length: 7 }, () => false)]);
  expect(guard.accepts('We go on.')).toBe(true);
});

it.each(['so so so so so so so so', 'I know. I know. I know. I know. I know. I know.', '…', ''])(
  'drops %j',
  (text) => {
    expect(new LoopGuard().accepts(text)).toBe(false);
  },
);
