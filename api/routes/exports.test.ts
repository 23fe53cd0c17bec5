import { parseTranscript } from '../../src/domain/transcript-files';
import { startTestApi, type TestApi } from '../../test/support/api';
import { addMeeting, addTranscript, addUser } from '../../test/support/rows';

let api: TestApi;
let base: string;
beforeAll(async () => {
  api = await startTestApi();
  const meeting = await addMeeting(api.knex, { title: 'Weekly' });
  const said: [string, string][] = [
    ['Speaker 1', 'We ship <b>on Friday</b>'],
    ['Speaker 2', 'Yes'],
  ];
  const anna = { name: 'Anna Berg', userId: null, source: 'person' as const };
  await addTranscript(api.knex, meeting, said, { 'Speaker 1': anna });
  base = `/meeting/${meeting.id}/transcript`;
});
afterAll(() => api.close());

describe('GET /meeting/:meetingId/transcript.…', () => {
  it.each([
    ['vtt', 'text/vtt; charset=utf-8'],
    ['srt', 'application/x-subrip; charset=utf-8'],
    ['txt', 'text/plain; charset=utf-8'],
  ] as const)(
    '%s is a file that can be uploaded again, with the names of the speakers',
    async (kind, type) => {
      const { status, headers, body } = await api.send('GET', `${base}.${kind}`);
      expect({ status, type: headers.get('content-type') }).toEqual({ status: 200, type });
      expect(headers.get('content-disposition')).toBe(`attachment; filename="Weekly.${kind}"`);
      expect(parseTranscript(Buffer.from(body), kind).segments).toMatchObject([
        { speaker: 'Anna Berg', text: 'We ship <b>on Friday</b>' },
        { speaker: 'Speaker 2', text: 'Yes' },
      ]);
    },
  );

  it('a title is cut between characters', async () => {
    const meeting = await addMeeting(api.knex, { title: `${'x'.repeat(99)}😀😀` });
    await addTranscript(api.knex, meeting, [['Speaker 1', 'Yes']]);
    const { status, headers } = await api.send('GET', `/meeting/${meeting.id}/transcript.vtt`);
    expect(status).toBe(200);
    expect(headers.get('content-disposition')).toContain(encodeURIComponent(`${'x'.repeat(99)}😀.vtt`));
  });

  it('md is for people', async () => {
    const { headers, body } = await api.send('GET', `${base}.md`);
    expect(headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect(body).toContain('# Weekly');
    expect(body).toContain('**Anna Berg**');
  });

  it('knows no other kinds, no other people and no meeting without words', async () => {
    expect((await api.send('GET', `${base}.pdf`)).body).toMatchObject({ code: 'invalid-parameter' });
    const stranger = await addUser(api.knex);
    expect((await api.send('GET', `${base}.vtt`, { as: stranger.id })).status).toBe(404);
    const silent = await addMeeting(api.knex);
    expect(await api.send('GET', `/meeting/${silent.id}/transcript.vtt`)).toMatchObject({
      status: 409,
      body: { code: 'no-transcript' },
    });
  });
});
