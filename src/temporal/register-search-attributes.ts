/** Makes the server know our search attributes: without them it refuses to start a run. */
import { isGrpcServiceError, type Client } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from './search-attributes';

/** `IndexedValueType` of the Temporal API. */
const KEYWORD = 2;
/** gRPC status ALREADY_EXISTS. */
const ALREADY_EXISTS = 6;

/** For all of a call with its retries; `/readyz` asks too, and a health check must not hang. */
const DEADLINE_MS = 3_000;

const quickly = <T>(client: Client, call: () => Promise<T>): Promise<T> =>
  client.connection.withDeadline(Date.now() + DEADLINE_MS, call);

/** The names that the server does not know yet; [] = ready. Throws when it can't be reached within 3 s. */
export async function missingSearchAttributes(client: Client): Promise<string[]> {
  const { customAttributes } = await quickly(client, () =>
    client.connection.operatorService.listSearchAttributes({ namespace: client.options.namespace }),
  );
  return SEARCH_ATTRIBUTES.map((key) => key.name).filter(
    (name) => Number(customAttributes[name]) !== KEYWORD,
  );
}

/** Registers what is missing; may be called again and by several processes at once. */
export async function registerSearchAttributes(client: Client): Promise<void> {
  const missing = await missingSearchAttributes(client);
  if (!missing.length) return;
  try {
    await quickly(client, () =>
      client.connection.operatorService.addSearchAttributes({
        namespace: client.options.namespace,
        searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
      }),
    );
  } catch (error) {
    if (!(isGrpcServiceError(error) && Number(error.code) === ALREADY_EXISTS)) throw error;
  }
}
