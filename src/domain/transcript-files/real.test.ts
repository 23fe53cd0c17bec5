import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../project-root';
import { exportTranscript, parseTranscript } from '.';

const folder = path.join(projectRoot, '../shared/data/meetings');
const meetings = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
if (meetings.length === 0) console.warn(`Real meetings are not at ${folder}: their files were not read.`);

const squeezed = (words: string) => words.replace(/\s+/g, ' ').trim();

test('each real meeting has the same words in every format', () => {
  for (const name of meetings) {
    const json = readFileSync(path.join(folder, name));
    const turns = (JSON.parse(json.toString()) as { turns: { text: string }[] }).turns;
    const expected = turns.map(({ text }) => squeezed(text)).filter((text) => text !== '');
    const fromJson = parseTranscript(json, 'json');
    const fromVtt = parseTranscript(readFileSync(path.join(folder, name.replace('.json', '.vtt'))), 'vtt');
    const words = fromJson.segments.map(({ text }) => squeezed(text));
    expect(words).toEqual(expected);
    expect(fromVtt.segments.map(({ text }) => text)).toEqual(expected);
    expect(fromVtt.segments.map(({ speaker }) => speaker)).toEqual(
      fromJson.segments.map(({ speaker }) => speaker),
    );
    for (const kind of ['vtt', 'srt', 'txt'] as const) {
      const file = exportTranscript(fromJson.segments, kind, { title: null });
      const again = parseTranscript(Buffer.from(file), kind);
      expect(again.segments.map(({ speaker, text }) => [speaker, text])).toEqual(
        fromVtt.segments.map(({ speaker, text }) => [speaker, text]),
      );
    }
  }
});
