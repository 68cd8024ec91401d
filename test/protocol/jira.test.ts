/**
 * Defects that ZooKeeper had, by their issue numbers: each test tells the story that went wrong and asserts the
 * repaired behaviour. Those that can be told about one part alone are tested with that part.
 */
import { describe, expect, it } from 'vitest';
import { defined } from '../../protocol/assert.ts';
import type { RequestBody } from '../../protocol/client-packets.ts';
import type { EnsembleConfig } from '../../protocol/config.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { sid, type Sid } from '../../protocol/ids.ts';
import { epochOf, makeZxid, MAX_COUNTER, type Zxid } from '../../protocol/zxid.ts';
import { serverParty } from '../../sim/party.ts';
import type { Fault, Target } from '../../sim/fault-plan.ts';
import type { SimulatedServer } from '../../sim/process/simulated-server.ts';
import { HandDriven } from '../support/hand-driven.ts';
import { LearnerBench } from '../support/learner-bench.ts';
import { LeaderBench } from '../support/leader-bench.ts';
import { clientPlan, ensembleOf, runPlan, serverSpecs } from '../support/plans.ts';
import { diskWith, snapshotOf, stepsOf, txnAt, txnsOf } from '../support/server-bench.ts';
import { create as createTxn } from '../support/tree.ts';

const TICK_MS = 2000;
const z = makeZxid;
const create = (path: string): RequestBody => ({
  op: 'create',
  path,
  data: null,
  acl: [{ perms: 31, scheme: 'world', id: 'anyone' }],
  flags: 0,
});
const target = (n: number): Target => ({ kind: 'server', sid: sid(n) });

/** Servers 1 to n, and client k of server k + 1. */
class Story extends HandDriven {
  #strikes = 0;

  constructor(voters: number, observers = 0, config: Partial<EnsembleConfig> = {}) {
    const servers = serverSpecs(voters, observers);
    const clients = servers.map((server) => clientPlan(`c${server.sid}`, [server]));
    super(runPlan(ensembleOf(servers, config), { clients }), 'jira');
  }

  server(n: number): SimulatedServer {
    return defined(this.cluster.cast.server(sid(n)), `server ${n}`);
  }

  crash(lose: 'none' | 'all', ...sids: readonly number[]): void {
    for (const n of sids) this.server(n).crash(lose, false);
  }

  boot(...sids: readonly number[]): void {
    for (const n of sids) this.server(n).boot();
  }

  strike(fault: Fault): void {
    const trigger = { kind: 'at', atMs: 0 } as const;
    const entry = { trigger, fault, ending: undefined, text: fault.kind, source: '' };
    this.cluster.faults.strike(entry, { address: this.#strikes++, repetition: 0 }, 'the test');
  }

  cutOff(...sids: readonly number[]): void {
    const rest: Target = { kind: 'rest' };
    this.strike({ kind: 'partition', groups: [sids.map(target), [rest]], oneWay: false });
  }

  heal(): void {
    this.strike({ kind: 'heal' });
  }

  /** The request is sent, and nobody waits for the answer. */
  submit(client: number, body: RequestBody): void {
    this.client(client).run(() => void this.client(client).client.submit(body));
  }

  /** The next time that somebody is established. */
  nextLeader(): { readonly sid: Sid; readonly epoch: number } {
    const before = this.events('established').length;
    this.until(() => this.events('established').length > before);
    const { epoch } = defined(this.events('established').at(-1), 'established');
    return { sid: defined(this.cluster.cast.leader(), 'a leader').sid, epoch };
  }

  lastZxid(n: number): Zxid {
    return defined(this.server(n).peer, `a running server ${n}`).view.lastProcessedZxid;
  }

  has(n: number, path: string): boolean {
    return this.server(n).peer?.znode(path) !== undefined;
  }

  /** All servers serve, and have the same tree. */
  untilEqual(): void {
    this.untilServing();
    this.until(() => new Set(this.cluster.cast.servers.map((server) => server.peer?.view.digest)).size === 1);
  }

  modes(n: number): readonly string[] {
    return this.events('syncDecision')
      .filter(({ learner }) => learner === n)
      .map(({ mode }) => mode);
  }
}

/** Server 3 leads, client 2 is connected to it, and /old is everywhere. */
function led(observers = 0, config: Partial<EnsembleConfig> = {}): Story {
  const story = new Story(3, observers, config);
  story.untilServing();
  story.connect(2);
  story.request(2, create('/old'));
  story.forMs(100);
  return story;
}

describe('txns that only a former leader has', () => {
  /** 3 has logged /lost alone; 1 and 2 go on without it in epoch 2. */
  function withTail(): Story {
    const story = led();
    story.crash('none', 1, 2);
    story.submit(2, create('/lost'));
    story.forMs(100);
    expect(story.lastZxid(3)).toBe(z(1, 2));
    story.crash('none', 3);
    story.boot(1, 2);
    expect(story.nextLeader()).toEqual({ sid: 2, epoch: 2 });
    return story;
  }

  it('ZOOKEEPER-1154: are cut when it comes back, and not skipped over', () => {
    const story = withTail();
    story.connect(1);
    story.request(1, create('/new'));
    story.boot(3);
    story.untilEqual();
    expect([1, 2, 3].map((n) => [story.has(n, '/lost'), story.has(n, '/new')])).toEqual(
      Array(3).fill([false, true]),
    );
    expect(story.modes(3)).not.toContain('DIFF');
  });

  it('ZOOKEEPER-335: share their zxid with nobody’s, since no epoch is led twice', () => {
    const story = withTail();
    story.connect(1);
    story.request(1, create('/new'));
    const proposed = story.events('proposed').map(({ txn }) => txn.zxid);
    expect(new Set(proposed).size).toBe(proposed.length);
    story.crash('none', 1, 2);
    story.boot(1, 2, 3);
    expect(story.nextLeader().epoch).toBe(3);
    expect(story.events('established').map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  });

  it('ZOOKEEPER-2845: are part of what it votes with while it lives on, and gone after a restart', () => {
    const story = led();
    story.cutOff(3);
    story.submit(2, create('/lost'));
    expect(story.nextLeader().sid).toBe(2);
    story.until(() => story.server(3).peer?.view.serverState === 'LOOKING');
    story.forMs(1000);
    expect([story.lastZxid(3), story.has(3, '/lost')]).toEqual([z(1, 3), true]);
    story.connect(1);
    story.request(1, create('/new'));
    story.heal();
    story.untilEqual();
    story.crash('none', 3);
    story.boot(3);
    story.untilEqual();
    expect([story.has(3, '/lost'), story.has(3, '/new')]).toEqual([false, true]);
  });
});

describe('what the ACK of NEWLEADER promises', () => {
  it('ZOOKEEPER-3911, -4643, -4646: history and epoch are on disk, in whatever way it came', () => {
    const story = led();
    story.crash('none', 1);
    for (const path of ['/a', '/b']) story.request(2, create(path));
    const before = story.events('newLeaderAcked', serverParty(sid(1))).length;
    story.boot(1);
    story.until(() => story.events('newLeaderAcked', serverParty(sid(1))).length > before);
    story.crash('all', 1);
    story.boot(1);
    story.untilServing();
    expect(story.modes(1).at(-2)).toBe('DIFF');
    expect(story.events('recovered', serverParty(sid(1))).at(-1)).toMatchObject({
      lastZxid: z(1, 4),
      currentEpoch: 1,
    });
  });

  it('ZOOKEEPER-2832: a restart finds the leader’s tree and none of the log before it', () => {
    const story = new Story(3);
    story.forMs(15);
    story.crash('all', 1);
    story.until(() => story.cluster.cast.leader() !== undefined);
    story.connect(2);
    story.request(2, create('/a'));
    story.boot(1);
    story.untilServing();
    expect(story.modes(1)).toEqual(['SNAP']);
    story.forMs(1000);
    story.crash('all', 1);
    story.boot(1);
    story.untilServing();
    expect(story.events('recovered', serverParty(sid(1))).at(-1)).toMatchObject({
      snapshotZxid: z(1, 2),
      lastZxid: z(1, 2),
      replayed: 0,
    });
  });
});

describe('a leader', () => {
  it('ZOOKEEPER-790: that found no quorum has not raised its zxid', () => {
    const bench = new LeaderBench({ durable: diskWith(txnsOf(1, 1, 2), 1) }).lead();
    bench.ackEpoch(bench.registers(1, { acceptedEpoch: 1 }), { currentEpoch: 1, lastZxid: z(1, 2) });
    bench.advance(60_000);
    expect(bench.ended).toEqual(['timeout while waiting for NEWLEADER acks']);
    expect(bench.context.database.lastProcessedZxid).toBe(z(1, 2));
  });

  it('ZOOKEEPER-1294: that only observers follow steps down', () => {
    const story = led(2);
    const { nowMs } = story;
    story.crash('none', 1, 2);
    story.until(() => story.events('stoppedServing', serverParty(sid(3))).length > 0);
    const { syncLimit } = story.cluster.plan.ensemble;
    expect(story.nowMs - nowMs).toBeLessThanOrEqual((syncLimit + 2) * TICK_MS);
    expect(story.server(4).isUp && story.server(5).isUp).toBe(true);
  });

  it('ZOOKEEPER-1277: whose counter runs out makes way for the next epoch, and no write is lost', () => {
    const story = led(0, { initialCounter: MAX_COUNTER - 3 });
    expect(story.request(2, create('/last')).err).toBe(ErrorCode.CONNECTIONLOSS);
    expect(story.nextLeader().epoch).toBe(2);
    story.untilServing();
    story.until(() => story.events('keeperState').at(-1)?.state === 'SyncConnected');
    expect(story.request(2, create('/last'))).toMatchObject({ err: 0 });
    expect(story.events('proposed').every(({ epoch, txn }) => epoch === epochOf(txn.zxid))).toBe(true);
    expect([story.has(1, '/old'), story.lastZxid(3)]).toEqual([true, z(2, MAX_COUNTER - 2)]);
  });

  it('ZOOKEEPER-1675: that was deposed while it stood still answers no sync', () => {
    const story = led();
    story.server(3).pause();
    story.submit(2, { op: 'sync', path: '/' });
    expect(story.nextLeader().sid).toBe(2);
    story.connect(1);
    expect(story.request(1, create('/new')).err).toBe(0);
    story.server(3).resume();
    story.forMs(5000);
    const answers = story.events('answered', story.client(2).party);
    expect(answers.at(-1)).toMatchObject({ err: ErrorCode.CONNECTIONLOSS });
  });

  it('ZOOKEEPER-1732: is told by all of its followers with its own epoch, so that whoever comes late can join', () => {
    const story = led();
    story.crash('none', 3);
    expect(story.nextLeader()).toEqual({ sid: 2, epoch: 2 });
    story.until(() => story.server(1).peer?.view.isServing === true);
    story.boot(3);
    story.untilServing();
    const joined = story.events('elected', serverParty(sid(3))).at(-1);
    expect(joined).toMatchObject({ leader: 2, peerEpoch: 2 });
    expect(story.events('roundStarted', serverParty(sid(3))).at(-1)).toMatchObject({ round: 1 });
  });
});

describe('a learner', () => {
  it('ZOOKEEPER-3642: that got a tree and no NEWLEADER goes back to what is on its disk', () => {
    const story = new Story(3);
    story.forMs(15);
    story.crash('all', 1);
    story.until(() => story.cluster.cast.leader() !== undefined);
    story.connect(2);
    story.request(2, create('/a'));
    story.boot(1);
    story.until(() => story.events('snapshotInstalled', serverParty(sid(1))).length > 0);
    expect(story.has(1, '/a')).toBe(true);
    story.cutOff(1);
    story.until(() => story.server(1).peer?.view.serverState === 'LOOKING');
    story.forMs(1000);
    expect(story.events('newLeaderAcked', serverParty(sid(1)))).toEqual([]);
    expect([story.has(1, '/a'), story.lastZxid(1)]).toEqual([false, 0]);
    story.heal();
    story.untilEqual();
    expect(story.has(1, '/a')).toBe(true);
  });

  it('ZOOKEEPER-4837: that is told to TRUNC loads no snapshot of what is cut', () => {
    const txns = [txnAt(1, 1, createTxn('/kept', 1)), txnAt(1, 2, createTxn('/cut', 2))];
    const durable = { ...diskWith(txns, 1), snapshots: [snapshotOf([]), snapshotOf(txns)] };
    const bench = new LearnerBench({ durable }).joins(2);
    bench.told({ type: 'TRUNC', zxid: z(1, 1) });
    bench.settle();
    expect(stepsOf(bench.host.effects)).toEqual([
      ['deleteSnapshot', z(1, 2)],
      ['truncateLog', z(1, 1)],
    ]);
    const { tree } = bench.context.database;
    expect([tree.getNode('/kept') !== undefined, tree.getNode('/cut')]).toEqual([true, undefined]);
  });

  it('ZOOKEEPER-4712: that has lost its leader votes with all that it has logged, and logs nothing afterwards', () => {
    const story = led();
    const [one, three] = [sid(1), sid(3)].map(serverParty);
    story.strike({
      kind: 'slowDisk',
      target: [target(1)],
      fsync: { kind: 'constant', ms: 50 },
      throughput: undefined,
    });
    story.submit(2, create('/a'));
    story.submit(2, create('/b'));
    story.until(
      () => story.events('delivered', one).filter(({ packet }) => packet.type === 'PROPOSAL').length > 2,
    );
    story.crash('none', 3);
    story.until(() => story.events('roundStarted', one).length > 1);
    const voted = story.events('voteChanged', one).findLast((vote) => vote.leader === 1);
    expect(voted?.zxid).toBe(story.events('proposed', three).at(-1)?.txn.zxid);
    expect(story.events('logFlushed', one).at(-1)).toMatchObject({ zxid: voted?.zxid });
  });
});
