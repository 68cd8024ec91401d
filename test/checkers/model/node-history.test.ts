import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_SESSION } from '../../../protocol/ids.ts';
import type { Zxid } from '../../../protocol/zxid.ts';
import { Change, NodeHistory, type NodeState } from '../../../sim/checkers/model/node-history.ts';

const z = (n: number): Zxid => n as Zxid;

const stateOf = (version: number): NodeState => ({
  data: null,
  czxid: z(0),
  ctime: 0,
  mzxid: z(0),
  mtime: 0,
  version,
  cversion: 0,
  pzxid: z(0),
  ephemeralOwner: NO_SESSION,
  numChildren: 0,
});

interface Entry {
  readonly zxid: number;
  readonly changes: number;
  readonly isThere: boolean;
}

const entries = fc
  .uniqueArray(
    fc.record({
      zxid: fc.integer({ min: 1, max: 30 }),
      changes: fc.integer({ min: 1, max: 15 }),
      isThere: fc.boolean(),
    }),
    {
      selector: (entry) => entry.zxid,
    },
  )
  .map((list) => list.toSorted((a, b) => a.zxid - b.zxid));

function historyOf(list: readonly Entry[]): NodeHistory {
  const history = new NodeHistory();
  for (const entry of list)
    history.record(z(entry.zxid), entry.isThere ? stateOf(entry.zxid) : undefined, entry.changes);
  return history;
}

describe('a node’s history', () => {
  it('answers as a walk through all its states would', () => {
    fc.assert(
      fc.property(
        entries,
        fc.integer({ min: 0, max: 32 }),
        fc.integer({ min: 0, max: 32 }),
        (list, at, until) => {
          const history = historyOf(list);
          const upTo = list.filter((entry) => entry.zxid <= at).at(-1);
          const before = list.filter((entry) => entry.zxid < at).at(-1);
          expect(history.at(z(at))?.version).toBe(upTo?.isThere ? upTo.zxid : undefined);
          expect(history.before(z(at))?.version).toBe(before?.isThere ? before.zxid : undefined);
          expect(history.changesBy(z(at))).toBe(list.find((entry) => entry.zxid === at)?.changes ?? 0);
          const next = list.find((e) => e.zxid > at && e.zxid <= until && (e.changes & Change.DATA) !== 0);
          expect(history.firstChange(Change.DATA, z(at), z(until))).toBe(next?.zxid ?? 0);
        },
      ),
    );
  });

  it('remembers all that one txn did, even what it undid', () => {
    const history = new NodeHistory();
    history.record(z(5), stateOf(0), Change.CREATED);
    history.record(z(5), undefined, Change.DELETED);
    expect(history.at(z(5))).toBeUndefined();
    expect(history.changesBy(z(5))).toBe(Change.CREATED | Change.DELETED);
  });
});
