import { describe, expect, it } from 'vitest';
import type { ExitCode } from '../../protocol/host.ts';
import { sid } from '../../protocol/ids.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import { TraceBuilder } from '../support/trace-builder.ts';

const NAME = 'legal-packets';
const LEADER = 1;
const LEARNER = 2;

/** Server 1 leads, and begins to bring server 2 up to date. */
function synchronizing(): TraceBuilder {
  return new TraceBuilder().lead(LEADER, 1).emit(LEADER, {
    type: 'syncDecision',
    learner: sid(LEARNER),
    mode: 'DIFF',
    peerLastZxid: makeZxid(1, 1),
    minCommittedLog: makeZxid(1, 1),
    maxCommittedLog: makeZxid(1, 4),
    lastProcessedZxid: makeZxid(1, 4),
    queued: 3,
  });
}

const exited = (code: ExitCode) => ({ type: 'exited', code, reason: 'because' }) as const;

describe(NAME, () => {
  it('is quiet while learners synchronize, and counts them', () => {
    const trace = synchronizing();
    const before = trace.checked(NAME);
    trace.emit(LEARNER, { type: 'newLeaderAcked', epoch: 1 }).serve(LEARNER);
    expect([trace.red, trace.checked(NAME) - before]).toEqual([[], 2]);
  });

  it('is red when a learner has no answer to what its leader sent, and says what the two were about', () => {
    const trace = synchronizing();
    trace.emit(LEARNER, { type: 'protocolError', what: 'COMMIT of 0x100000004 without a proposal' });
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toMatch(
      /^server 2 \(server2\) had no answer to a packet at \d+\.000 ms: COMMIT of 0x100000004 without a proposal\nserver 1 \(server1\) had begun to bring server 2 \(server2\) up to date with DIFF at \d+\.000 ms/,
    );
  });

  it('is red when a leader has no answer to what its learner sent', () => {
    const trace = synchronizing();
    trace.emit(LEADER, { type: 'protocolError', what: 'ACK of 0x100000004 from 2, and not of NEWLEADER' });
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain('server 1 (server1) had no answer to a packet');
  });

  it('is red when nobody was synchronizing, too', () => {
    const trace = new TraceBuilder().emit(3, { type: 'protocolError', what: 'first packet was PING' });
    expect(trace.red).toEqual([NAME]);
  });

  it.each([12, 13] as const)('is red when a process ends itself over a packet, with code %d', (code) => {
    const trace = synchronizing().emit(LEARNER, exited(code));
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain('ended itself over a packet');
  });

  it('allows a process to end itself for other reasons', () => {
    expect(synchronizing().emit(LEARNER, exited(10)).red).toEqual([]);
  });

  it('allows a learner to end itself whose disk fails to cut the log', () => {
    const trace = synchronizing().emit(LEARNER, { type: 'writeFailed', write: 'truncation' });
    expect(trace.emit(LEARNER, exited(13)).red).toEqual([]);
  });

  it('allows it only to that learner, and only until it got on', () => {
    const others = synchronizing().emit(3, { type: 'writeFailed', write: 'truncation' });
    const later = synchronizing()
      .emit(LEARNER, { type: 'writeFailed', write: 'truncation' })
      .emit(LEARNER, { type: 'newLeaderAcked', epoch: 1 });
    for (const trace of [others, later]) expect(trace.emit(LEARNER, exited(13)).red).toEqual([NAME]);
  });

  it('allows what is refused without an error', () => {
    const trace = synchronizing()
      .emit(LEARNER, { type: 'ignored', what: 'PING', reason: 'still synchronizing' })
      .emit(LEADER, { type: 'learnerDropped', learner: sid(LEARNER), reason: 'read timeout' });
    expect(trace.red).toEqual([]);
  });
});
