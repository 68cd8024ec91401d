import { describe, expect, it } from 'vitest';
import type { ClientEvent } from '../../protocol/client-events.ts';
import { ZooKeeperClient } from '../../protocol/client/zookeeper-client.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { ConnectionId } from '../../protocol/ids.ts';
import type { Packet } from '../../protocol/packets.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import { EventQueue } from '../../sim/event-queue.ts';
import type { Activity, ClientPlan, OperationPlan, Repeat } from '../../sim/client-plan.ts';
import type { Distribution } from '../../sim/world-plan.ts';
import { Random } from '../../sim/random.ts';
import { fromMs, toMs, toWholeMs } from '../../sim/time.ts';
import { Workload, type WorkloadHost } from '../../sim/workload/workload.ts';
import { PASSWORD, SESSION, SMALLEST_DRAWS } from '../support/client-driver.ts';
import { recordingClientHost } from '../support/recording-host.ts';

/** One client, and a server that answers every request after 10 ms. */
class World implements WorkloadHost {
  readonly queue = new EventQueue();
  readonly host = recordingClientHost();
  readonly client: ZooKeeperClient;
  readonly workload: Workload;
  readonly history: [number, ClientEvent][] = [];
  isReachable = true;
  #pausedUntil = 0;

  constructor(activities: readonly Activity[], plan: Partial<ClientPlan> = {}) {
    const full: ClientPlan = {
      name: 'alice',
      servers: [],
      sessionTimeoutMs: 1_000_000,
      reads: 'local',
      startMs: 0,
      activities,
      ...plan,
    };
    this.client = new ZooKeeperClient({
      host: this.host,
      servers: ['s1:2181'],
      sessionTimeoutMs: full.sessionTimeoutMs,
      random: SMALLEST_DRAWS,
      reads: full.reads,
    });
    this.workload = new Workload({
      plan: full,
      client: this.client,
      host: this,
      random: new Random('7'),
    });
    this.workload.start();
  }

  get now(): number {
    return this.queue.now;
  }

  /** Until then the client's process does nothing. */
  pause(untilMs: number): void {
    this.#pausedUntil = fromMs(untilMs);
  }

  /** A step of the client's process: what it did is applied after it. */
  schedule(at: number, step: () => void): void {
    this.queue.schedule(at, () => {
      if (this.now < this.#pausedUntil) return this.schedule(this.#pausedUntil, step);
      this.host.elapsedMs = toWholeMs(this.queue.now);
      step();
      for (const effect of this.host.take()) {
        if (effect[0] === 'emit') this.#record(effect[1]);
        if (effect[0] === 'connect' && this.isReachable) this.#soon(() => this.client.onConnected(effect[1]));
        if (effect[0] === 'send') this.#serve(effect[1], effect[2]);
      }
    });
  }

  #soon(step: () => void): void {
    this.schedule(this.now + fromMs(10), step);
  }

  #record(event: ClientEvent): void {
    this.history.push([toMs(this.queue.now), event]);
    this.workload.onEvent(event);
  }

  #serve(connection: ConnectionId, packet: Packet): void {
    if (packet.type === 'connectRequest') {
      const granted = {
        type: 'connectResponse',
        timeOut: 1_000_000,
        sessionId: SESSION,
        passwd: PASSWORD,
      } as const;
      this.#soon(() => this.client.onPacket(connection, granted));
    }
    if (packet.type !== 'request') return;
    const reply = { type: 'reply', xid: packet.xid, zxid: makeZxid(1, packet.xid), err: 0 } as const;
    this.#soon(() => this.client.onPacket(connection, reply));
  }

  run(untilMs: number): this {
    while ((this.queue.nextAt ?? Infinity) <= fromMs(untilMs)) this.queue.runNext();
    return this;
  }

  /** When what was asked. */
  get asked(): (readonly [number, string])[] {
    return this.history.flatMap(([at, event]) => {
      if (event.type !== 'invoked') return [];
      return [[at, 'path' in event.body ? event.body.path : event.body.op] as const];
    });
  }

  get times(): number[] {
    return this.asked.map(([at]) => at);
  }

  get errors(): number[] {
    return this.history.flatMap(([, event]) => (event.type === 'answered' ? [event.err] : []));
  }
}

const ONCE: Repeat = { kind: 'once' };
const ms = (value: number): Distribution => ({ kind: 'constant', ms: value });
const sync = (path: string): OperationPlan => ({ op: 'sync', path });
const every = (interval: Distribution, untilMs = Infinity, times = Infinity): Repeat => ({
  kind: 'every',
  interval,
  untilMs,
  times,
});
const backToBack = (inFlight: number, untilMs = Infinity, times = Infinity): Repeat => ({
  kind: 'backToBack',
  inFlight,
  untilMs,
  times,
});
const activity = (startMs: number, repeat: Repeat, operation = sync('/a')): Activity => ({
  startMs,
  repeat,
  operation,
});

describe('an activity done once', () => {
  it('happens at its time', () => {
    expect(new World([activity(50, ONCE, sync('/{client}/{n}'))]).run(1000).asked).toEqual([
      [50, '/alice/1'],
    ]);
  });

  it('never happens before its client starts', () => {
    const world = new World([activity(50, ONCE)], { startMs: 300 }).run(1000);
    expect(world.times).toEqual([300]);
    expect(world.errors).toEqual([0]);
  });

  it('waits in the client for the session', () => {
    const world = new World([activity(0, ONCE)]);
    world.run(25);
    expect(world.errors).toEqual([]);
    world.run(1000);
    expect(world.errors).toEqual([0]);
  });

  it('keeps to the order of the file among those of the same moment', () => {
    const world = new World([
      activity(5, ONCE, sync('/c')),
      activity(5, ONCE, sync('/a')),
      activity(2, ONCE, sync('/b')),
    ]);
    expect(world.run(1000).asked.map(([, path]) => path)).toEqual(['/b', '/c', '/a']);
  });

  it('is refused when the session is over', () => {
    const world = new World([activity(50, ONCE, { op: 'close' }), activity(100, ONCE)]).run(1000);
    expect(world.asked.map(([, what]) => what)).toEqual(['closeSession', '/a']);
    expect(world.errors).toEqual([0, ErrorCode.SESSIONEXPIRED]);
    expect(world.client.state).toBe('CLOSED');
  });
});

describe('an activity repeated at intervals', () => {
  it('happens from its start, up to but not at its end', () => {
    expect(new World([activity(100, every(ms(20), 160))]).run(1000).times).toEqual([100, 120, 140]);
  });

  it('happens as often as it may', () => {
    const world = new World([activity(100, every(ms(20), Infinity, 4), sync('/a{n}'))]).run(1000);
    expect(world.asked).toEqual([
      [100, '/a1'],
      [120, '/a2'],
      [140, '/a3'],
      [160, '/a4'],
    ]);
  });

  it('waits for no answer', () => {
    const world = new World([activity(100, every(ms(1), 150))]);
    world.isReachable = false;
    expect(world.run(200).times).toHaveLength(50);
    expect(world.errors).toEqual([]);
  });

  it('draws its intervals', () => {
    const times = new World([activity(0, every({ kind: 'uniform', minMs: 10, maxMs: 30 }, 10_000))]).run(
      10_000,
    ).times;
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...gaps)).toBeLessThan(30);
    expect(new Set(gaps).size).toBeGreaterThan(100);
  });

  it('draws the same intervals whatever else the client does', () => {
    const drawn = every({ kind: 'exponential', minMs: 1, meanMs: 20 }, 5000);
    const alone = new World([activity(0, drawn)]).run(5000);
    const among = new World([activity(0, drawn, sync('/b')), activity(0, drawn), activity(0, drawn)]).run(
      5000,
    );
    const [first, second] = [among.asked.filter(([, path]) => path === '/a').map(([at]) => at), alone.times];
    expect(second.length).toBeGreaterThan(100);
    for (const at of second) expect(first).toContain(at);
    expect(new Set(first).size).toBeGreaterThan(second.length);
  });

  it('does not stop the clock when its interval is nothing', () => {
    const world = new World([activity(1, every(ms(0), 1.005))]).run(10);
    expect(world.times).toEqual([1, 1.001, 1.002, 1.003, 1.004]);
  });

  it('ends with the session', () => {
    const world = new World([activity(100, every(ms(20))), activity(150, ONCE, { op: 'close' })]).run(1000);
    expect(world.times).toEqual([100, 120, 140, 150]);
  });

  it('does not catch up after a pause', () => {
    const world = new World([activity(100, every(ms(20), 380))]).run(110);
    world.pause(310);
    expect(world.run(1000).times).toEqual([100, 310, 330, 350, 370]);
  });
});

describe('an activity done back to back', () => {
  it('asks for the next when one is answered', () => {
    const world = new World([activity(100, backToBack(1, 150), sync('/{n}'))]).run(1000);
    expect(world.asked).toEqual([
      [100, '/1'],
      [110, '/2'],
      [120, '/3'],
      [130, '/4'],
      [140, '/5'],
    ]);
  });

  it('keeps as many unanswered as it may', () => {
    expect(new World([activity(100, backToBack(3, 120))]).run(1000).times).toEqual([
      100, 100, 100, 110, 110, 110,
    ]);
  });

  it('ends after its times', () => {
    expect(new World([activity(100, backToBack(4, Infinity, 6))]).run(1000).times).toEqual([
      100, 100, 100, 100, 110, 110,
    ]);
  });

  it('ends with the session, without spinning on refusals', () => {
    const world = new World([activity(100, backToBack(2)), activity(115, ONCE, { op: 'close' })]).run(1000);
    expect(world.times).toEqual([100, 100, 110, 110, 115]);
  });

  it('does not mix up its answers with those of others', () => {
    const world = new World([
      activity(100, backToBack(1, 130), sync('/a')),
      activity(103, every(ms(1), 130), sync('/b')),
    ]);
    expect(world.run(1000).asked.filter(([, path]) => path === '/a')).toEqual([
      [100, '/a'],
      [110, '/a'],
      [120, '/a'],
    ]);
  });
});

describe('a workload that is stopped', () => {
  it('asks for nothing more, and leaves the session and its answers alone', () => {
    const world = new World([
      activity(100, every(ms(5))),
      activity(100, backToBack(2)),
      activity(300, ONCE),
    ]).run(108);
    world.workload.stop();
    const asked = world.times.length;
    world.run(1000);
    expect(world.times).toHaveLength(asked);
    expect(world.errors).toHaveLength(asked);
    expect(world.client.state).toBe('CONNECTED');
  });
});
