import { describe, expect, it } from 'vitest';
import type { SetWatchesRequest } from '../../protocol/client-packets.ts';
import { DataTree } from '../../protocol/database/data-tree.ts';
import { setWatches } from '../../protocol/database/set-watches.ts';
import { DEFAULT_RELEASE, releaseWithIssue } from '../../protocol/release/release.ts';
import { C1, create, RecordingSink, remove, setData, txnOf, zxid } from '../support/tree.ts';

/** /data written at 3, /kids got its child at 4, /old untouched since 5. */
function movedTree() {
  const sink = new RecordingSink();
  const tree = new DataTree(sink);
  const history = [
    create('/data', 1),
    create('/kids', 2),
    setData('/data', 'x', 1),
    create('/kids/k', 1),
    create('/old', 3),
  ];
  history.forEach((body, at) => tree.applyTxn(txnOf(at + 1, body)));
  return { tree, sink };
}

const request = (init: Partial<SetWatchesRequest>): SetWatchesRequest => ({
  op: 'setWatches',
  relativeZxid: zxid(0),
  dataWatches: [],
  existWatches: [],
  childWatches: [],
  ...init,
});

describe('setWatches', () => {
  it.each([
    ['a data watch on a node that is gone', { dataWatches: ['/gone'] }, 9, ['1 NodeDeleted /gone -1']],
    ['a data watch on a node written since', { dataWatches: ['/data'] }, 2, ['1 NodeDataChanged /data -1']],
    ['a data watch on a node last written at that zxid', { dataWatches: ['/data'] }, 3, 'armed'],
    ['an exist watch on a node that is there now', { existWatches: ['/old'] }, 9, ['1 NodeCreated /old -1']],
    ['an exist watch on a node that is still missing', { existWatches: ['/gone'] }, 0, 'armed'],
    ['a child watch on a node that is gone', { childWatches: ['/gone'] }, 9, ['1 NodeDeleted /gone -1']],
    [
      'a child watch whose children changed since',
      { childWatches: ['/kids'] },
      3,
      ['1 NodeChildrenChanged /kids -1'],
    ],
    ['a child watch whose children are the same', { childWatches: ['/kids'] }, 4, 'armed'],
  ] as const)('%s', (_, lists, relative, expected) => {
    const { tree, sink } = movedTree();
    setWatches(tree, C1, request({ ...lists, relativeZxid: zxid(relative) }), DEFAULT_RELEASE);
    expect({ events: sink.take(), armed: tree.watches.size }).toEqual(
      expected === 'armed' ? { events: [], armed: 1 } : { events: expected, armed: 0 },
    );
  });

  it('goes through data, exist and child lists in that order and does not merge them', () => {
    const { tree, sink } = movedTree();
    setWatches(
      tree,
      C1,
      request({ dataWatches: ['/x', '/data'], existWatches: ['/old'], childWatches: ['/x'] }),
      DEFAULT_RELEASE,
    );
    expect(sink.take()).toEqual([
      '1 NodeDeleted /x -1',
      '1 NodeDataChanged /data -1',
      '1 NodeCreated /old -1',
      '1 NodeDeleted /x -1',
    ]);
  });

  it('arms what fires like any other watch', () => {
    const { tree, sink } = movedTree();
    const both = request({ relativeZxid: zxid(5), dataWatches: ['/old'], existWatches: ['/new'] });
    setWatches(tree, C1, both, DEFAULT_RELEASE);
    tree.applyTxn(txnOf(6, create('/new', 4)));
    tree.applyTxn(txnOf(7, remove('/old')));
    expect(sink.take()).toEqual(['1 NodeCreated /new 6', '1 NodeDeleted /old 7']);
  });

  it.each([
    ['created since, for a data watch', { dataWatches: ['/data'] }, 0, '1 NodeCreated /data -1'],
    ['written since, for a data watch', { dataWatches: ['/data'] }, 2, '1 NodeDataChanged /data -1'],
    ['written since, for an exist watch', { existWatches: ['/data'] }, 2, '1 NodeDataChanged /data -1'],
    ['not written since, for an exist watch', { existWatches: ['/data'] }, 3, '1 NodeCreated /data -1'],
  ] as const)('before 3.4.6 told of a node what it was: %s', (_, lists, relative, expected) => {
    const { tree, sink } = movedTree();
    const release = releaseWithIssue('ZOOKEEPER-1667');
    setWatches(tree, C1, request({ ...lists, relativeZxid: zxid(relative) }), release);
    expect(sink.take()).toEqual([expected]);
  });
});
