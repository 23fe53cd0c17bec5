import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { exportTranscript, parseTranscript } from '../../src/domain/transcript-files';
import { Meeting } from '../../src/models/meeting';
import { projectRoot } from '../../src/project-root';
import { startTestApi, type TestApi } from '../../test/support/api';
import { sha256, upload } from '../../test/support/upload';

const DATA = path.resolve(projectRoot, '../shared/data');

const CONTAINERS = [
  ['meeting-flite.mp3', 'audio/mpeg'],
  ['meeting-flite.m4a', 'audio/mp4'],
  ['meeting-flite.ogg', 'audio/ogg'],
  ['meeting-flite.webm', 'audio/webm'],
  ['meeting-flite.mp4', 'video/mp4'],
  ['meeting-flite-video.webm', 'video/webm'],
] as const;

const MEETINGS = ['ami-ES2002a', 'ami-IS1008a', 'ami-IB4003', 'ami-TS3010a', 'qmsum-covid_1'];

describe('the test data', () => {
  const there = existsSync(DATA);
  if (!there) console.warn(`SKIPPED: uploads of the test data, which is not in ${DATA}`);
  let roomy: TestApi;
  beforeAll(async () => {
    roomy = await startTestApi();
  });
  afterAll(() => roomy.close());
  const ifThere = there ? it : it.skip;

  ifThere.each(CONTAINERS)('%s is taken for %s', async (name, type) => {
    const bytes = readFileSync(path.join(DATA, 'audio', name));
    const { status, body } = await upload(roomy, { name, bytes });
    expect(status).toBe(201);
    expect(await Meeting.query(roomy.knex).findById(body.meetingId)).toMatchObject({
      mediaType: type,
      mediaBytes: String(bytes.length),
      mediaSha256: sha256(bytes),
    });
  });

  ifThere.each(MEETINGS.flatMap((name) => ['vtt', 'json', 'srt'].map((kind) => [name, kind] as const)))(
    '%s as .%s is a transcript to its last word',
    async (name, kind) => {
      const json = readFileSync(path.join(DATA, 'meetings', `${name}.json`));
      const parsed = parseTranscript(json, 'json');
      const bytes =
        kind === 'srt'
          ? exportTranscript(parsed.segments, 'srt', { title: null })
          : readFileSync(path.join(DATA, 'meetings', `${name}.${kind}`));
      const { status, body } = await upload(roomy, { name: `${name}.${kind}`, bytes });
      expect(status).toBe(201);
      const { transcript } = (await roomy.send('GET', `/meeting/${body.meetingId}`)).body;
      const lastWords = parsed.segments.at(-1)!.text.split(/\s+/).slice(-3).join(' ');
      expect(transcript.replace(/\s+/g, ' ').endsWith(lastWords)).toBe(true);
    },
  );
});
