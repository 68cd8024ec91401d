import { describe, expect, it } from 'vitest';
import { TxnLog } from '../../protocol/storage/txn-log.ts';
import { makeZxid, NO_TXNS, type Zxid } from '../../protocol/zxid.ts';
import { txnAt, txnsOf } from '../support/server-bench.ts';
import { create } from '../support/tree.ts';

const z = makeZxid;
/** Files (1, 1) … (1, 3), (1, 4) … (1, 6) and (2, 1). */
const threeFiles = (): TxnLog =>
  new TxnLog([txnsOf(1, 1, 3), txnsOf(1, 4, 6), txnsOf(2, 1, 1)].map((records) => ({ records })));
const from = (log: TxnLog, zxid: Zxid): readonly Zxid[] => [...log.from(zxid)].map((txn) => txn.zxid);
const proposals = (log: TxnLog, zxid: Zxid, limit = 0): readonly Zxid[] =>
  log.proposalsFrom(zxid, limit).map((txn) => txn.zxid);
const zxids = (epoch: number, first: number, last: number): readonly Zxid[] =>
  txnsOf(epoch, first, last).map((txn) => txn.zxid);

describe('a log', () => {
  it('that is empty has no last txn', () => {
    expect(new TxnLog([]).lastZxid).toBe(NO_TXNS);
    expect(new TxnLog([{ records: [] }]).lastZxid).toBe(NO_TXNS);
  });

  it.each([
    [NO_TXNS, false],
    [z(1, 1), true],
    [z(1, 4), true],
    [z(1, 7), false],
    [z(2, 0), false],
    [z(2, 1), true],
    [z(3, 0), false],
  ])('knows whether it has %d: %s', (zxid, expected) => {
    expect(threeFiles().has(zxid)).toBe(expected);
  });

  it.each([
    [NO_TXNS, [...zxids(1, 1, 6), z(2, 1)]],
    [z(1, 3), [...zxids(1, 3, 6), z(2, 1)]],
    [z(1, 4), [...zxids(1, 4, 6), z(2, 1)]],
    [z(1, 9), [z(2, 1)]],
    [z(2, 2), []],
  ])('is read from %d on', (zxid, expected) => {
    expect(from(threeFiles(), zxid)).toEqual(expected);
  });

  it('goes on with what is appended', () => {
    const log = threeFiles();
    log.append(txnAt(2, 2));
    expect([log.lastZxid, from(log, z(2, 1))]).toEqual([z(2, 2), zxids(2, 1, 2)]);
  });

  it('is empty once it was deleted', () => {
    const log = threeFiles();
    log.clear();
    expect([log.lastZxid, from(log, NO_TXNS)]).toEqual([NO_TXNS, []]);
  });
});

describe('truncating', () => {
  it.each([
    [z(2, 1), [...zxids(1, 1, 6), z(2, 1)]],
    [z(2, 0), zxids(1, 1, 6)],
    [z(1, 5), zxids(1, 1, 5)],
    [z(1, 3), zxids(1, 1, 3)],
    [NO_TXNS, []],
  ])(
    'after %d leaves what is not newer, whether or not there is a txn of that very zxid',
    (zxid, expected) => {
      const log = threeFiles();
      log.truncate(zxid);
      expect([from(log, NO_TXNS), log.lastZxid]).toEqual([expected, expected.at(-1) ?? NO_TXNS]);
    },
  );
});

describe('what log-based sync reads', () => {
  it.each([
    ['the file that has it, from its start', z(1, 2), [...zxids(1, 1, 6), z(2, 1)]],
    ['the file that begins with it', z(1, 4), [...zxids(1, 4, 6), z(2, 1)]],
    ['the file that may have had it', z(1, 9), [...zxids(1, 4, 6), z(2, 1)]],
    ['the last file', z(9, 9), [z(2, 1)]],
    ['nothing, when the log begins later', NO_TXNS, []],
  ])('is %s', (_, zxid, expected) => {
    expect(proposals(threeFiles(), zxid)).toEqual(expected);
  });

  it('is nothing when the later files are larger than the limit; the file itself does not count', () => {
    const log = new TxnLog([]);
    log.append(txnAt(1, 1, create('/big', 1, { data: 'x'.repeat(10_000) })));
    log.roll();
    log.append(txnAt(1, 2, create('/small', 2, { data: 'x'.repeat(500) })));
    expect(proposals(log, z(1, 1), 1000)).toEqual(zxids(1, 1, 2));
    expect(proposals(log, z(1, 1), 400)).toEqual([]);
  });

  it('ends at a record with a wrong checksum', () => {
    const files = [txnsOf(1, 1, 3), txnsOf(1, 4, 6)].map((records, i) => ({
      records,
      ...(i === 1 && { badRecord: 1 }),
    }));
    expect(proposals(new TxnLog(files), z(1, 1))).toEqual(zxids(1, 1, 4));
  });

  it('has no limit when that is 0', () => {
    expect(proposals(threeFiles(), z(1, 1), 0)).toHaveLength(7);
    expect(proposals(threeFiles(), z(1, 1), 1)).toEqual([]);
  });
});

describe('a new file is begun', () => {
  /** How many files there are after (1, 2): what a limit of one byte makes of them. */
  const isOneFile = (log: TxnLog): boolean => proposals(log, z(1, 1), 1).length > 0;

  const logOf = (step: (log: TxnLog) => void): TxnLog => {
    const log = new TxnLog([]);
    for (const txn of txnsOf(1, 1, 2)) log.append(txn);
    step(log);
    log.append(txnAt(1, 3));
    return log;
  };

  it('not by an append', () => {
    expect(isOneFile(logOf(() => undefined))).toBe(true);
  });

  it('by the first append after a roll', () => {
    expect(isOneFile(logOf((log) => log.roll()))).toBe(false);
  });

  it('by the first append after a truncation', () => {
    expect(isOneFile(logOf((log) => log.truncate(z(1, 2))))).toBe(false);
  });

  it('by the first append after a start', () => {
    const log = new TxnLog([{ records: txnsOf(1, 1, 2) }]);
    log.append(txnAt(1, 3));
    expect(isOneFile(log)).toBe(false);
  });
});
