import { testTemporal, type TestTemporal } from '../../test/support/temporal';
import { connectTemporal, temporalConnectOptions } from './client';
import { missingSearchAttributes, registerSearchAttributes } from './register-search-attributes';

const config = (env: Record<string, string>) => ({
  address: null,
  env,
  uiUrl: null,
  uiPort: 8233,
  cliPath: null,
});

describe('the connection options', () => {
  it('leave compression away on loopback only', () => {
    const at = (address: string) => temporalConnectOptions(config({ TEMPORAL_ADDRESS: address })).connection;
    expect(at('127.0.0.1:7233')).toMatchObject({ grpcCompression: { codec: 'none' } });
    expect(at('temporal.example.com:7233')).not.toHaveProperty('grpcCompression');
  });

  it('switch TLS on with a key, and take the namespace', () => {
    const options = temporalConnectOptions(
      config({ TEMPORAL_ADDRESS: 'x.tmprl.cloud:7233', TEMPORAL_API_KEY: 'k', TEMPORAL_NAMESPACE: 'n' }),
    );
    expect(options).toMatchObject({ namespace: 'n', connection: { tls: true, apiKey: 'k' } });
  });
});

describe('a client', () => {
  let temporal: TestTemporal;
  beforeAll(async () => {
    temporal = await testTemporal();
  });
  afterAll(() => temporal.close());

  it('works in its namespace, where the search attributes are known and may be registered again', async () => {
    const client = connectTemporal(temporal.config);
    await Promise.all([registerSearchAttributes(client), registerSearchAttributes(client)]);
    await expect(missingSearchAttributes(client)).resolves.toEqual([]);
    expect(client.options.namespace).toBe(temporal.namespace);
    await client.connection.close();
  });

  it('is made while the server is away, and says so with its first call', async () => {
    const client = connectTemporal(config({ TEMPORAL_ADDRESS: '127.0.0.1:1' }));
    await expect(missingSearchAttributes(client)).rejects.toThrow(/connect|deadline/i);
    await client.connection.close();
  }, 15_000);
});
