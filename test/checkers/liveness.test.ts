import { describe, expect, it } from 'vitest';
import { ErrorCode } from '../../protocol/errors.ts';
import { sid } from '../../protocol/ids.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import type { FinalServer } from '../../sim/checkers/index.ts';
import { clientParty, WORLD } from '../../sim/party.ts';
import { at, crash, serverTarget } from '../support/faults.ts';
import { createNode } from '../support/requests.ts';
import { TraceBuilder } from '../support/trace-builder.ts';

const NAME = 'liveness';
const PROBE = clientParty(2);
const FOR_GOOD = at(1000, crash([serverTarget(3)], { forGood: true }), 'crash: server3, forGood: true');

const server = (n: number, state: Partial<FinalServer> = {}): FinalServer => ({
  sid: sid(n),
  up: true,
  serving: true,
  state: n === 1 ? 'LEADING' : 'FOLLOWING',
  zabState: 'BROADCAST',
  lastZxid: makeZxid(1, 1),
  digest: 5,
  absence: undefined,
  ...state,
});
const looking = (n: number): FinalServer =>
  server(n, { serving: false, state: 'LOOKING', zabState: 'ELECTION' });
const absent = (n: number, absence: FinalServer['absence']): FinalServer =>
  server(n, { up: false, serving: false, state: 'DOWN', zabState: 'DOWN', lastZxid: undefined, absence });
const lost = (n: number): FinalServer => absent(n, { kind: 'lost' });
const ROTTEN = 'CRC check failed';
const rotten = (n: number): FinalServer => absent(n, { kind: 'refuses', reason: ROTTEN });

const excuseFor = (...servers: readonly number[]) =>
  ({ kind: 'noQuorumCanStart', text: 'no quorum can start: …', servers: servers.map(sid) }) as const;

/** An ensemble at work, and the end of its story. */
const calm = (): TraceBuilder =>
  new TraceBuilder({ timeline: [FOR_GOOD] }).lead(1, 1).emit(WORLD, { type: 'calmBegan' });

const write = (trace: TraceBuilder, err = 0): TraceBuilder => {
  const session = trace.session(PROBE, 9);
  trace.ask(PROBE, session, createNode('/zabsim-calm'), makeZxid(1, 2), { err });
  return trace;
};

/** Server 3 falls to a crash for good. */
const takeForGood = (trace: TraceBuilder): TraceBuilder =>
  trace
    .emit(WORLD, { type: 'fault', kind: 'crash', text: FOR_GOOD.text, cause: 'at 1000 ms', struck: [3] })
    .crash(3, makeZxid(1, 1));

/** It is started, and ZooKeeper says why it will not run. */
const refuse = (trace: TraceBuilder, n: number, reason = ROTTEN): TraceBuilder =>
  trace.emit(n, { type: 'started', incarnation: 2 }).emit(n, { type: 'exited', code: 1, reason });

const isRed = (trace: TraceBuilder): boolean => trace.red.includes(NAME);

function judged(
  trace: TraceBuilder,
  servers: readonly FinalServer[],
  excuse?: ReturnType<typeof excuseFor>,
): TraceBuilder {
  trace.suite.onFinalState({ servers, excuse });
  return trace;
}

describe(NAME, () => {
  it('is kept when somebody leads and a write was answered', () => {
    const trace = judged(write(calm()), [server(1), server(2), server(3)]);
    expect(isRed(trace)).toBe(false);
    expect(trace.checked(NAME)).toBe(1);
  });

  it('takes a refusal for an answer when the znode is there already', () => {
    expect(isRed(judged(write(calm(), ErrorCode.NODEEXISTS), [server(1), server(2), server(3)]))).toBe(false);
  });

  it('is red when no write was answered although a quorum is there, and says who was where', () => {
    const trace = calm().emit(2, {
      type: 'voteChanged',
      round: 3,
      leader: sid(3),
      zxid: makeZxid(1, 1),
      peerEpoch: 1,
    });
    judged(trace, [server(1), looking(2), server(3, { lastZxid: makeZxid(1, 7) })]);
    expect(isRed(trace)).toBe(true);
    expect(trace.evidence(NAME)).toContain('no write was answered');
    expect(trace.evidence(NAME)).toContain(
      'who was where: 1 LEADING in BROADCAST at 0x100000001, 2 LOOKING for 3 at 0x100000001, 3 FOLLOWING in BROADCAST at 0x100000007',
    );
  });

  it("does not take the scenario's writes, nor connection loss, for the probe's", () => {
    const trace = calm();
    trace.ask(clientParty(0), trace.session(clientParty(0), 1), createNode('/a'), makeZxid(1, 2));
    write(trace, ErrorCode.CONNECTIONLOSS);
    expect(isRed(judged(trace, [server(1), server(2), server(3)]))).toBe(true);
  });

  it('is red when the leader is gone again at the end', () => {
    const trace = judged(write(calm()), [looking(1), looking(2), looking(3)]);
    expect(isRed(trace)).toBe(true);
    expect(trace.evidence(NAME)).toContain('but nobody leads');
  });

  it('asks nothing of a run that had no calm', () => {
    const trace = judged(new TraceBuilder().lead(1, 1), [looking(1), looking(2), looking(3)]);
    expect(isRed(trace)).toBe(false);
    expect(trace.checked(NAME)).toBe(0);
  });
});

describe(`${NAME}: an excuse`, () => {
  it('holds when so many servers refuse to start, or are lost, that no quorum is left', () => {
    const trace = refuse(takeForGood(calm()), 2);
    judged(trace, [looking(1), rotten(2), lost(3)], excuseFor(2, 3));
    expect(isRed(trace)).toBe(false);
    expect(trace.checked(NAME)).toBe(3);
  });

  it('is red when a quorum is there', () => {
    const trace = judged(write(takeForGood(calm())), [server(1), server(2), lost(3)], excuseFor(3));
    expect(isRed(trace)).toBe(true);
    expect(trace.evidence(NAME)).toContain('but {1, 2} can be there and are a quorum');
  });

  it('does not cover those who can be there', () => {
    expect(isRed(judged(takeForGood(calm()), [looking(1), looking(2), lost(3)]))).toBe(true);
    expect(isRed(judged(write(takeForGood(calm())), [server(1), server(2), lost(3)]))).toBe(false);
  });

  it('is red when a server that is said to be lost was never taken for good', () => {
    const trace = takeForGood(calm()).crash(2, makeZxid(1, 1));
    judged(trace, [looking(1), lost(2), lost(3)], excuseFor(2, 3));
    expect(trace.evidence(NAME)).toBe(
      'server 2 (server2) is said to be lost for good\nbut no crash for good took it',
    );
  });

  it('is red when a server that is said to be lost has been started again', () => {
    const trace = refuse(takeForGood(calm()).emit(3, { type: 'started', incarnation: 2 }), 2);
    judged(trace, [looking(1), rotten(2), lost(3)], excuseFor(2, 3));
    expect(trace.evidence(NAME)).toContain('server 3 (server3) is said to be lost for good');
  });

  it('is red when a server that is said to refuse was not even started in the calm', () => {
    const before = refuse(new TraceBuilder({ timeline: [FOR_GOOD] }).lead(1, 1), 2);
    const trace = takeForGood(before.emit(WORLD, { type: 'calmBegan' }));
    judged(trace, [looking(1), rotten(2), lost(3)], excuseFor(2, 3));
    expect(trace.evidence(NAME)).toContain('but it was not started in the calm, or did not exit then');
  });

  it('is red when it exited for another reason', () => {
    const trace = refuse(takeForGood(calm()), 2, 'out of space');
    judged(trace, [looking(1), rotten(2), lost(3)], excuseFor(2, 3));
    expect(trace.evidence(NAME)).toContain('but when it exited it said: out of space');
  });

  it('is red when it is up', () => {
    const trace = refuse(takeForGood(calm()), 2);
    judged(trace, [looking(1), { ...rotten(2), up: true }, lost(3)], excuseFor(2, 3));
    expect(trace.evidence(NAME)).toContain('but it is up');
  });

  it('must be made where there is one', () => {
    const trace = refuse(takeForGood(calm()), 2);
    judged(trace, [looking(1), rotten(2), lost(3)]);
    expect(trace.evidence(NAME)).toContain('but the run claims no excuse');
  });
});
