import { describe, expect, it } from 'vitest';
import { makeZxid } from '../../protocol/zxid.ts';
import { diskWith, ServerBench, stepsOf, txnAt } from '../support/server-bench.ts';
import { create } from '../support/tree.ts';

const z = makeZxid;
/** More nodes than a snapshot reads in one turn. */
const CREATES = Array.from({ length: 200 }, (_, at) => txnAt(1, at + 1, create(`/n${at}`, at + 1)));
const bench = (): ServerBench => new ServerBench({ durable: diskWith(CREATES, 1) });

describe('a snapshot in the background', () => {
  it('is read in turns between which txns apply, and is named by where it began', () => {
    const { host, context } = bench();
    context.snapshots.start();
    let turns = 0;
    while (host.woken.delete('SnapshotThread')) {
      context.stages.onStage('SnapshotThread');
      context.database.apply(txnAt(1, 201 + turns++, create(`/new${turns}`, 201 + turns)));
    }
    expect(turns).toBeGreaterThan(2);
    expect(stepsOf(host.effects)).toEqual([['writeSnapshot', z(1, 200), 'plain']]);
    expect(host.events.map((event) => event.type)).toEqual(['snapshotStarted', 'snapshotTaken']);
  });

  it('is not begun while one runs', () => {
    const { host, context } = bench();
    context.snapshots.start();
    context.snapshots.start();
    expect(host.events.filter((event) => event.type === 'snapshotStarted')).toHaveLength(1);
  });

  it('is begun again when the last one is done', () => {
    const server = bench();
    for (let i = 0; i < 2; i++) {
      server.context.snapshots.start();
      server.settle();
    }
    expect(stepsOf(server.host.effects)).toHaveLength(2);
  });

  it('is dropped when its tree is no longer the server’s', () => {
    const server = bench();
    server.context.snapshots.start();
    server.context.snapshots.abort();
    server.settle();
    expect(stepsOf(server.host.effects)).toEqual([]);
  });
});

describe('a snapshot in the foreground', () => {
  it('is whole at once, and whoever waits for it goes on when it is on disk', () => {
    const server = bench();
    const taken: number[] = [];
    server.context.snapshots.take({ fsync: true }, (snapshot) => void taken.push(snapshot.zxid));
    expect([stepsOf(server.host.effects), taken]).toEqual([[['writeSnapshot', z(1, 200), 'fsync']], []]);
    server.finishDisk();
    expect(taken).toEqual([z(1, 200)]);
  });
});
