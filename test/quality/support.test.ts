import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../src/project-root';
import { verifyQuote } from '../../src/domain/evidence';
import { LocalExtractor } from '../../src/providers/local/extractor';
import { flaggedItems, isSupported, type AnnotatedMeeting } from './support';

const folder = path.join(projectRoot, '../shared/data/meetings');
const there = existsSync(folder);
if (!there) console.warn(`The annotated meetings are not at ${folder}: quality was not measured.`);

const meetings = (): AnnotatedMeeting[] =>
  (there ? readdirSync(folder) : [])
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as AnnotatedMeeting);

test('an item is supported by a link to its turn or next to it', () => {
  const item = { kind: 'action' as const, text: '', turns: [10, 20] };
  expect(isSupported(item, [22])).toBe(true);
  expect(isSupported(item, [13, 23])).toBe(false);
  expect(isSupported(item, [])).toBe(false);
});

test('at least half of what is flagged is supported, where annotators have left links', async () => {
  let flagged = 0;
  let supported = 0;
  for (const meeting of meetings()) {
    const links = Object.values(meeting.gold_evidence ?? {}).flat(2);
    const items = links.length > 0 ? await flaggedItems(new LocalExtractor(), meeting) : [];
    flagged += items.length;
    supported += items.filter((item) => isSupported(item, links)).length;
  }
  expect(supported * 2).toBeGreaterThanOrEqual(flagged);
});

test('a meeting without any item, and hours of procedure, yield hardly anything', async () => {
  for (const meeting of meetings()) {
    const items = await flaggedItems(new LocalExtractor(), meeting);
    if (meeting.id === 'ami-TS3010a') expect(items.length).toBeLessThanOrEqual(3);
    if (meeting.id === 'qmsum-covid_1') expect(items.length).toBeLessThanOrEqual(5);
  }
});

test('every quote stands literally in its segment, and 24,000 words take less than three seconds of CPU', async () => {
  for (const meeting of meetings()) {
    const segments = meeting.turns.map(({ speaker, text }, i) => ({
      ...{ id: String(i), speaker, text, startMs: null, endMs: null, confidence: null },
    }));
    const before = process.cpuUsage();
    const found = await new LocalExtractor().extract({
      segments,
      participants: [],
      clock: { recordedAt: '2025-01-01T12:00:00Z', timezone: 'UTC' },
      instructions: null,
    });
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(3000);
    for (const { segmentId, quote } of [...found.tasks, ...found.decisions, ...found.questions].flatMap(
      (i) => i.evidence,
    )) {
      expect(segments[Number(segmentId)]!.text).toContain(quote);
      expect(verifyQuote(quote, segments[Number(segmentId)]!.text)).toBe(quote);
    }
  }
});
