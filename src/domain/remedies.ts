/**
 * What an operator does about a failure, by its code: said on a run's page and, word for word, in OPERATIONS.md.
 * Sentences that end a step for good say what to change before it is asked for again.
 */
const NOTHING_BUT_WAIT =
  'Nothing: it is tried again by itself. When it lasts, see the status page of the service.';
const ASK_ONCE_MORE = 'Ask once more. When it comes back, the log of the worker has the cause.';
const RESEND = 'Then send it again with `POST /notify/<task id>`.';
const NOT_NEEDED = 'Nothing: the task has changed, so this was not sent. What is due now is sent by itself.';
const UPLOAD_AGAIN = 'Upload the recording again, as a new meeting.';

const RECORDING = {
  'media-undecodable': 'Upload another file: there is no sound in this one that ffmpeg can read.',
  'no-audio-track': 'Upload another file: this one has no sound track.',
  'media-too-long': 'Raise `MAX_MEDIA_SECONDS` of the workers, or upload the recording in parts.',
  'ffmpeg-missing': 'Set `FFMPEG_PATH` on the machines of the workers and restart them.',
  'decoder-stopped': 'Nothing: it is tried again. When it lasts, give the `media` workers more CPU.',
  'encoder-failed': 'See the log of the `speech` worker; `npm run doctor` says whether its ffmpeg works.',
  'no-media': 'Nothing can be heard: the meeting came as a transcript. Ask for an extraction instead.',
  'meeting-gone': 'Nothing: the meeting was deleted while the run went on.',
  'media-damaged': `Restore the object from a backup of the media store. ${UPLOAD_AGAIN}`,
  'request-over': 'Nothing: it was cancelled while a worker was frozen or cut off, which now knows.',
  'object-not-found': `Find out who deleted objects of the media store. ${UPLOAD_AGAIN}`,
};

const STORE = {
  'storage-auth': 'Correct the keys of the media store or their rights, and restart the workers.',
  'bucket-missing': 'Create the bucket, or correct its name, and restart the workers.',
  'storage-wrong-region': 'Correct `AWS_REGION` or the address of the store, and restart the workers.',
  'range-not-satisfiable': `The stored object is shorter than it was: see the store. ${UPLOAD_AGAIN}`,
  'storage-conflict': 'Something else writes into the bucket: give the product one of its own.',
  'storage-too-large': 'Raise the size limit of the bucket, or lower `MAX_UPLOAD_BYTES`.',
  'storage-refused': 'Run `npm run doctor`: it says what the store does not allow.',
  'storage-full': 'Make room on the disk of `DATA_DIR`; it is tried again by itself.',
  'storage-slow-down': NOTHING_BUT_WAIT,
  'storage-unavailable': NOTHING_BUT_WAIT,
  'storage-timeout': NOTHING_BUT_WAIT,
  'storage-bad-answer': 'Check the address of the store: something else answers there.',
  'storage-corrupt': NOTHING_BUT_WAIT,
};

const SPEECH = {
  'speech-key-refused': 'Put a valid key into `RAPIDAPI_KEY` of the `speech` workers and restart them.',
  'speech-not-subscribed':
    'Subscribe the account of `RAPIDAPI_KEY` to this API, or choose another with `RAPIDAPI_PROFILE`; restart the workers.',
  'speech-quota-used-up': 'Upgrade the plan at RapidAPI, or wait until its quota is renewed.',
  'speech-endpoint-missing': 'Correct `RAPIDAPI_PROFILE` (or its file) and restart the workers.',
  'speech-profile-wrong': 'Correct the field names in `RAPIDAPI_PROFILE_FILE` and restart the workers.',
  'speech-redirected': 'Correct the host of the profile, or `RAPIDAPI_BASE_URL`, and restart the workers.',
  'speech-refused': 'Check format, language and limits in the profile; `npm run doctor` tries it.',
  'speech-piece-too-long': 'Lower the limits of the profile; the pieces that were heard are kept.',
  'speech-unavailable': NOTHING_BUT_WAIT,
  'speech-unreachable':
    'Check network and firewall of the workers, `RAPIDAPI_PROFILE` and `RAPIDAPI_BASE_URL`.',
  'speech-interrupted':
    'Ask again: the pieces that were heard are kept, the one that broke off may be paid twice.',
  'speech-service-failed': 'Ask again later, or choose another service with `RAPIDAPI_PROFILE`.',
  'speech-engine-missing': 'Install it (see the message), or set `RAPIDAPI_KEY`, and restart the workers.',
  'speech-engine-failed': 'See the log of the `speech` worker: the engine often runs out of memory.',
  'language-not-supported': 'Set `WHISPER_MODEL` to one that knows the language, or ask without a language.',
  'rate-limited': NOTHING_BUT_WAIT,
  'bad-response': 'Check the address of the service: something else may answer there.',
};

const READING = {
  'no-transcript': 'Ask for a transcription first: `POST /transcribe/<meeting id>`.',
  'cost-limit-reached': 'Raise `MAX_COST_PER_MEETING` and restart the workers; nothing was called.',
  'gemini-auth': 'Put a valid key into `GEMINI_API_KEY` of the `llm` workers and restart them.',
  'gemini-quota-exhausted': 'Raise the quota of the project, or set `GEMINI_FALLBACK_MODEL`.',
  'model-not-found': 'Correct `GEMINI_MODEL` and restart the workers.',
  'gemini-bad-request': 'Check model, region and billing of the project; `npm run doctor` tries it.',
  'gemini-blocked': 'Ask for an extraction with another `GEMINI_MODEL`; the transcript stays readable.',
  'gemini-empty': 'Ask once more, or use another `GEMINI_MODEL`.',
  'gemini-answer-too-long': 'Use a `GEMINI_MODEL` with a larger limit for answers.',
  'gemini-unavailable': NOTHING_BUT_WAIT,
  'gemini-timeout': NOTHING_BUT_WAIT,
};

const MAIL = {
  'mail-auth': `Put a valid key into \`SENDGRID_API_KEY\` of the \`notify\` workers and restart them. ${RESEND}`,
  'mail-forbidden': `Verify \`SENDGRID_FROM_EMAIL\` as a sender and give the key the right “Mail Send”. ${RESEND}`,
  'mail-refused': `Check \`SENDGRID_FROM_EMAIL\` and the address of the owner. ${RESEND}`,
  'mail-no-credits': `Raise the plan at SendGrid. ${RESEND}`,
  'mail-too-large': `Shorten the task. ${RESEND}`,
  'mail-wrong-address': `Correct \`SENDGRID_BASE_URL\` and restart the workers. ${RESEND}`,
  'mail-rate-limited': NOTHING_BUT_WAIT,
  'mail-unavailable': NOTHING_BUT_WAIT,
  'mail-unreachable': 'Check network and firewall of the workers, and `SENDGRID_BASE_URL`.',
  'mail-blocked': `The mail server of the owner refuses for now: see the activity feed of SendGrid. ${RESEND}`,
  'mail-bounced': `Correct the address of the owner. ${RESEND}`,
  'mail-dropped': `Take the address off the suppression list of SendGrid. ${RESEND}`,
  'outcome-unknown':
    'Ask the owner whether the mail came. If not: `POST /notify/<task id>` with `{"resend":true}`.',
  'invalid-recipient': `Correct the address of the owner (\`PUT /users/<user id>\`). ${RESEND}`,
  'no-recipient': 'Give the task an owner with an address.',
  'owner-changed': NOT_NEEDED,
  'task-closed': NOT_NEEDED,
  'task-needs-review':
    'Look at the task and confirm it (`PUT /tasks/<task id>` with `{"needsReview":false}`).',
  'deadline-moved': NOT_NEEDED,
  'deadline-over': NOT_NEEDED,
  'sender-late': `The machine of the worker stood still; the mail is tried again by itself.`,
  'gave-up': `It was tried for hours. Mend what the error before it names. ${RESEND}`,
};

const CALENDAR = {
  'calendar-not-connected':
    'The owner connects a calendar (`GET /calendar/connect`); nothing is lost until then.',
  'calendar-consent-refused': 'The owner connects the calendar again and allows lasting access.',
  'calendar-auth': 'Check `GOOGLE_SERVICE_ACCOUNT_FILE` and its delegation, or let the owner connect again.',
  'calendar-forbidden': 'Enable the Calendar API, grant `calendar.events`, share the calendar for changes.',
  'calendar-not-found': 'Correct `GOOGLE_CALENDAR_ID` or share that calendar with the service account.',
  'calendar-event-id-used':
    'The owner deleted the entry again and again. Change the task, it is written anew.',
  'calendar-refused': 'See the message: the entry itself is not taken. Change the task, it is written again.',
  'calendar-token-key': 'Set the `CALENDAR_TOKEN_KEY` that was used before, or let the owners connect again.',
  'calendar-key-file': 'Give `GOOGLE_SERVICE_ACCOUNT_FILE` the JSON key file of a service account.',
  'calendar-wrong-address': 'Correct `GOOGLE_BASE_URL` and restart the workers.',
  'calendar-unreadable': 'Repair or remove the file under `DATA_DIR/calendars`.',
  'calendar-busy': NOTHING_BUT_WAIT,
  'calendar-rate-limited': NOTHING_BUT_WAIT,
  'calendar-unavailable': NOTHING_BUT_WAIT,
  'calendar-unreachable': NOTHING_BUT_WAIT,
  'task-has-no-deadline': 'Nothing: without a deadline there is no entry. Set one and it is made.',
};

const RUN = {
  'step-timeout': 'See whether a worker serves its queue (`temporal task-queue describe`), then ask again.',
  'run-terminated': 'Ask again: somebody ended the run by hand; what was saved is kept.',
  internal: ASK_ONCE_MORE,
  'database-away': 'Nothing: it is tried again every second. When it lasts, see whether Postgres is up.',
};

/** By area, as OPERATIONS.md lists them. */
export const REMEDIES: Record<string, Record<string, string>> = {
  'the run': RUN,
  'the recording': RECORDING,
  'the media store': STORE,
  'speech to text': SPEECH,
  extraction: READING,
  mail: MAIL,
  calendar: CALENDAR,
};

const ALL = new Map(Object.values(REMEDIES).flatMap((area) => Object.entries(area)));

/** One or two sentences in Markdown; for a code that has none, where to look. */
export const remedyFor = (code: string): string => ALL.get(code) ?? ASK_ONCE_MORE;
