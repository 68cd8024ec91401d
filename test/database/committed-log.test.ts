import { describe, expect, it } from 'vitest';
import { CommittedLog } from '../../protocol/database/committed-log.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import { txnOf, zxid } from '../support/tree.ts';

const noop = (counter: number) => txnOf(counter, { type: 'error', err: 0 });
const counters = (log: CommittedLog) => log.toArray().map((txn) => txn.cxid);

describe('the committed log', () => {
  it('has 0 as its bounds while it is empty', () => {
    const log = new CommittedLog(3);
    expect([log.size, log.minCommittedLog, log.maxCommittedLog]).toEqual([0, 0, 0]);
  });

  it('keeps the newest, oldest first, and moves its lower bound', () => {
    const log = new CommittedLog(3);
    for (const counter of [4, 5, 6, 7, 8]) expect(log.add(noop(counter))).toBe('added');
    expect(counters(log)).toEqual([6, 7, 8]);
    expect([log.size, log.minCommittedLog, log.maxCommittedLog]).toEqual([3, zxid(6), zxid(8)]);
  });

  it('ignores what is not newer than its newest', () => {
    const log = new CommittedLog(3);
    log.add(noop(4));
    log.add(noop(5));
    expect([log.add(noop(5)), log.add(noop(4))]).toEqual(['duplicate', 'duplicate']);
    expect(counters(log)).toEqual([4, 5]);
  });

  it('refuses a gap within an epoch, and only there', () => {
    const log = new CommittedLog(3);
    log.add(noop(4));
    expect(log.add(noop(6))).toBe('gap');
    expect(log.add({ ...noop(3), zxid: makeZxid(2, 3) })).toBe('added');
    expect([log.minCommittedLog, log.maxCommittedLog]).toEqual([zxid(4), makeZxid(2, 3)]);
  });

  it('takes it where nobody looks for it', () => {
    const log = new CommittedLog(3, true);
    for (const counter of [4, 6]) expect(log.add(noop(counter))).toBe('added');
    expect(counters(log)).toEqual([4, 6]);
  });

  it('begins anew after clear', () => {
    const log = new CommittedLog(2);
    for (const counter of [1, 2, 3]) log.add(noop(counter));
    log.clear();
    expect([log.size, log.minCommittedLog, log.maxCommittedLog]).toEqual([0, 0, 0]);
    log.add(noop(1));
    expect(counters(log)).toEqual([1]);
  });
});
