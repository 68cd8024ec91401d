import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FuzzySnapshot } from '../../protocol/database/fuzzy-snapshot.ts';
import { ZKDatabase } from '../../protocol/database/zk-database.ts';
import type { Txn } from '../../protocol/database/txn.ts';
import type { Snapshot } from '../../protocol/storage/snapshot.ts';
import { moves, requestsOf } from '../support/histories.ts';
import { OneServer } from '../support/one-server.ts';
import { contentOf, create, NOBODY, remove, setData, txnOf, zxid } from '../support/tree.ts';

const newDatabase = () => new ZKDatabase({ commitLogCount: 500, watches: NOBODY });
const stateOf = (database: ZKDatabase) => ({
  tree: contentOf(database.tree),
  sessions: [...database.sessionsWithTimeouts].sort(([a], [b]) => (a < b ? -1 : 1)),
  lastProcessedZxid: database.lastProcessedZxid,
});

/** Load and replay what the log has after the snapshot. */
function restore(snapshot: Snapshot, log: readonly Txn[]): ZKDatabase {
  const database = newDatabase();
  database.load(snapshot);
  for (const txn of log) if (txn.zxid > snapshot.zxid) database.apply(txn);
  return database;
}

describe('a snapshot taken while txns apply', () => {
  it('restores the same tree, ephemerals and sessions, whatever it met on its way', () => {
    const pieces = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 12, size: 'max' });
    fc.assert(
      fc.property(
        fc.array(moves, { maxLength: 60, size: 'max' }),
        fc.nat(30),
        pieces,
        (history, start, steps) => {
          const server = new OneServer();
          let snapshot: FuzzySnapshot | undefined;
          let at = 0;
          for (const { session, body } of requestsOf(history, server)) {
            server.apply(server.prepare(session, body));
            if (at === start) snapshot = server.database.startSnapshot();
            snapshot?.step(steps[at % steps.length] ?? 1);
            at++;
          }
          snapshot ??= server.database.startSnapshot();
          const restored = restore(snapshot.finish(), server.txns);
          expect(stateOf(restored)).toEqual(stateOf(server.database));
          expect(stateOf(restore(restored.startSnapshot().finish(), []))).toEqual(stateOf(server.database));
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('survives a replay that begins earlier than it has to', () => {
    fc.assert(
      fc.property(fc.array(moves, { maxLength: 40, size: 'max' }), fc.nat(20), (history, early) => {
        const server = new OneServer();
        for (const { session, body } of requestsOf(history, server))
          server.apply(server.prepare(session, body));
        const whole = server.database.startSnapshot().finish();
        const restored = restore({ ...whole, zxid: zxid(early) }, server.txns);
        expect(stateOf(restored).tree).toEqual(stateOf(server.database).tree);
      }),
      { numRuns: 300 },
    );
  });

  it('has the zxid and the sessions of its start, parents before children, and leaves out what is gone', () => {
    const database = newDatabase();
    database.apply(txnOf(1, { type: 'createSession', timeOut: 4000 }));
    [create('/a', 1), create('/a/x', 1), create('/b', 2)].forEach((body, at) =>
      database.apply(txnOf(2 + at, body)),
    );
    const snapshot = database.startSnapshot();
    expect(snapshot.step(1)).toBe(false);
    database.apply(txnOf(5, { type: 'closeSession', paths: [] }));
    database.apply(txnOf(6, remove('/b')));
    database.apply(txnOf(7, setData('/a/x', 'late', 1)));
    database.apply(txnOf(8, create('/c', 3)));
    expect(snapshot.step(100)).toBe(true);
    const { zxid: at, sessions, nodes } = snapshot.snapshot();
    expect([at, [...sessions.values()]]).toEqual([zxid(4), [4000]]);
    expect(nodes.map(({ path }) => path)).toEqual([
      '/',
      '/zookeeper',
      '/zookeeper/quota',
      '/zookeeper/config',
      '/a',
      '/a/x',
    ]);
    expect(nodes.at(-1)?.stat.version).toBe(1);
  });

  it('is not used before it is complete', () => {
    const snapshot = newDatabase().startSnapshot();
    expect(() => snapshot.snapshot()).toThrow('before it is complete');
  });
});
