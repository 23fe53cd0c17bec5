import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { isLoopback } from '../config/urls';
import type { TemporalConfig } from '../config';

const DEFAULT_ADDRESS = 'localhost:7233';

/**
 * What clients and workers connect with, from the standard `TEMPORAL_*` variables and profile file. No compression
 * on loopback: it costs time there and saves nothing.
 */
export function temporalConnectOptions(config: TemporalConfig) {
  const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars: config.env });
  const address = connectionOptions.address ?? DEFAULT_ADDRESS;
  const { apiKey, tls, metadata } = connectionOptions;
  return {
    namespace: namespace ?? 'default',
    connection: {
      address,
      ...(apiKey !== undefined && { apiKey }),
      ...(tls !== undefined && { tls }),
      ...(metadata !== undefined && { metadata }),
      ...(isLoopback(address.replace(/:\d+$/, '')) && { grpcCompression: { codec: 'none' as const } }),
    },
  };
}

/** A client that connects with its first call, so that the api starts while Temporal is away. Close its connection. */
export function connectTemporal(config: TemporalConfig): Client {
  const { connection, namespace } = temporalConnectOptions(config);
  return new Client({ connection: Connection.lazy(connection), namespace });
}
