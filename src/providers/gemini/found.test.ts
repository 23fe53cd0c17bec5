import { merge, nothing, type Found } from './found';

const task = (name: string, segments: string[], fields = {}): Found => ({
  ...nothing(),
  tasks: [
    {
      name,
      ownerText: null,
      deadlineText: null,
      category: null,
      evidence: segments.map((segmentId) => ({ segmentId, quote: `words of ${segmentId}` })),
      ...fields,
    },
  ],
});
const names = (found: Found) => found.tasks.map(({ name }) => name);

describe('two readings of the same lines', () => {
  it('are one item when they cite a segment together in similar words; each adds what the other lacks', () => {
    const merged = merge(
      task('Send the budget report', ['s1'], { ownerText: 'Ben' }),
      task('Send budget report to Anna', ['s1', 's2'], { ownerText: 'Carol', deadlineText: 'by Friday' }),
    );
    expect(merged.tasks).toEqual([
      {
        name: 'Send the budget report',
        ownerText: 'Ben',
        deadlineText: 'by Friday',
        category: null,
        evidence: [
          { segmentId: 's1', quote: 'words of s1' },
          { segmentId: 's2', quote: 'words of s2' },
        ],
      },
    ]);
  });

  it.each([
    ['other lines', task('Send the budget', ['s1']), task('Send the budget', ['s2'])],
    ['other words', task('Send the budget', ['s1']), task('Book a room', ['s1'])],
    ['no lines', task('Send the budget', []), task('Send the budget', [])],
  ])('with %s are two', (_, one, other) => expect(names(merge(one, other))).toHaveLength(2));

  it('two promises in one breath stay two, however alike', () => {
    const both = {
      ...nothing(),
      tasks: ['Send the report to Anna', 'Send the report to Ben'].flatMap(
        (name) => task(name, ['s1']).tasks,
      ),
    };
    expect(names(merge(both, both))).toEqual(['Send the report to Anna', 'Send the report to Ben']);
  });

  it('decisions and questions are merged in the same way', () => {
    const evidence = [{ segmentId: 's1', quote: 'words' }];
    const found: Found = {
      tasks: [],
      decisions: [{ text: 'Drop the tablet', evidence }],
      questions: [{ text: 'Who pays for the room?', status: 'open', evidence }],
    };
    expect(merge(found, found)).toEqual(found);
  });
});
