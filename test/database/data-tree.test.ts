import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataTree } from '../../protocol/database/data-tree.ts';
import { FuzzySnapshot } from '../../protocol/database/fuzzy-snapshot.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { NO_SESSION } from '../../protocol/ids.ts';
import {
  ALICE,
  BOB,
  C1,
  bytes,
  contentOf,
  create,
  NOBODY,
  RecordingSink,
  remove,
  setData,
  treeOf,
  txnOf,
  zxid,
} from '../support/tree.ts';

describe('a fresh tree', () => {
  const tree = new DataTree(NOBODY);

  it('has five nodes, the root being counted under both its names', () => {
    expect(tree.nodeCount).toBe(5);
    expect(tree.getNode('')).toBe(tree.getNode('/'));
    expect(tree.children('/')).toEqual(['zookeeper']);
    expect(tree.children('/zookeeper')).toEqual(['config', 'quota']);
  });

  it.each([
    ['/', { version: 0, cversion: -1, aversion: 0, numChildren: 1 }],
    ['/zookeeper', { version: 0, cversion: -2, aversion: 0, numChildren: 2 }],
    ['/zookeeper/quota', { version: 0, cversion: 0, aversion: 0, numChildren: 0 }],
    ['/zookeeper/config', { version: 0, cversion: 0, aversion: -1, numChildren: 0 }],
  ])('begins %s with the Stat that ZooKeeper gives it', (path, stat) => {
    const zero = { czxid: 0, mzxid: 0, pzxid: 0, ctime: 0, mtime: 0, dataLength: 0 };
    expect(tree.statOf(path)).toEqual({ ...zero, ephemeralOwner: NO_SESSION, ...stat });
  });

  it('has the digest of a fresh ZooKeeper', () => expect(tree.digest).toBe(0x51c6d660));

  it('takes its configuration without a txn: version −1, zxid 0, the digest unmoved', () => {
    const other = new DataTree(NOBODY);
    other.setConfig('server.1=a:1:2:participant', 77);
    expect(other.getNode('/zookeeper/config')?.data).toEqual(bytes('server.1=a:1:2:participant'));
    expect(other.statOf('/zookeeper/config')).toMatchObject({
      version: -1,
      mzxid: 0,
      mtime: 77,
      dataLength: 26,
    });
    expect([other.digest, other.lastProcessedZxid]).toEqual([tree.digest, 0]);
  });
});

describe('the Stat', () => {
  it('counts creates and deletes of children in cversion, and tells the last of them in pzxid', () => {
    const tree = treeOf(
      create('/p', 1),
      create('/p/a', 1),
      create('/p/b', 2),
      remove('/p/a'),
      setData('/p/b', 'x', 1),
    );
    expect(tree.statOf('/p')).toEqual({
      czxid: zxid(1),
      mzxid: zxid(1),
      ctime: 1001,
      mtime: 1001,
      version: 0,
      cversion: 3,
      aversion: 0,
      ephemeralOwner: NO_SESSION,
      dataLength: 0,
      numChildren: 1,
      pzxid: zxid(4),
    });
  });

  it('tells the last write in mzxid, mtime and version, and nothing else', () => {
    const tree = treeOf(create('/a', 1), setData('/a', 'new', 1));
    expect(tree.statOf('/a')).toMatchObject({
      czxid: zxid(1),
      ctime: 1001,
      mzxid: zxid(2),
      mtime: 1002,
      version: 1,
      pzxid: zxid(1),
      dataLength: 3,
    });
  });

  it('names the owner of an ephemeral node', () => {
    const tree = treeOf(create('/e', 1, { ephemeral: true }), create('/p', 2));
    expect(tree.statOf('/e')?.ephemeralOwner).toBe(ALICE);
    expect(tree.statOf('/p')?.ephemeralOwner).toBe(NO_SESSION);
    expect([...tree.getEphemerals(ALICE)]).toEqual(['/e']);
  });

  it('keeps null and empty data apart', () => {
    const tree = treeOf({
      type: 'create',
      path: '/n',
      data: null,
      acl: [],
      ephemeral: false,
      parentCVersion: 1,
    });
    expect(tree.getNode('/n')?.data).toBeNull();
    expect(tree.statOf('/n')?.dataLength).toBe(0);
  });
});

describe('applying a txn', () => {
  it('answers with path and Stat as they are right after it', () => {
    const tree = treeOf();
    expect(tree.applyTxn(txnOf(1, create('/a', 1)))).toMatchObject({
      err: 0,
      path: '/a',
      stat: { cversion: 0 },
    });
    expect(tree.applyTxn(txnOf(2, create('/b', 2, { type: 'create' })))).toMatchObject({
      path: '/b',
      stat: undefined,
    });
    expect(tree.applyTxn(txnOf(3, setData('/a', 'x', 1)))).toMatchObject({ err: 0, stat: { version: 1 } });
    expect(tree.applyTxn(txnOf(4, remove('/a')))).toMatchObject({ err: 0, type: 'delete' });
  });

  it('applies a multi in order under one zxid, each result showing what came before it', () => {
    const tree = treeOf();
    const result = tree.applyTxn(
      txnOf(1, {
        type: 'multi',
        txns: [
          create('/a', 1),
          create('/a/b', 1),
          setData('/a', 'x', 1),
          { type: 'check', path: '/a', version: 2 },
          remove('/a/b'),
        ],
      }),
    );
    expect(result.results?.map(({ type, stat }) => [type, stat?.numChildren])).toEqual([
      ['create2', 0],
      ['create2', 0],
      ['setData', 1],
      ['check', undefined],
      ['delete', undefined],
    ]);
    expect(tree.statOf('/a')).toMatchObject({ czxid: zxid(1), mzxid: zxid(1), pzxid: zxid(1), cversion: 2 });
  });

  it('moves only lastProcessedZxid for an error txn', () => {
    const tree = treeOf(create('/a', 1));
    const before = contentOf(tree);
    expect(tree.applyTxn(txnOf(2, { type: 'error', err: ErrorCode.BADVERSION }))).toMatchObject({
      err: -103,
    });
    const failedMulti = {
      type: 'multi',
      txns: [
        { type: 'error', err: 0 },
        { type: 'error', err: -101 },
      ],
    } as const;
    expect(tree.applyTxn(txnOf(3, failedMulti))).toMatchObject({
      err: -101,
      results: [{ err: 0 }, { err: -101 }],
    });
    expect(contentOf(tree)).toEqual(before);
    expect(tree.lastProcessedZxid).toBe(zxid(3));
  });

  it('never takes lastProcessedZxid back', () => {
    const tree = treeOf();
    tree.lastProcessedZxid = zxid(9);
    tree.applyTxn(txnOf(3, create('/a', 1)));
    expect(tree.lastProcessedZxid).toBe(zxid(9));
  });

  it("closes a session by the txn's list in its order, and then by what is left", () => {
    const tree = treeOf(
      create('/c', 1, { ephemeral: true }),
      create('/a', 2, { ephemeral: true }),
      create('/b', 3, { ephemeral: true }),
    );
    tree.applyTxn(txnOf(4, create('/d', 4, { ephemeral: true }), BOB));
    const sink = new RecordingSink();
    const watched = DataTree.load(new FuzzySnapshot(tree, new Map()).finish(), sink);
    for (const path of ['/a', '/b', '/c', '/d']) watched.watches.addDataWatch(path, C1);
    watched.applyTxn(txnOf(5, { type: 'closeSession', paths: ['/b', '/c'] }));
    expect(sink.take()).toEqual(['/b', '/c', '/a'].map((path) => `1 NodeDeleted ${path} 5`));
    expect(watched.children('/')).toEqual(['d', 'zookeeper']);
    expect(watched.sessionsWithEphemerals).toEqual([BOB]);
    expect(watched.statOf('/')).toMatchObject({ pzxid: zxid(5), cversion: 2 * 4 - 2 });
  });
});

describe('replaying over a tree that already shows later txns', () => {
  it('lets a create that finds its node only raise the parent', () => {
    const tree = treeOf(create('/p', 1), create('/p/a', 1));
    const before = contentOf(tree);
    expect(tree.applyTxn(txnOf(2, create('/p/a', 1)))).toMatchObject({ err: ErrorCode.NODEEXISTS });
    expect(contentOf(tree)).toEqual(before);
  });

  it('raises the parent of a deleted node that misses it', () => {
    const tree = treeOf(create('/p', 1));
    expect(tree.applyTxn(txnOf(7, remove('/p/gone')))).toMatchObject({ err: ErrorCode.NONODE });
    expect(tree.statOf('/p')).toMatchObject({ pzxid: zxid(7), cversion: 0 });
  });

  it('does not take back cversion and pzxid of the parent', () => {
    const tree = treeOf(create('/p', 1), create('/p/a', 1), create('/p/b', 2), remove('/p/a'));
    const before = contentOf(tree);
    tree.applyTxn(txnOf(2, create('/p/a', 1)));
    tree.applyTxn(txnOf(4, remove('/p/a')));
    expect(contentOf(tree)).toEqual(before);
  });

  it('swallows what happens below a parent that is gone already', () => {
    const tree = treeOf();
    const results = [create('/p/a', 1), setData('/p/a', 'x', 1), remove('/p/a')].map(
      (body, at) => tree.applyTxn(txnOf(at + 1, body)).err,
    );
    expect(results).toEqual([ErrorCode.NONODE, ErrorCode.NONODE, ErrorCode.NONODE]);
  });

  it('lists a child again whose parent was deleted and created anew', () => {
    const history = [create('/p', 1), remove('/p'), create('/p', 2), create('/p/c', 1)];
    const tree = treeOf(...history);
    const before = contentOf(tree);
    history.forEach((body, at) => tree.applyTxn(txnOf(at + 1, body)));
    expect(contentOf(tree)).toEqual(before);
    expect(tree.children('/p')).toEqual(['c']);
  });
});

describe('the digest', () => {
  it('does not depend on the order of unrelated writes', () => {
    const writes = ['/a', '/b', '/c', '/d'].map((path, at) => txnOf(10 + at, setData(path, path, 1)));
    fc.assert(
      fc.property(fc.shuffledSubarray(writes, { minLength: 4 }), (order) => {
        const start = [create('/a', 1), create('/b', 2), create('/c', 3), create('/d', 4)];
        const [one, other] = [treeOf(...start), treeOf(...start)];
        writes.forEach((txn) => one.applyTxn(txn));
        order.forEach((txn) => other.applyTxn(txn));
        expect(other.digest).toBe(one.digest);
      }),
    );
  });

  it('is not moved by what lies below /zookeeper, only by /zookeeper itself', () => {
    const tree = treeOf();
    const fresh = tree.digest;
    tree.applyTxn(txnOf(1, create('/zookeeper/x', 1)));
    const quiet = tree.digest;
    tree.applyTxn(txnOf(2, create('/zookeeper/x/y', 1)));
    expect(tree.digest).toBe(quiet);
    expect(quiet).not.toBe(fresh);
  });
});
