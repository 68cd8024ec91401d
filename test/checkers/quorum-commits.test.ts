import { describe, expect, it } from 'vitest';
import { sid } from '../../protocol/ids.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import { TraceBuilder } from '../support/trace-builder.ts';

const NAME = 'quorum-commits';
const TXN = { type: 'error', err: -101 } as const;

describe(NAME, () => {
  it('is quiet when every commit has a quorum on disk', () => {
    const trace = new TraceBuilder().lead(1, 1);
    for (let i = 0; i < 5; i++) {
      const txn = trace.propose(TXN);
      trace.flush(txn.zxid, [1, 3]).commit(txn.zxid, [1, 3]).apply(txn, [1, 3]);
    }
    expect(trace.red).toEqual([]);
    expect(trace.checked(NAME)).toBe(22);
  });

  it('allows a deposed leader to decide late what its successor has in its history', () => {
    const trace = new TraceBuilder().lead(1, 1);
    const txn = trace.propose(TXN);
    trace.flush(txn.zxid, [1, 2]).establish(2, 2, { acks: [2, 3], history: trace.zero });
    expect(trace.red).toEqual([]);
    const other = new TraceBuilder().lead(1, 1);
    const late = other.propose(TXN);
    other.flush(late.zxid, [1, 2, 3]).establish(2, 2, { acks: [2, 3] });
    other.emit(1, { type: 'committed', epoch: 1, zxid: late.zxid, acks: [1, 2].map(sid) });
    expect(other.red).toEqual([]);
  });

  it('counts a durable snapshot, and what a crash left', () => {
    const trace = new TraceBuilder().lead(1, 1);
    const txn = trace.propose(TXN);
    trace.flush(txn.zxid, [1]).emit(2, { type: 'snapshotWritten', zxid: txn.zxid, durable: true });
    expect(trace.commit(txn.zxid, [1, 2]).red).toEqual([]);
  });

  it('is red when a minority acknowledges', () => {
    const trace = new TraceBuilder().lead(1, 1);
    const txn = trace.propose(TXN);
    trace.flush(txn.zxid).commit(txn.zxid, [1]);
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toMatch(
      /committed 0x100000001 .*\nwith acknowledgements from \{1\}, which is no quorum/,
    );
  });

  it('is red when an acknowledgement came before the flush', () => {
    const trace = new TraceBuilder().lead(1, 1);
    const txn = trace.propose(TXN);
    trace.flush(txn.zxid, [1]).commit(txn.zxid, [1, 2]);
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain(
      'no quorum has 0x100000001 on disk; durable histories end at 1: 0x100000001, 2: 0x0, 3: 0x0',
    );
  });

  it('is red when a plain snapshot is all that a server has', () => {
    const trace = new TraceBuilder().lead(1, 1);
    const txn = trace.propose(TXN);
    trace.flush(txn.zxid, [1]).emit(2, { type: 'snapshotWritten', zxid: txn.zxid, durable: false });
    expect(trace.commit(txn.zxid, [1, 2]).red).toEqual([NAME]);
  });

  it('is red when the acknowledged txn was truncated away before the commit', () => {
    const trace = new TraceBuilder().lead(1, 1);
    const txn = trace.propose(TXN);
    trace.flush(txn.zxid, [1, 2]).emit(2, { type: 'logTruncated', zxid: makeZxid(1, 0) });
    expect(trace.commit(txn.zxid, [1, 2]).red).toEqual([NAME]);
  });

  it('is red when a proposal leaves a gap', () => {
    const trace = new TraceBuilder().lead(1, 1);
    trace.propose(TXN);
    trace.propose(TXN, { zxid: makeZxid(1, 3) });
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain('right after 0x100000001: 0x100000002 was next');
  });

  it('is red when somebody else proposes in the epoch', () => {
    const trace = new TraceBuilder().lead(1, 1);
    const txn = { zxid: makeZxid(1, 1), sessionId: trace.nobody, cxid: 0, time: 0, body: TXN };
    trace.emit(2, { type: 'proposed', epoch: 1, txn });
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain('the leader of epoch 1 is server 1');
  });

  it('is red when a leader is established on the word of a minority', () => {
    const trace = new TraceBuilder().establish(1, 1, { acks: [1] });
    expect(trace.red).toEqual(['one-leader-per-epoch', NAME]);
  });

  it('is red when no quorum has the new leader’s history on disk', () => {
    const trace = new TraceBuilder().lead(1, 1);
    const txn = trace.propose(TXN);
    trace.flush(txn.zxid, [1]).establish(1, 2);
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain('was established in epoch 2 with a history up to 0x100000001');
  });

  it('counts groups and weights', () => {
    const groups = new Map([
      [1, [1, 2, 3].map(sid)],
      [2, [4, 5, 6].map(sid)],
      [3, [7, 8, 9].map(sid)],
    ]);
    const enough = [1, 2, 4, 5];
    const majority = [1, 4, 7, 8, 9];
    const trace = new TraceBuilder({ servers: 9, config: { groups } }).lead(1, 1, { acks: enough });
    const first = trace.propose(TXN);
    expect(trace.flush(first.zxid, enough).commit(first.zxid, enough).red).toEqual([]);
    const second = trace.propose(TXN);
    expect(trace.flush(second.zxid, majority).commit(second.zxid, majority).red).toEqual([NAME]);
  });
});
