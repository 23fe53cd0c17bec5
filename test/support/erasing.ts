/** A whole installation whose providers can be held at any call, and what must be gone of a deleted meeting. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Meeting } from '../../src/models/meeting';
import { Task } from '../../src/models/task';
import { LocalCalendar } from '../../src/providers/local/calendar';
import { LocalExtractor } from '../../src/providers/local/extractor';
import { LocalMailer } from '../../src/providers/local/mailer';
import { LocalMediaStore } from '../../src/providers/local/media-store';
import { Door } from './door';
import { everyFile, everyRow, found } from './everything';
import type { PipelineChange } from './pipeline';
import { eventually } from './poll';
import { SAMPLE_LINES } from './sample';
import { ScriptedSpeech } from './scripted-speech';
import { startWhole, type Whole } from './whole';

/** Row 37 of the fault matrix. */
export const MINUTE = { deadlineMs: 60_000 };
/** Stands in every transcript and in no id. */
const SAID = 'payment';

export class Erasing {
  private constructor(
    readonly whole: Whole,
    readonly doors: { store: Door; extractor: Door; mailer: Door; calendar: Door },
    private readonly dataDir: string,
    readonly speech: ScriptedSpeech,
  ) {}

  static async open(change: PipelineChange = {}): Promise<Erasing> {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'erasing-'));
    const doors = { store: new Door(), extractor: new Door(), mailer: new Door(), calendar: new Door() };
    const speech = new ScriptedSpeech(SAMPLE_LINES);
    const whole = await startWhole({
      speech,
      diarizer: null,
      extractor: doors.extractor.before(new LocalExtractor(), 'extract'),
      mediaStore: doors.store.before(new LocalMediaStore(path.join(dataDir, 'media')), 'get'),
      mailer: doors.mailer.before(new LocalMailer(path.join(dataDir, 'outbox')), 'send'),
      calendar: doors.calendar.before(new LocalCalendar(path.join(dataDir, 'calendars')), 'put'),
      ...change,
    });
    return new Erasing(whole, doors, dataDir, speech);
  }

  get driver() {
    return this.whole.driver;
  }

  /** Everything goes on as it should. */
  reset(): void {
    this.speech.hold = null;
    this.speech.breaks = [];
    Object.values(this.doors).forEach((door) => door.open());
  }

  async close(): Promise<void> {
    this.reset();
    await this.whole.close();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  fromRecording = (): Promise<Meeting> => this.driver.startedFromRecording();
  fromTranscript = (): Promise<Meeting> => this.driver.startedFromTranscript(SAMPLE_LINES);

  /** The meeting that `start` makes, once one of its calls stands at the door. */
  async heldAt(door: Door, start: () => Promise<Meeting>): Promise<Meeting> {
    door.close();
    const meeting = await start();
    await eventually(() => door.waiting > 0, MINUTE);
    return meeting;
  }

  /** Ready, and its tasks known to their owners. */
  async settled(): Promise<Meeting> {
    const meeting = await this.fromRecording();
    await this.driver.becomes(meeting, 'ready');
    await eventually(async () => {
      const tasks = await this.driver.tasksOf(meeting);
      expect(tasks.length).toBeGreaterThan(0);
      for (const { version, syncedVersion } of tasks) expect(syncedVersion).toBe(version);
    }, MINUTE);
    return meeting;
  }

  /** Deletes it over HTTP; the erasure's id. */
  async delete(meeting: Meeting): Promise<string> {
    const { status, body } = await this.whole.api.send('DELETE', `/meeting/${meeting.id}`);
    expect(status).toBe(202);
    return body.erasureId;
  }

  async receipt(erasureId: string) {
    return (await this.whole.api.send('GET', `/erasures/${erasureId}`)).body;
  }

  isDone(erasureId: string, { deadlineMs } = MINUTE) {
    return eventually(
      async () => {
        const receipt = await this.receipt(erasureId);
        expect(receipt.state).toBe('done');
        return receipt;
      },
      { deadlineMs },
    );
  }

  /** Ids that would betray the meeting, wherever they stood. */
  async idsOf({ id }: Meeting): Promise<string[]> {
    const tasks = await Task.query(this.driver.db).where({ meetingId: id }).select('id');
    return [id, ...tasks.map((task) => task.id)];
  }

  async rowsAreGone(ids: string[]): Promise<void> {
    const rows = await everyRow(this.driver.db, ['erasures', 'erasure_remains']);
    expect(found([...ids, SAID, 'Weekly planning'], rows)).toEqual([]);
  }

  async filesAreGone(ids: string[]): Promise<void> {
    const files = { ...everyFile(this.dataDir), ...everyFile(this.whole.pipeline.dataDir) };
    expect(Object.keys(files).filter((name) => !name.endsWith('.ics'))).toEqual([]);
    expect(found([...ids, SAID], files)).toEqual([]);
  }

  /** The user's calendar as iCalendar text. */
  calendarOf(userId: string): string {
    return everyFile(this.dataDir)[`calendars/${userId}.ics`]?.toString() ?? '';
  }

  /** But for the erasure's own. */
  async historiesGo([meetingId, ...taskIds]: string[]): Promise<void> {
    const ids = [`meeting-${meetingId}`, ...taskIds.map((id) => `task-${id}`)];
    const query = `WorkflowId in (${ids.map((id) => `'${id}'`).join(', ')})`;
    const count = () => this.driver.client.workflow.count(query);
    await eventually(async () => expect((await count()).count).toBe(0), {
      deadlineMs: 120_000,
      intervalMs: 500,
    });
  }
}
