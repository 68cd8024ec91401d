import { describe, expect, it } from 'vitest';
import { makeZxid } from '../../protocol/zxid.ts';
import { TraceBuilder } from '../support/trace-builder.ts';

const NAME = 'committed-logs-agree';
const TXN = { type: 'error', err: -101 } as const;

describe(NAME, () => {
  it('is quiet when servers deliver the same txns, each at its own pace', () => {
    const trace = new TraceBuilder().lead(1, 1);
    const txns = [1, 2, 3].map(() => trace.propose(TXN));
    for (const txn of txns) trace.flush(txn.zxid).commit(txn.zxid);
    for (const server of [2, 1, 3]) for (const txn of txns) trace.apply(txn, [server]);
    expect(trace.red).toEqual([]);
    expect(trace.checked(NAME)).toBeGreaterThan(15);
  });

  it('does not judge what a server applies before it serves, until it serves', () => {
    const trace = new TraceBuilder().lead(1, 1);
    trace.broadcast(TXN);
    const lost = trace.propose(TXN);
    trace.flush(lost.zxid, [3]).emit(3, { type: 'stoppedServing', reason: '' });
    trace.apply(lost, [3], { cause: 'fastForward', digest: 77 });
    trace.establish(1, 2, { acks: [1, 2], history: makeZxid(1, 1) });
    trace.emit(3, { type: 'logTruncated', zxid: makeZxid(1, 1) });
    expect(trace.serve(3, makeZxid(1, 1)).serve(1, makeZxid(2, 0)).red).toEqual([]);
  });

  it('is red when a server skips a txn', () => {
    const trace = new TraceBuilder().lead(1, 1);
    const first = trace.propose(TXN);
    const second = trace.propose(TXN);
    trace.flush(second.zxid).commit(first.zxid).commit(second.zxid).apply(second, [3]);
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toMatch(
      /^server 3 \(server3\) delivered 0x100000002 .*\nbut the next committed txn is 0x100000001/,
    );
  });

  it('is red when a server delivers a txn twice', () => {
    const trace = new TraceBuilder().lead(1, 1);
    const txn = trace.broadcast(TXN);
    expect(trace.apply(txn, [2]).red).toEqual([NAME]);
  });

  it('is red when a server delivers what is not committed', () => {
    const trace = new TraceBuilder().lead(1, 1);
    const txn = trace.propose(TXN);
    expect(trace.apply(txn, [2]).red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain('it is not committed: the committed log ends at 0');
  });

  it('is red when a server delivers another txn under the same zxid', () => {
    const trace = new TraceBuilder().lead(1, 1);
    const txn = trace.propose(TXN);
    trace
      .flush(txn.zxid)
      .commit(txn.zxid)
      .apply({ ...txn, body: { type: 'delete', path: '/a' } }, [2]);
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain('the txn that was proposed with this zxid is error NONODE');
  });

  it('is red when two servers have different trees after the same txn', () => {
    const trace = new TraceBuilder().lead(1, 1);
    const txn = trace.propose(TXN);
    trace.flush(txn.zxid).commit(txn.zxid).apply(txn, [1]).apply(txn, [2], { digest: 0xbad });
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toMatch(
      /server 2 .* digest bad after 0x100000001 .*\nbut server 1 \(server1\) had/,
    );
  });

  it('is red when a server serves a tree that nobody committed', () => {
    const trace = new TraceBuilder().lead(1, 1);
    const txn = trace.propose(TXN);
    trace.apply(txn, [3], { cause: 'syncCommit' });
    expect(trace.serve(3, txn.zxid).red).toEqual([NAME]);
  });

  it('is red when a synchronized server has the wrong tree', () => {
    const trace = new TraceBuilder().lead(1, 1, { acks: [1, 2] });
    const txn = trace.propose(TXN);
    trace.flush(txn.zxid).commit(txn.zxid).apply(txn, [1, 2]);
    expect(trace.serve(3, txn.zxid, 0xbad).red).toEqual([NAME]);
  });

  it('is red when a server serves an older state than it had delivered', () => {
    const trace = new TraceBuilder().lead(1, 1);
    trace.broadcast(TXN);
    trace.broadcast(TXN);
    trace.emit(3, { type: 'stoppedServing', reason: '' }).serve(3, makeZxid(1, 1));
    expect(trace.red).toContain(NAME);
    expect(trace.evidence(NAME)).toContain('but it had delivered 0x100000002 before');
  });

  it('is red when a server replays what nobody proposed', () => {
    const trace = new TraceBuilder().lead(1, 1);
    const txn = { zxid: makeZxid(1, 9), sessionId: trace.nobody, cxid: 0, time: 0, body: TXN };
    expect(trace.apply(txn, [2], { cause: 'replay' }).red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain('no leader has proposed it');
  });
});
