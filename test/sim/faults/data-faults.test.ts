import { describe, expect, it } from 'vitest';
import type { DataFault } from '../../../sim/fault-plan.ts';
import type { RunResult } from '../../../sim/result.ts';
import { runSimulation } from '../../../sim/simulation.ts';
import { DiskStory, onData } from '../../support/disk-story.ts';
import { crash, serverTarget } from '../../support/faults.ts';
import { planOf } from '../../support/scenario-text.ts';

const backup = (server: number): DataFault => ({ kind: 'backup', target: [serverTarget(server)] });
const copyData = (to: number, from: number): DataFault => ({
  kind: 'copyData',
  target: [serverTarget(to)],
  from: serverTarget(from),
  restartAfterMs: 500,
});

describe('a wiped data directory', () => {
  it('of a follower: it comes back without anything, and takes the tree of the leader', () => {
    const story = new DiskStory();
    const paths = story.write(4);
    story.strike(onData(1, 'wipe'));
    expect(story.events('crashed')).toMatchObject([{ lost: 0 }]);
    expect(story.events('dataDamaged')).toMatchObject([
      { what: 'wipe', lastZxid: 0, beforeEpoch: 1, epoch: 0, refuses: false },
    ]);
    story.until(() => story.events('recovered', 1).length === 2);
    expect(story.recovery(1)).toMatchObject({ lastZxid: 0, acceptedEpoch: 0, currentEpoch: 0 });
    story.untilCalm();
    expect([story.syncs(1).at(-1), story.has(1, paths)]).toEqual(['SNAP', paths]);
  });

  it('of a majority costs what was acknowledged: outside of what ZooKeeper promises to survive', () => {
    const story = new DiskStory();
    const paths = story.write(4);
    story.strike(crash([serverTarget(3)]));
    for (const server of [1, 2]) story.strike(onData(server, 'wipe'));
    story.until(() => story.epochs.length === 2);
    expect(story.has(story.leader.party, paths)).toEqual([]);
  });

  it('without a restart stays empty and down', () => {
    const story = new DiskStory();
    story.strike({ kind: 'wipe', target: [serverTarget(1)], restartAfterMs: undefined });
    story.forMs(5000);
    expect(story.server(1).isUp).toBe(false);
    story.restart(1);
    story.untilCalm();
    expect(story.recovery(1).lastZxid).toBe(0);
  });
});

describe('the data directory of another server', () => {
  it('makes a server what that one was, under its own name', () => {
    const story = new DiskStory();
    const paths = story.write(4);
    story.strike(crash([serverTarget(1)]));
    const missed = story.write(3);
    story.strike(copyData(1, 2));
    const [event] = story.events('dataDamaged');
    expect((event?.lastZxid ?? 0) - (event?.before ?? 0)).toBe(3);
    story.until(() => story.events('recovered', 1).length === 2);
    expect(story.has(1, [...paths, ...missed])).toEqual([...paths, ...missed]);
    story.untilCalm();
    expect(story.syncs(1).at(-1)).toBe('DIFF');
    expect(story.server(1).peer?.view.serverState).toBe('FOLLOWING');
  });

  it('is not its own', () => {
    const story = new DiskStory();
    story.strike(copyData(1, 1));
    expect(story.events('fault').at(-1)).toMatchObject({ kind: 'copyData', struck: [] });
    expect(story.server(1).isUp).toBe(true);
  });
});

describe('a backup', () => {
  it('that is restored takes a server back: it has forgotten what it had flushed, and is brought up to date', () => {
    const story = new DiskStory();
    const before = story.write(2);
    story.strike(backup(1));
    const since = story.write(3);
    story.strike(onData(1, 'restore'));
    const [event] = story.events('dataDamaged');
    expect((event?.before ?? 0) - (event?.lastZxid ?? 0)).toBe(3);
    story.until(() => story.events('recovered', 1).length === 2);
    expect([story.has(1, before), story.has(1, since)]).toEqual([before, []]);
    story.untilCalm();
    expect([story.syncs(1).at(-1), story.has(1, since)]).toEqual(['DIFF', since]);
  });

  it('that was never made is empty', () => {
    const story = new DiskStory();
    story.write(2);
    story.strike(onData(1, 'restore'));
    expect(story.events('dataDamaged')).toMatchObject([{ what: 'restore', lastZxid: 0, epoch: 0 }]);
    story.untilCalm();
  });

  it('is not changed by what comes after it, and can be restored again', () => {
    const story = new DiskStory();
    story.write(2);
    story.strike(backup(1));
    const forgets = (): void => {
      story.write(3);
      story.strike(onData(1, 'restore'));
      story.untilCalm();
    };
    forgets();
    forgets();
    const [first, second] = story.events('dataDamaged');
    expect(second?.lastZxid).toBe(first?.lastZxid);
  });
});

describe('a lost snapshot that came from the leader', () => {
  /** zk4 gets a snapshot with the first epoch, which no log of its own has, and the second from the leader's memory. */
  const story = (lost: string): RunResult =>
    runSimulation(
      planOf(`name: lost
description: A test.
ensemble:
  servers: [zk1, zk2, zk3, { name: zk4, role: observer }]
  tickTime: 500ms
  snapshotSizeFactor: -1
clients:
  alice: { servers: [zk1, zk2, zk3], does: [{ every: 100ms, from: 1s, until: 2s, create: /a-, sequential: true }] }
  bob: { servers: [zk1, zk2, zk3], start: 8s, does: [{ at: 9s, create: /b }] }
timeline:
  - { at: 0s, isolate: zk4, until: 3s }
  - { when: { event: newLeaderAcked, on: zk4 }, crash: leader, restartAfter: 1s }
${lost}duration: 14s
`),
      '1',
    );

  it('leaves a hole that nothing tells of, and leaves the model', () => {
    const { verdict, outsideModel } = story('  - { at: 12s, loseSnapshot: zk4, restartAfter: 100ms }\n');
    expect(outsideModel).toMatchObject([{ fault: 'loseSnapshot: zk4, restartAfter: 100ms', atMs: 12_000 }]);
    expect(verdict).toBe('kept');
  });

  it('is the only thing that is wrong with this story', () => {
    expect(story('')).toMatchObject({ verdict: 'kept', outsideModel: [] });
  });
});
