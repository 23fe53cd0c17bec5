import { expectGrowth } from './growth';

let sink = 0;
const turns = (count: number) => {
  for (let i = 0; i < count; i++) sink = (sink * 31 + i) % 1_000_003;
};

test('work in proportion to its size passes, however much of it there is', async () => {
  await expectGrowth((size) => turns(size), 150_000_000);
});

test('work that grows with the square of its size fails, unless the square is allowed', async () => {
  const square = (size: number) => turns(size * size);
  await expect(expectGrowth(square, 13_000)).rejects.toThrow(/^8 times the size costs/);
  await expectGrowth(square, 13_000, { power: 2 });
});
