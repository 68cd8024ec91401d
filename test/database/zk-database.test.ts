import { describe, expect, it } from 'vitest';
import { ZKDatabase } from '../../protocol/database/zk-database.ts';
import { ALICE, BOB, C1, create, RecordingSink, txnOf, zxid } from '../support/tree.ts';

function newDatabase() {
  const sink = new RecordingSink();
  return { sink, database: new ZKDatabase({ commitLogCount: 500, watches: sink }) };
}

describe('the database', () => {
  it('changes sessions in the same step as the tree', () => {
    const { database } = newDatabase();
    database.apply(txnOf(1, { type: 'createSession', timeOut: 4000 }));
    database.apply(txnOf(2, { type: 'createSession', timeOut: 9000 }, BOB));
    database.apply(txnOf(3, create('/e', 1, { ephemeral: true })));
    expect([...database.sessionsWithTimeouts]).toEqual([
      [ALICE, 4000],
      [BOB, 9000],
    ]);
    database.apply(txnOf(4, { type: 'closeSession', paths: ['/e'] }));
    expect([...database.sessionsWithTimeouts]).toEqual([[BOB, 9000]]);
    expect(database.tree.getNode('/e')).toBeUndefined();
    expect(database.lastProcessedZxid).toBe(zxid(4));
  });

  it('refuses no session for an error txn', () => {
    const { database } = newDatabase();
    database.apply(txnOf(1, { type: 'error', err: -112 }));
    expect(database.sessionsWithTimeouts.size).toBe(0);
  });

  it('has its newest txns for learners, at least 500 of them', () => {
    const database = new ZKDatabase({ commitLogCount: 10, watches: new RecordingSink() });
    for (let counter = 1; counter <= 600; counter++) {
      database.addCommittedProposal(txnOf(counter, { type: 'error', err: 0 }));
    }
    expect([database.committedLog.minCommittedLog, database.committedLog.maxCommittedLog]).toEqual([
      zxid(101),
      zxid(600),
    ]);
  });

  it('forgets everything when it is cleared, watches and committed log included', () => {
    const { database, sink } = newDatabase();
    const txn = txnOf(1, create('/a', 1));
    database.apply(txnOf(1, { type: 'createSession', timeOut: 4000 }));
    database.apply(txn);
    database.addCommittedProposal(txn);
    database.tree.watches.addDataWatch('/a', C1);
    const { digest } = newDatabase().database.tree;
    database.clear();
    expect(database.tree.digest).toBe(digest);
    expect([database.tree.nodeCount, database.sessionsWithTimeouts.size, database.committedLog.size]).toEqual(
      [5, 0, 0],
    );
    database.apply(txn);
    expect([database.lastProcessedZxid, sink.take()]).toEqual([zxid(1), []]);
  });

  it('loads a snapshot in place of what it had, its committed log included', () => {
    const { database } = newDatabase();
    database.apply(txnOf(3, create('/a', 1)));
    const snapshot = database.startSnapshot().finish();
    const other = newDatabase().database;
    other.apply(txnOf(1, create('/b', 1)));
    other.addCommittedProposal(txnOf(1, create('/b', 1)));
    other.load(snapshot);
    expect(other.tree.children('/')).toEqual(['a', 'zookeeper']);
    expect([other.lastProcessedZxid, other.committedLog.size]).toEqual([zxid(3), 0]);
    expect(other.tree.digest).toBe(database.tree.digest);
  });

  it('removes ephemerals of sessions that it does not know, here and without a txn', () => {
    const { database } = newDatabase();
    database.apply(txnOf(1, { type: 'createSession', timeOut: 4000 }));
    database.apply(txnOf(2, create('/alive', 1, { ephemeral: true })));
    database.apply(txnOf(3, create('/dead', 2, { ephemeral: true }), BOB));
    database.dropDeadSessions();
    expect(database.tree.children('/')).toEqual(['alive', 'zookeeper']);
    expect(database.tree.sessionsWithEphemerals).toEqual([ALICE]);
    expect(database.lastProcessedZxid).toBe(zxid(3));
  });
});
