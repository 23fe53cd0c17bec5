/** Changes tasks on a test pipeline as the api does, and looks at what the world has learnt of them. */
import { CalendarEventRow } from '../../src/models/calendar-event';
import { Delivery } from '../../src/models/delivery';
import { Task } from '../../src/models/task';
import type { User } from '../../src/models/user';
import type { Mail, Mailer } from '../../src/ports';
import type { ProviderError } from '../../src/provider-error';
import { signalTaskChanged } from '../../src/temporal/runs';
import { insertMeeting, insertUser, type NewMeeting } from './meetings';
import type { TestPipeline } from './pipeline';
import { eventually } from './poll';

const PATIENT = { deadlineMs: 30_000 };

/** Takes mails, but its next sends go wrong as told. */
export class MoodyMailer implements Mailer {
  readonly provider = 'moody';
  readonly sent: Mail[] = [];
  moods: ProviderError[] = [];

  async send(mail: Mail) {
    const mood = this.moods.shift();
    if (mood?.outcome !== 'rejected') this.sent.push(mail);
    if (mood) throw mood;
    return { providerMessageId: mail.deliveryId };
  }
}

export class TaskDriver {
  private constructor(
    private readonly pipeline: TestPipeline,
    /** Owns what is inserted. */
    readonly ben: User,
  ) {}

  static async for(pipeline: TestPipeline): Promise<TaskDriver> {
    return new TaskDriver(pipeline, await insertUser(pipeline.database.knex, 'Ben'));
  }

  get db() {
    return this.pipeline.database.knex;
  }

  /** One that its owner agreed to. */
  async insert(fields: Partial<Task> = {}, options: NewMeeting = {}): Promise<Task> {
    const meeting = await insertMeeting(this.db, options);
    return Task.query(this.db).insertAndFetch({
      meetingId: meeting.id,
      name: 'Fix the payment tests',
      ownerId: this.ben.id,
      origin: 'ai',
      agreed: true,
      deadlineDate: '2025-10-17',
      deadlineTimezone: 'UTC',
      ...fields,
    });
  }

  tell(task: Task): Promise<void> {
    return signalTaskChanged(this.pipeline.temporal.client, task.id);
  }

  /** Tells `TaskSync` of the row as it is now and waits until the world knows it. */
  async inStep(task: Task): Promise<void> {
    await this.tell(task);
    await eventually(async () => {
      const { version, syncedVersion } = await Task.query(this.db).findById(task.id).throwIfNotFound();
      return version === syncedVersion;
    }, PATIENT);
  }

  async change(task: Task, fields: Partial<Task>): Promise<void> {
    const { version } = await Task.query(this.db).findById(task.id).throwIfNotFound();
    await Task.query(this.db)
      .findById(task.id)
      .patch({ ...fields, version: version + 1 });
    await this.inStep(task);
  }

  async ledger(task: Task): Promise<string[]> {
    const rows = await Delivery.query(this.db).where({ taskId: task.id }).orderBy(['channel', 'created_at']);
    return rows.map(({ channel, state }) => `${channel} ${state}`);
  }

  events(task: Task): Promise<CalendarEventRow[]> {
    return CalendarEventRow.query(this.db).where({ taskId: task.id }).orderBy('generation').execute();
  }

  calendarOf(user: User): string {
    return this.pipeline.calendars()[user.id] ?? '';
  }

  entriesFor(user: User, task: Task): number {
    return this.calendarOf(user).split(`SUMMARY:${task.name}`).length - 1;
  }
}
