import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { pipelineId } from '../../workflows/messages';
import { brokenQuotes, people, resting, upload, type ShownMeeting } from '../support/client';
import { readHistory } from '../support/history';
import { build, Installation } from '../support/npm-start';
import { describeWithSharedData, readShared, sharedData } from '../support/shared-data';
import { wordErrorRate } from '../support/word-error-rate';

interface Turn {
  speaker: string;
  start: number;
  end: number;
  text: string;
}

const MEETINGS = ['ami-ES2002a', 'ami-IS1008a', 'ami-IB4003', 'ami-TS3010a', 'qmsum-covid_1'];
const turnsOf = (name: string) => (JSON.parse(readShared(name)) as { turns: Turn[] }).turns;
const squeezed = (text: string) => text.replace(/\s+/g, ' ');

const stamp = (seconds: number) =>
  new Date(Math.round(seconds * 1000)).toISOString().slice(11, 23).replace('.', ',');
const asSrt = (turns: Turn[]) =>
  turns
    .map(
      ({ start, end, speaker, text }, i) =>
        `${i + 1}\n${stamp(start)} --> ${stamp(end)}\n${speaker}: ${text}\n`,
    )
    .join('\n');

describeWithSharedData('real meetings, as a user uploads them', () => {
  const installation = new Installation();
  const scratch = mkdtempSync(path.join(tmpdir(), 'meetings-test-'));
  let apiUrl: string;

  beforeAll(async () => {
    await build();
    await installation.start();
    apiUrl = installation.stack().apiUrl;
  }, 180_000);
  afterAll(async () => {
    await installation.remove();
    rmSync(scratch, { recursive: true });
  }, 60_000);

  async function processed(file: string, fields?: Record<string, string>): Promise<ShownMeeting> {
    const meeting = await resting(apiUrl, await upload(apiUrl, file, fields));
    expect(meeting).toMatchObject({ status: 'ready', failure: null });
    expect(brokenQuotes(meeting)).toEqual([]);
    return meeting;
  }

  function fileOf(name: string, kind: string): string {
    if (kind !== 'srt') return path.join(sharedData, 'meetings', `${name}.${kind}`);
    const file = path.join(scratch, `${name}.srt`);
    writeFileSync(file, asSrt(turnsOf(`meetings/${name}.json`)));
    return file;
  }

  const countItems = ({ actionItems, decisions, unresolvedQuestions }: ShownMeeting) =>
    actionItems.length + decisions.length + unresolvedQuestions.length;

  it.each(MEETINGS.flatMap((name) => ['json', 'vtt', 'srt'].map((kind) => [name, kind] as const)))(
    'reads %s.%s to its last line',
    async (name, kind) => {
      const meeting = await processed(fileOf(name, kind));
      const last = squeezed(turnsOf(`meetings/${name}.json`).at(-1)!.text).trim();
      expect(squeezed(meeting.transcript)).toContain(last);
      if (name === 'ami-TS3010a') expect(countItems(meeting)).toBeLessThanOrEqual(3);
    },
    60_000,
  );

  it('keeps the history of the longest one small and free of what was said', async () => {
    const meeting = await processed(fileOf('qmsum-covid_1', 'json'));
    const { temporalAddress: address } = installation.stack();
    const connection = await Connection.connect({ address });
    const history = await readHistory(new Client({ connection }), pipelineId(meeting.id));
    await connection.close();
    expect(history.events).toBeLessThanOrEqual(150);
    expect(history.bytes).toBeLessThanOrEqual(100 * 1024);
    const sentences = meeting.segments.map(({ text }) => text).filter((text) => text.split(' ').length > 4);
    expect(sentences.filter((text) => history.text.includes(text))).toEqual([]);
  }, 60_000);

  it('hears the sample in a video: words, voices, names, who does what by when', async () => {
    const meeting = await processed(path.join(sharedData, 'audio/meeting-flite-video.webm'), {
      recordedAt: '2025-10-14',
      participants: people('Anna', 'Ben', 'Carol'),
    });
    const said = turnsOf('audio/meeting-flite.json');
    const words = (parts: { text: string }[]) => parts.map(({ text }) => text).join(' ');
    expect(wordErrorRate(words(said), words(meeting.segments))).toBeLessThanOrEqual(0.08);
    const names = new Map(meeting.participants.map(({ userId, name }) => [userId, name]));
    const owned = meeting.actionItems.map(({ owner, deadline }) => `${names.get(owner ?? '')} ${deadline}`);
    const right = [
      'Ben 2025-10-17',
      'Ben 2025-10-20',
      'Carol 2025-10-22',
      'Anna 2025-10-15',
      'Carol 2025-10-14',
    ];
    expect(owned.filter((item) => !right.includes(item))).toEqual([]);
    expect(owned.length).toBeGreaterThanOrEqual(4);
  }, 180_000);

  it('hears a human voice to its end and not beyond', async () => {
    const meeting = await processed(path.join(sharedData, 'audio/real-speech-librivox.mp3'));
    const said = readShared('audio/real-speech-librivox.txt');
    expect(wordErrorRate(said, meeting.segments.map(({ text }) => text).join(' '))).toBeLessThanOrEqual(0.08);
    expect(meeting.segments.at(-1)!.endMs).toBeLessThanOrEqual(Math.round(meeting.durationSeconds! * 1000));
  }, 120_000);
});
