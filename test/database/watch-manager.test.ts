import { describe, expect, it } from 'vitest';
import { DataTree } from '../../protocol/database/data-tree.ts';
import type { TxnBody } from '../../protocol/database/txn.ts';
import { C1, C2, C3, create, RecordingSink, remove, setData, txnOf } from '../support/tree.ts';

function watchedTree(...bodies: TxnBody[]) {
  const sink = new RecordingSink();
  const tree = new DataTree(sink);
  let counter = 0;
  const apply = (...more: TxnBody[]) => {
    for (const body of more) tree.applyTxn(txnOf(++counter, body));
    return sink.take();
  };
  apply(...bodies);
  return { tree, watches: tree.watches, apply };
}

describe('which watch hears of what', () => {
  const events = (arm: 'data' | 'child', path: string, body: TxnBody) => {
    const { watches, apply } = watchedTree(create('/p', 1), create('/p/n', 1));
    if (arm === 'data') watches.addDataWatch(path, C1);
    else watches.addChildWatch(path, C1);
    return apply(body);
  };

  it.each([
    ['data', '/p/m', 'create /p/m', create('/p/m', 2), ['1 NodeCreated /p/m 3']],
    ['data', '/p', 'create /p/m', create('/p/m', 2), []],
    ['child', '/p', 'create /p/m', create('/p/m', 2), ['1 NodeChildrenChanged /p 3']],
    ['child', '/', 'create /p/m', create('/p/m', 2), []],
    ['child', '/', 'create /q', create('/q', 2), ['1 NodeChildrenChanged / 3']],
    ['data', '/p/n', 'setData /p/n', setData('/p/n', 'x', 1), ['1 NodeDataChanged /p/n 3']],
    ['child', '/p/n', 'setData /p/n', setData('/p/n', 'x', 1), []],
    ['child', '/p', 'setData /p/n', setData('/p/n', 'x', 1), []],
    ['data', '/p/n', 'delete /p/n', remove('/p/n'), ['1 NodeDeleted /p/n 3']],
    ['child', '/p/n', 'delete /p/n', remove('/p/n'), ['1 NodeDeleted /p/n 3']],
    ['child', '/p', 'delete /p/n', remove('/p/n'), ['1 NodeChildrenChanged /p 3']],
    ['data', '/p', 'delete /p/n', remove('/p/n'), []],
    ['data', '/p/n', 'an error', { type: 'error', err: -103 }, []],
    ['data', '/p/n', 'a check', { type: 'check', path: '/p/n', version: 1 }, []],
    ['data', '', 'setData /', setData('/', 'x', 1), []],
  ] as const)('a %s watch on %j, %s', (arm, path, _, body, expected) => {
    expect(events(arm, path, body)).toEqual(expected);
  });
});

describe('a watch', () => {
  it('fires once', () => {
    const { watches, apply } = watchedTree(create('/a', 1));
    watches.addDataWatch('/a', C1);
    watches.addDataWatch('/a', C1);
    expect(watches.size).toBe(1);
    expect(apply(setData('/a', 'x', 1), setData('/a', 'y', 2))).toEqual(['1 NodeDataChanged /a 2']);
    expect(watches.size).toBe(0);
  });

  it('tells each connection once of a deleted node, and then the watchers of its parent', () => {
    const { watches, apply } = watchedTree(create('/p', 1), create('/p/n', 1));
    watches.addChildWatch('/p', C3);
    watches.addChildWatch('/p/n', C1);
    watches.addChildWatch('/p/n', C2);
    watches.addDataWatch('/p/n', C1);
    expect(apply(remove('/p/n'))).toEqual([
      '1 NodeDeleted /p/n 3',
      '2 NodeDeleted /p/n 3',
      '3 NodeChildrenChanged /p 3',
    ]);
    expect(watches.size).toBe(0);
  });

  it('fires in the order in which the sub-txns of a multi apply', () => {
    const { watches, apply } = watchedTree(create('/a', 1));
    watches.addDataWatch('/a', C1);
    watches.addDataWatch('/b', C1);
    watches.addChildWatch('/', C1);
    const txns = [setData('/a', 'x', 1), create('/b', 2), remove('/a')];
    expect(apply({ type: 'multi', txns })).toEqual([
      '1 NodeDataChanged /a 2',
      '1 NodeCreated /b 2',
      '1 NodeChildrenChanged / 2',
    ]);
  });

  it('goes with its connection, and leaves the others', () => {
    const { watches, apply } = watchedTree(create('/a', 1));
    for (const connection of [C1, C2]) {
      watches.addDataWatch('/a', connection);
      watches.addChildWatch('/', connection);
    }
    watches.removeConnection(C1);
    watches.removeConnection(C3);
    expect(apply(remove('/a'))).toEqual(['2 NodeDeleted /a 2', '2 NodeChildrenChanged / 2']);
  });
});
