import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Txn } from '../../protocol/database/txn.ts';
import type { EpochFile } from '../../protocol/host.ts';
import { NO_SESSION, sid } from '../../protocol/ids.ts';
import { EMPTY_DISK } from '../../protocol/storage/durable-state.ts';
import type { Snapshot } from '../../protocol/storage/snapshot.ts';
import type { Zxid } from '../../protocol/zxid.ts';
import { Disk, type DiskClient } from '../../sim/disk.ts';
import { EventQueue } from '../../sim/event-queue.ts';
import { Random } from '../../sim/random.ts';
import { fromMs, toMs } from '../../sim/time.ts';
import { Trace, TraceRecorder } from '../../sim/trace.ts';

const zxid = (n: number): Zxid => n as Zxid;
const txn = (n: number): Txn => ({
  zxid: zxid(n),
  sessionId: NO_SESSION,
  cxid: 0,
  time: 0,
  body: { type: 'createSession', timeOut: n },
});
const snapshot = (n: number, timeOut = 0): Snapshot => ({
  zxid: zxid(n),
  sessions: new Map([[NO_SESSION, timeOut]]),
  nodes: [],
});

/** A disk whose fsync takes 10 ms, and what it told its server. */
class DiskWorld implements DiskClient {
  readonly queue = new EventQueue();
  readonly recorder = new TraceRecorder();
  readonly disk: Disk;
  readonly notes: string[] = [];

  constructor(seed = 'test', fsyncMs = 10) {
    const { queue } = this;
    const trace = new Trace();
    trace.addSink(this.recorder);
    const plan = { fsync: { kind: 'constant', ms: fsyncMs } } as const;
    this.disk = new Disk({ queue, random: new Random(seed), trace, sid: sid(3), plan, client: this });
  }

  onLogFlushed(): void {
    this.#note('flushed');
  }
  onLogTruncated(): void {
    this.#note('truncated');
  }
  onEpochWritten(file: EpochFile): void {
    this.#note(file);
  }
  onSnapshotWritten(at: Zxid): void {
    this.#note(`snapshot ${at}`);
  }

  append(...counters: number[]): void {
    for (const n of counters) this.disk.appendTxn(txn(n));
  }

  /** One file for each list, all of it flushed. */
  fill(...files: readonly (readonly number[])[]): void {
    for (const file of files) {
      this.disk.rollLog();
      this.append(...file);
    }
    this.disk.flushLog();
    this.runAll();
    this.notes.length = 0;
  }

  /** The log that a restart finds, file by file. */
  get logs(): number[][] {
    return this.disk.durableState().logs.map((log) => log.records.map((record) => record.zxid));
  }

  get snapshots(): number[] {
    return this.disk.durableState().snapshots.map((one) => one.zxid);
  }

  run(untilMs: number): void {
    this.queue.schedule(fromMs(untilMs), () => undefined);
    while (this.queue.nextAt !== undefined && this.queue.nextAt <= fromMs(untilMs)) this.queue.runNext();
  }

  runAll(): void {
    while (this.queue.runNext());
  }

  #note(what: string): void {
    this.notes.push(`${toMs(this.queue.now)} ${what}`);
  }
}

describe('a disk', () => {
  it('is empty at first', () => {
    expect(new DiskWorld().disk.durableState()).toEqual(EMPTY_DISK);
  });

  it('has written what it has not flushed, and flushed what was appended before the fsync was asked for', () => {
    const world = new DiskWorld();
    world.append(1, 2);
    world.disk.flushLog();
    world.append(3);
    world.run(9.9);
    expect([world.logs, world.notes]).toEqual([[], []]);
    world.runAll();
    expect([world.logs, world.notes]).toEqual([[[1, 2]], ['10 flushed']]);
  });

  it('begins a new file with the first append after a roll, and flushes rolled files first', () => {
    const world = new DiskWorld();
    world.disk.rollLog();
    world.append(1);
    world.disk.rollLog();
    world.disk.rollLog();
    world.append(2);
    world.disk.flushLog();
    world.append(3);
    world.runAll();
    expect(world.logs).toEqual([[1], [2]]);
  });

  it('completes operations in the order in which they were asked for, one after the other', () => {
    const world = new DiskWorld();
    world.append(1);
    world.disk.flushLog();
    world.disk.writeEpoch('acceptedEpoch', 4);
    world.disk.writeSnapshot(snapshot(1), true);
    world.disk.truncateLog(zxid(1));
    world.disk.writeEpoch('currentEpoch', 4);
    world.runAll();
    expect(world.notes).toEqual([
      '10 flushed',
      '20 acceptedEpoch',
      '30 snapshot 1',
      '40 truncated',
      '50 currentEpoch',
    ]);
    expect(world.disk.durableState()).toEqual({
      acceptedEpoch: 4,
      currentEpoch: 4,
      logs: [{ records: [txn(1)] }],
      snapshots: [snapshot(1)],
    });
    expect(world.recorder.records.map(({ at, party, event }) => [toMs(at), party, event])).toEqual([
      [10, 3, { type: 'logFlushed', zxid: 1 }],
      [20, 3, { type: 'epochWritten', file: 'acceptedEpoch', epoch: 4 }],
      [30, 3, { type: 'snapshotWritten', zxid: 1, durable: true }],
      [40, 3, { type: 'logTruncated', zxid: 1 }],
      [50, 3, { type: 'epochWritten', file: 'currentEpoch', epoch: 4 }],
    ]);
  });

  it('is slow while it is told to be', () => {
    const world = new DiskWorld();
    world.disk.setFsync({ kind: 'constant', ms: 500 });
    world.disk.flushLog();
    world.disk.setFsync(undefined);
    world.disk.flushLog();
    world.runAll();
    expect(world.notes).toEqual(['500 flushed', '510 flushed']);
  });

  it('draws each time from a key of its own, so that an operation more moves no other', () => {
    const times = (withEpoch: boolean): string[] => {
      const world = new DiskWorld();
      world.disk.setFsync({ kind: 'uniform', minMs: 1, maxMs: 9 });
      if (withEpoch) world.disk.writeEpoch('currentEpoch', 1);
      world.run(1000);
      world.disk.flushLog();
      world.runAll();
      return world.notes.slice(-1);
    };
    expect(times(true)).toEqual(times(false));
  });
});

describe('truncating the log', () => {
  it.each([
    [0, []],
    [1, [[1]]],
    [3, [[1, 2, 3]]],
    [4, [[1, 2, 3], [4]]],
    [6, [[1, 2, 3], [4, 5, 6], [6]]],
    [
      9,
      [
        [1, 2, 3],
        [4, 5, 6],
        [6, 7, 8],
      ],
    ],
  ])('after %i leaves nothing behind it', (at, left) => {
    const world = new DiskWorld();
    world.fill([1, 2, 3], [4, 5, 6], [6, 7, 8]);
    world.disk.truncateLog(zxid(at));
    world.runAll();
    expect(world.logs).toEqual(left);
  });

  it('does not touch what is appended after it was asked for', () => {
    const world = new DiskWorld();
    world.fill([1, 2, 3]);
    world.disk.truncateLog(zxid(1));
    world.append(8);
    world.disk.flushLog();
    world.runAll();
    expect(world.logs).toEqual([[1], [8]]);
  });

  it('makes durable what it leaves', () => {
    const world = new DiskWorld();
    world.append(1, 2, 3);
    world.disk.truncateLog(zxid(2));
    world.run(10);
    world.disk.crash('all');
    expect(world.logs).toEqual([[1, 2]]);
  });

  it('can be cut short by a crash, newest file first, so that no hole is left', () => {
    const seen = [0, 4, 7, 10].map((ms) => {
      const world = new DiskWorld();
      world.fill([1, 2], [3, 4], [5, 6]);
      world.disk.truncateLog(zxid(1));
      world.run(10 + ms);
      world.disk.crash('all');
      world.runAll();
      return [world.logs, world.notes.length];
    });
    expect(seen).toEqual([
      [
        [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
        0,
      ],
      [
        [
          [1, 2],
          [3, 4],
        ],
        0,
      ],
      [[[1, 2]], 0],
      [[[1]], 1],
    ]);
  });

  it('is the same for deleting it all', () => {
    const seen = [0, 5, 10].map((ms) => {
      const world = new DiskWorld();
      world.fill([1, 2], [3, 4]);
      world.disk.deleteLogs();
      world.append(9);
      world.disk.flushLog();
      world.run(10 + ms);
      world.disk.crash('none');
      return [world.logs, world.recorder.records.at(-1)?.event.type];
    });
    expect(seen).toEqual([
      [[[1, 2], [3, 4], [9]], 'logFlushed'],
      [[[1, 2], [9]], 'logFlushed'],
      [[[9]], 'logsDeleted'],
    ]);
  });
});

describe('a crash', () => {
  it('drops the callbacks under way', () => {
    const world = new DiskWorld();
    world.append(1);
    world.disk.flushLog();
    world.disk.writeEpoch('currentEpoch', 1);
    world.disk.writeSnapshot(snapshot(1), true);
    world.disk.writeSnapshot(snapshot(2), false);
    world.run(5);
    world.disk.crash('none');
    world.runAll();
    expect(world.notes).toEqual([]);
    expect(world.disk.durableState()).toEqual({ ...EMPTY_DISK, logs: [{ records: [txn(1)] }] });
  });

  it('that loses nothing keeps every written record; one that loses all keeps those that were flushed', () => {
    const crash = (lose: 'none' | 'all'): unknown => {
      const world = new DiskWorld();
      world.fill([1, 2]);
      world.append(3, 4);
      world.disk.rollLog();
      world.append(5);
      world.disk.flushLog();
      return [world.disk.crash(lose), world.logs];
    };
    expect(crash('none')).toEqual([{ lost: 0, durableZxid: 5 }, [[1, 2, 3, 4], [5]]]);
    expect(crash('all')).toEqual([{ lost: 3, durableZxid: 2 }, [[1, 2]]]);
  });

  it('that loses some keeps a prefix of the unflushed records, which the seed chooses', () => {
    const kept = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const world = new DiskWorld(String(seed));
      world.fill([1, 2]);
      world.append(3);
      world.disk.rollLog();
      world.append(4, 5);
      const { lost } = world.disk.crash('some');
      const log = world.logs.flat();
      expect(log).toEqual([1, 2, 3, 4, 5].slice(0, 5 - lost));
      kept.add(log.length);
    }
    expect([...kept].sort((a, b) => a - b)).toEqual([2, 3, 4, 5]);
  });

  it('finds a rename under way done or not when it loses some, and not done otherwise', () => {
    const epochAfter = (seed: number, lose: 'none' | 'some' | 'all'): number | undefined => {
      const world = new DiskWorld(String(seed));
      world.disk.writeEpoch('currentEpoch', 1);
      world.run(10);
      world.disk.writeEpoch('currentEpoch', 2);
      world.disk.writeEpoch('acceptedEpoch', 2);
      world.run(15);
      world.disk.crash(lose);
      expect(world.disk.durableState().acceptedEpoch).toBeUndefined();
      return world.disk.durableState().currentEpoch;
    };
    const seeds = Array.from({ length: 30 }, (_, i) => i);
    expect(new Set(seeds.map((seed) => epochAfter(seed, 'some')))).toEqual(new Set([1, 2]));
    expect([epochAfter(1, 'none'), epochAfter(1, 'all')]).toEqual([1, 1]);
  });

  it('takes a plain snapshot that was not written back yet, or not', () => {
    const after = (seed: number, lose: 'none' | 'some' | 'all', ms: number): number[] => {
      const world = new DiskWorld(String(seed));
      world.disk.writeSnapshot(snapshot(7), false);
      world.run(ms);
      world.disk.crash(lose);
      return world.snapshots;
    };
    const seeds = Array.from({ length: 30 }, (_, i) => i);
    expect(after(1, 'none', 20)).toEqual([7]);
    expect(after(1, 'all', 20)).toEqual([]);
    expect(new Set(seeds.map((seed) => after(seed, 'some', 20).length))).toEqual(new Set([0, 1]));
    expect(after(1, 'all', 30_010)).toEqual([7]);
  });

  it('that takes a snapshot leaves the durable one of the same name', () => {
    const world = new DiskWorld();
    world.disk.writeSnapshot(snapshot(7, 1), true);
    world.run(50);
    world.disk.writeSnapshot(snapshot(7, 2), false);
    world.disk.writeSnapshot(snapshot(7, 3), false);
    world.run(100);
    world.disk.crash('all');
    expect(world.disk.durableState().snapshots).toEqual([snapshot(7, 1)]);
  });

  it('leaves everything it leaves durable, and the next append in a new file', () => {
    const world = new DiskWorld();
    world.append(1);
    world.disk.crash('none');
    world.append(2);
    world.disk.crash('all');
    expect(world.logs).toEqual([[1]]);
    world.append(3);
    world.disk.flushLog();
    world.runAll();
    expect(world.logs).toEqual([[1], [3]]);
  });

  it('leaves snapshots oldest first, without those that were deleted', () => {
    const world = new DiskWorld();
    for (const n of [9, 3, 5]) world.disk.writeSnapshot(snapshot(n), true);
    world.runAll();
    expect(world.snapshots).toEqual([3, 5, 9]);
    world.disk.deleteSnapshot(zxid(5));
    world.disk.crash('some');
    expect(world.snapshots).toEqual([3, 9]);
  });

  it('never loses a flushed record and never leaves a hole', () => {
    const action = fc.constantFrom('append', 'append', 'append', 'flush', 'roll', 'run', 'truncate');
    fc.assert(
      fc.property(
        fc.array(action, { maxLength: 60, size: 'max' }),
        fc.constantFrom('none' as const, 'some' as const, 'all' as const),
        fc.nat(25),
        (actions, lose, laterMs) => {
          const world = new DiskWorld('property');
          let written: number[] = [];
          let flushed = 0;
          let next = 1;
          for (const what of actions) {
            if (what === 'append') {
              written.push(next);
              world.append(next++);
            } else if (what === 'flush') world.disk.flushLog();
            else if (what === 'roll') world.disk.rollLog();
            else if (what === 'run') world.run(toMs(world.queue.now) + 7);
            else {
              const at = written[Math.floor(written.length / 2)] ?? 0;
              world.disk.truncateLog(zxid(at));
              world.runAll();
              written = written.filter((n) => n <= at);
              flushed = written.length;
            }
            const last = world.recorder.records.at(-1)?.event;
            if (last?.type === 'logFlushed') flushed = Math.max(flushed, written.indexOf(last.zxid) + 1);
          }
          world.run(toMs(world.queue.now) + laterMs);
          const { lost } = world.disk.crash(lose);
          const log = world.logs.flat();
          expect(log).toEqual(written.slice(0, log.length));
          expect(log.length).toBeGreaterThanOrEqual(flushed);
          expect(lost).toBe(written.length - log.length);
        },
      ),
    );
  });
});
