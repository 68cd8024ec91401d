import { describe, expect, it } from 'vitest';
import { makeZxid } from '../../protocol/zxid.ts';
import { TraceBuilder } from '../support/trace-builder.ts';

const NAME = 'nothing-committed-lost';
const TXN = { type: 'error', err: -101 } as const;

/** Server 1 leads epoch 1, (1, 1) and (1, 2) are everywhere, (1, 3) only on the leader's disk. */
function withTail(): TraceBuilder {
  const trace = new TraceBuilder().lead(1, 1);
  trace.broadcast(TXN);
  trace.broadcast(TXN);
  trace.flush(trace.propose(TXN).zxid, [1]);
  return trace;
}

describe(NAME, () => {
  it('is quiet when a minority crashes, loses its unflushed tail and is truncated', () => {
    const trace = withTail().crash(1, makeZxid(1, 3));
    trace.lead(2, 2, { acks: [2, 3], history: makeZxid(1, 2) }).recover(1, makeZxid(1, 3));
    trace.emit(1, { type: 'logTruncated', zxid: makeZxid(1, 2) }).serve(1, makeZxid(1, 2));
    trace.suite.finish();
    expect(trace.red).toEqual([]);
    expect(trace.checked(NAME)).toBeGreaterThan(4);
  });

  it('is red when a new leader lacks a committed txn', () => {
    const trace = withTail().establish(2, 2, { acks: [2, 3], history: makeZxid(1, 1) });
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toMatch(
      /^server 2 .* established in epoch 2 with a history up to 0x100000001 .*\nbut 0x100000002 is committed and not part/,
    );
  });

  it('is red when a new leader comes from another branch', () => {
    const trace = withTail();
    trace.lead(3, 2, { history: makeZxid(1, 2) });
    trace.broadcast(TXN);
    trace.establish(1, 3, { history: makeZxid(1, 3) });
    expect(trace.red).toContain(NAME);
    expect(trace.evidence(NAME)).toContain('0x200000001 is committed and not part of that history');
  });

  it('allows a truncation of what is committed while a quorum has it without that server', () => {
    expect(withTail().emit(3, { type: 'logTruncated', zxid: makeZxid(1, 1) }).red).toEqual([]);
  });

  it('is red when truncations take a committed txn from a quorum', () => {
    const trace = withTail();
    for (const server of [2, 3]) trace.emit(server, { type: 'logTruncated', zxid: makeZxid(1, 1) });
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toMatch(
      /server 3 .* cut its log after 0x100000001 .*\nbut 0x100000002 was on its disk/,
    );
  });

  it('is red when a disk forgets what was flushed and committed', () => {
    const trace = withTail().crash(2, makeZxid(1, 1)).recover(2, makeZxid(1, 1));
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain('recovered a history up to 0x100000001');
  });

  it('allows what a crash has left of a truncation while a quorum has it without that server, and only once', () => {
    const cut = {
      type: 'crashed',
      lost: 0,
      durableZxid: makeZxid(1, 1),
      cutAfterZxid: makeZxid(1, 1),
    } as const;
    const trace = withTail().emit(3, cut).recover(3, makeZxid(1, 1));
    expect(trace.red).toEqual([]);
    trace.emit(3, { type: 'logFlushed', zxid: makeZxid(1, 2) }).crash(3, makeZxid(1, 1));
    expect(trace.recover(3, makeZxid(1, 1)).red).toEqual([NAME]);
    const more = withTail().emit(3, cut).recover(3, makeZxid(1, 0));
    expect(more.red).toEqual([NAME]);
    const both = withTail().emit(3, cut).recover(3, makeZxid(1, 1)).emit(2, cut).recover(2, makeZxid(1, 1));
    expect(both.red).toEqual([NAME]);
  });

  it('is red when a server begins to serve behind its own disk', () => {
    const trace = withTail().emit(2, { type: 'stoppedServing', reason: '' }).serve(2, makeZxid(1, 1));
    expect(trace.red).toContain(NAME);
  });

  it('is red when logs are deleted without a snapshot of what they held', () => {
    const trace = withTail().emit(3, { type: 'logsDeleted' });
    expect(trace.red).toEqual([NAME]);
    const covered = withTail().emit(3, { type: 'snapshotWritten', zxid: makeZxid(1, 2), durable: true });
    expect(covered.emit(3, { type: 'logsDeleted' }).red).toEqual([]);
  });

  it('is red when at the end no quorum has the committed log', () => {
    const trace = withTail().crash(2, makeZxid(1, 1)).crash(3, makeZxid(1, 1));
    expect(trace.red).toEqual([]);
    trace.suite.finish();
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain(
      'durable histories end at 1: 0x100000003, 2: 0x100000001, 3: 0x100000001',
    );
  });
});
