import { Children } from '../../test/support/children';
import { eventually } from '../../test/support/poll';
import { identify, isAlive, type ProcessIdentity } from './processes';
import { Supervisor, type Service } from './supervisor';

describe('a supervisor', () => {
  const backoff = { firstMs: 20, maxMs: 100, healthyMs: 60_000 };
  let children: Children;
  let lines: string[];
  let spawned: ProcessIdentity[];

  beforeEach(() => {
    children = new Children();
    lines = [];
    spawned = [];
  });
  afterEach(() => children.end());

  function supervise(kind: Parameters<Children['start']>[0], change: Partial<Service> = {}): Supervisor {
    const service: Service = {
      name: 'worker',
      async start(onSpawned) {
        const started = await children.start(kind);
        onSpawned(started.identity);
        return started;
      },
      stop: { signal: 'SIGTERM', graceMs: 5_000 },
      ...change,
    };
    const reports = {
      say: (line: string) => lines.push(line),
      onSpawned: (it: ProcessIdentity) => spawned.push(it),
    };
    return new Supervisor(service, reports, backoff);
  }
  const running = () => spawned.filter(isAlive);

  it('starts what was killed again, and says so', async () => {
    const supervisor = supervise('patient');
    await supervisor.start();
    process.kill(spawned[0]?.pid ?? 0, 'SIGKILL');
    await eventually(() => expect(lines).toHaveLength(2));
    expect(lines).toEqual([
      'worker ended (signal SIGKILL); starting it again in 0.02 s',
      'worker runs again',
    ]);
    expect(running()).toEqual([spawned[1]]);
    await supervisor.stop();
  });

  it('waits longer each time, up to a bound', async () => {
    const supervisor = supervise('failing');
    await supervisor.start();
    const pauses = () => lines.flatMap((line) => /\(code 7\).* in (.*) s/.exec(line)?.[1] ?? []);
    await eventually(() => expect(pauses()).toHaveLength(5));
    await supervisor.stop();
    expect(pauses().slice(0, 5)).toEqual(['0.02', '0.04', '0.08', '0.1', '0.1']);
  });

  it('does not start again what it was told to stop', async () => {
    const supervisor = supervise('patient');
    await supervisor.start();
    await supervisor.stop();
    expect(running()).toEqual([]);
    expect(spawned).toHaveLength(1);
    expect(lines).toEqual([]);
  });

  it('may be stopped during a pause', async () => {
    const supervisor = supervise('failing');
    await supervisor.start();
    await eventually(() => lines.length > 0);
    await supervisor.stop();
    const { length } = spawned;
    await expect(eventually(() => spawned.length > length, { deadlineMs: 200 })).rejects.toThrow(
      'Still false',
    );
  });

  it('kills what does not listen', async () => {
    const supervisor = supervise('deaf', { stop: { signal: 'SIGTERM', graceMs: 100 } });
    await supervisor.start();
    await eventually(() => children.output() === 'deaf');
    await supervisor.stop();
    expect(running()).toEqual([]);
  });

  it('ends the helpers of what was killed', async () => {
    const supervisor = supervise('parent');
    await supervisor.start();
    await eventually(() => children.output() !== '');
    const helper = identify(Number(children.output()));
    expect(helper).not.toBeNull();
    process.kill(spawned[0]?.pid ?? 0, 'SIGKILL');
    await eventually(() => helper !== null && !isAlive(helper));
    await supervisor.stop();
  });

  it('reports a first start that fails, and leaves nothing of it', async () => {
    const supervisor = supervise('patient', {
      async start(onSpawned) {
        onSpawned((await children.start('patient')).identity);
        throw new Error('never ready');
      },
    });
    await expect(supervisor.start()).rejects.toThrow('never ready');
    expect(spawned).toHaveLength(1);
    expect(running()).toEqual([]);
  });
});
