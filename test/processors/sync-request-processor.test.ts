import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestOf } from '../../protocol/learner/learner-zookeeper-server.ts';
import { SyncRequestProcessor } from '../../protocol/processors/sync-request-processor.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import { ServerBench, stepsOf, txnAt } from '../support/server-bench.ts';

const z = makeZxid;

class Bench extends ServerBench {
  /** Counters of the txns that were handed on. */
  readonly next: number[] = [];
  /** Counter of the last txn before each snapshot. */
  readonly snapshots: number[] = [];
  /** What it told its server when it died. */
  readonly stopping: string[] = [];
  readonly processor: SyncRequestProcessor;
  #submitted = 0;

  constructor(config: { maxBatchSize?: number; snapCount?: number } = {}, random = (): number => 0) {
    super({ config });
    const { stages, storage } = this.context;
    this.processor = new SyncRequestProcessor({
      stages,
      storage,
      config: this.context.config,
      random: { int: random },
      takeSnapshot: () => void this.snapshots.push(storage.log.lastZxid % 2 ** 32),
      next: (request) => void this.next.push(request.zxid % 2 ** 32),
      notifyStopping: (reason) => void this.stopping.push(reason),
    });
  }

  submit(count: number): void {
    for (let i = 0; i < count; i++) this.processor.processRequest(requestOf(txnAt(1, ++this.#submitted)));
  }

  get steps(): readonly (readonly unknown[])[] {
    return stepsOf(this.host.take());
  }
}

describe('a txn', () => {
  it('is handed on when it is durable', () => {
    const bench = new Bench();
    bench.submit(1);
    bench.runStages();
    expect([bench.steps, bench.next]).toEqual([[['appendTxn', z(1, 1)], ['flushLog']], []]);
    bench.finishDisk();
    expect(bench.next).toEqual([1]);
  });

  it('shares its flush with all that wait', () => {
    const bench = new Bench();
    bench.submit(3);
    bench.runStages();
    expect(bench.steps.filter(([step]) => step === 'flushLog')).toHaveLength(1);
    bench.finishDisk();
    expect(bench.next).toEqual([1, 2, 3]);
  });

  it('that comes during a flush waits for the next one, together with others', () => {
    const bench = new Bench();
    bench.submit(1);
    bench.runStages();
    bench.submit(2);
    bench.runStages();
    expect(bench.steps).toEqual([['appendTxn', z(1, 1)], ['flushLog']]);
    bench.finishDisk();
    bench.runStages();
    expect(bench.steps).toEqual([['appendTxn', z(1, 2)], ['appendTxn', z(1, 3)], ['flushLog']]);
    bench.finishDisk();
    expect(bench.next).toEqual([1, 2, 3]);
  });

  it('waits for another flush when a batch is full', () => {
    const bench = new Bench({ maxBatchSize: 2 });
    bench.submit(3);
    bench.runStages();
    bench.finishDisk();
    expect(bench.next).toEqual([1, 2]);
    bench.runStages();
    bench.finishDisk();
    expect(bench.next).toEqual([1, 2, 3]);
  });
});

describe('a snapshot', () => {
  const snapshotsAfter = (snapCount: number, random: () => number, txns: number): readonly number[] => {
    const bench = new Bench({ snapCount }, random);
    bench.submit(txns);
    bench.settle();
    return bench.snapshots;
  };

  it('is taken each time more than half of snapCount and a random part of the other half were logged', () => {
    expect(snapshotsAfter(10, () => 0, 18)).toEqual([6, 12, 18]);
    expect(snapshotsAfter(10, () => 4, 20)).toEqual([10, 20]);
  });

  it('comes after snapCount/2 to snapCount txns, whatever is drawn', () => {
    const draws = fc.array(fc.nat(), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 30 }), draws, (snapCount, list) => {
        let nth = 0;
        const int = (bound: number): number => (list[nth++ % list.length] ?? 0) % bound;
        const bench = new Bench({ snapCount }, () => int(Math.max(1, Math.floor(snapCount / 2))));
        bench.submit(200);
        bench.settle();
        const distances = bench.snapshots.map((at, i) => at - (bench.snapshots[i - 1] ?? 0));
        expect(distances.length).toBeGreaterThan(0);
        for (const distance of distances) {
          expect(distance).toBeGreaterThan(Math.floor(snapCount / 2));
          expect(distance).toBeLessThanOrEqual(snapCount);
        }
      }),
    );
  });

  it('begins a new log file, and the txn that brought it about is in the old one', () => {
    const bench = new Bench({ snapCount: 2 });
    bench.submit(3);
    bench.runStages();
    expect(bench.steps).toEqual([
      ['appendTxn', z(1, 1)],
      ['appendTxn', z(1, 2)],
      ['rollLog'],
      ['appendTxn', z(1, 3)],
      ['flushLog'],
    ]);
  });
});

describe('at shutdown', () => {
  it('what is queued is logged and flushed, and nobody is told', () => {
    const bench = new Bench();
    bench.submit(2);
    bench.processor.shutdown();
    expect(bench.steps).toEqual([['appendTxn', z(1, 1)], ['appendTxn', z(1, 2)], ['flushLog']]);
    bench.settle();
    expect([bench.next, bench.steps]).toEqual([[], []]);
  });

  it('a flush under way tells nobody either (ZOOKEEPER-4712)', () => {
    const bench = new Bench();
    bench.submit(1);
    bench.runStages();
    bench.processor.shutdown();
    bench.settle();
    expect(bench.next).toEqual([]);
  });

  it('nothing is flushed when nothing is queued', () => {
    const bench = new Bench();
    bench.processor.shutdown();
    expect(bench.steps).toEqual([]);
  });
});

describe('a log that cannot be written', () => {
  it('ends the thread: nothing is acknowledged, nothing more is logged, and the server is told', () => {
    const bench = new Bench();
    bench.submit(1);
    bench.runStages();
    bench.submit(1);
    bench.failDisk();
    bench.submit(1);
    bench.settle();
    bench.processor.shutdown();
    expect([bench.next, bench.steps, bench.stopping]).toEqual([
      [],
      [['appendTxn', z(1, 1)], ['flushLog']],
      ['the log cannot be written'],
    ]);
    expect(bench.context.storage.log.lastZxid).toBe(z(0, 0));
  });

  it('after the role has ended is of no concern to it', () => {
    const bench = new Bench();
    bench.submit(1);
    bench.runStages();
    bench.processor.shutdown();
    bench.failDisk();
    expect([bench.next, bench.stopping]).toEqual([[], []]);
  });
});
