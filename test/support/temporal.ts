import { mkdirSync } from 'node:fs';
import path from 'node:path';
import {
  Client,
  Connection,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
  type ConnectionOptions,
} from '@temporalio/client';
import type { TemporalConfig } from '../../src/config';
import { eventually } from './poll';
import { NAMESPACES, testStack } from './stack';

export interface TestTemporal {
  address: string;
  /** Nobody else's: task queues and workflow ids of other test files are in other namespaces. */
  namespace: string;
  client: Client;
  connection: Connection;
  /** For what takes a configuration instead of a client. */
  config: TemporalConfig;
  /** Call it in `afterAll`, after the workers have stopped. */
  close(): Promise<void>;
}

/** Making a directory is atomic, so no two Jest workers get the same. */
function takeNamespace(directory: string): string {
  for (const namespace of NAMESPACES) {
    try {
      mkdirSync(path.join(directory, namespace));
      return namespace;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  throw new Error(`More than ${NAMESPACES.length} test files use Temporal: raise NAMESPACES`);
}

/** The real server of this run, in an empty namespace with our search attributes. */
export async function testTemporal(): Promise<TestTemporal> {
  const { directory, temporalAddress: address } = testStack();
  const namespace = takeNamespace(directory);
  const calls = { inFlight: 0 };
  const interceptors = [counting(calls), makeGrpcRetryInterceptor(defaultGrpcRetryOptions())];
  const connection = await Connection.connect({ address, interceptors });
  const env = { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace };
  return {
    address,
    namespace,
    connection,
    client: new Client({ connection, namespace }),
    config: { address, env, uiUrl: null, uiPort: 8233, cliPath: null },
    async close() {
      await eventually(() => calls.inFlight === 0, { deadlineMs: 60_000 });
      await connection.close();
    },
  };
}

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];

/** Counts calls with all their retries: one of those, on a timer, would throw on a closed connection. */
function counting(calls: { inFlight: number }): Interceptor {
  return (options, nextCall) => {
    const call = nextCall(options) as ReturnType<Interceptor>;
    const start = call.start.bind(call);
    call.start = (metadata, listener) => {
      calls.inFlight += 1;
      start(metadata, {
        ...listener,
        onReceiveStatus(status) {
          calls.inFlight -= 1;
          listener?.onReceiveStatus?.(status);
        },
      });
    };
    return call;
  };
}

/** The workflows, built once per run: `Worker.create({ workflowBundle: workflowBundle() })`. */
export function workflowBundle(): { codePath: string } {
  const bundle = testStack().workflowBundle;
  if ('error' in bundle) throw new Error(`The workflows could not be bundled: ${bundle.error}`);
  return bundle;
}
