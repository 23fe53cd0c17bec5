import type { Client } from '@temporalio/client';
import { registerSearchAttributes } from './register-search-attributes';
import { scheduleJanitor } from './schedule-janitor';

/** What the migrate step does at Temporal: search attributes, then the janitor's schedule. May be called again. */
export async function prepareNamespace(client: Client): Promise<void> {
  await registerSearchAttributes(client);
  await scheduleJanitor(client);
}
