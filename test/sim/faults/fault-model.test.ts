import { describe, expect, it } from 'vitest';
import { makeZxid, NO_TXNS, type Zxid } from '../../../protocol/zxid.ts';
import type { Checker, Contradiction } from '../../../sim/checkers/checker.ts';
import { FaultModel } from '../../../sim/faults/fault-model.ts';
import { WORLD } from '../../../sim/party.ts';
import type { FaultKind } from '../../../sim/fault-plan.ts';
import { fromMs } from '../../../sim/time.ts';
import type { WorldEvent } from '../../../sim/trace-events.ts';
import { at, crash, LEADER, serverTarget } from '../../support/faults.ts';
import { ensembleOf, runPlan, serverSpecs } from '../../support/plans.ts';

const OBSERVER = 4;
const PLAN = runPlan(ensembleOf(serverSpecs(3, 1)));
const FULL = makeZxid(1, 9);

/** A promise that is judged by hand. */
class Promised implements Checker {
  readonly name: string;
  readonly promise = '';
  readonly checked = 1;
  readonly contradictions: Contradiction[] = [];

  constructor(name: string) {
    this.name = name;
  }
  onEvent(): void {
    // The test says what is broken.
  }
  finish(): void {
    // The test says what is broken.
  }
}

interface Found {
  readonly zxid: Zxid;
  readonly epoch?: number;
  readonly hasHole?: boolean;
}

/** Two promises, and what faults do to disks. */
class World {
  readonly reads = new Promised('session-reads');
  readonly logs = new Promised('committed-logs-agree');
  readonly model = new FaultModel(PLAN, [this.reads, this.logs]);

  damage(
    seconds: number,
    server: number,
    before: Found,
    after: Found | 'refuses',
    text = 'wipe: server3',
    kind: FaultKind = 'wipe',
  ): this {
    const time = fromMs(seconds * 1000);
    const found = after === 'refuses' ? { zxid: NO_TXNS, epoch: 0 } : after;
    const damaged: WorldEvent = {
      type: 'dataDamaged',
      what: kind,
      before: before.zxid,
      lastZxid: found.zxid,
      beforeEpoch: before.epoch ?? 1,
      epoch: found.epoch ?? 1,
      refuses: after === 'refuses',
      hasHole: after !== 'refuses' && after.hasHole === true,
    };
    this.model.onEvent(time, WORLD, { type: 'fault', kind, text, cause: 'at a time', struck: [server] });
    this.model.onEvent(time, server, damaged);
    return this;
  }
}

const whole: Found = { zxid: FULL };
const nothing: Found = { zxid: NO_TXNS, epoch: 0 };

describe('a voter that has less than it had flushed', () => {
  it('is outside of the model, and voids what was not broken yet', () => {
    const { model } = new World().damage(12, 3, whole, nothing);
    expect(model.outside).toEqual([
      { fault: 'wipe: server3', atMs: 12_000, promises: ['session-reads', 'committed-logs-agree'] },
    ]);
    expect(model.voiderOf('session-reads')).toBe('wipe: server3 at 12.000 s');
  });

  it('does not void a promise that was broken before', () => {
    const world = new World();
    world.reads.contradictions.push({ about: { until: 0 }, evidence: ['it went back'] });
    world.damage(12, 3, whole, nothing);
    expect(world.model.voiderOf('session-reads')).toBeUndefined();
    expect(world.model.voiderOf('committed-logs-agree')).toBeDefined();
  });

  it('is named whom a role meant', () => {
    const { model } = new World().damage(1, 2, whole, nothing, 'wipe: leader');
    expect(model.outside[0]?.fault).toBe('wipe: leader → server2');
  });

  it('is blamed on the first of several', () => {
    const { model } = new World().damage(1, 2, whole, nothing, 'wipe: server2').damage(2, 3, whole, nothing);
    expect(model.voiderOf('session-reads')).toBe('wipe: server2 at 1.000 s');
    expect(model.outside).toHaveLength(2);
  });

  it('is one that was rolled back by a single txn, or by an epoch that it has promised to', () => {
    expect(new World().damage(1, 3, whole, { zxid: makeZxid(1, 8) }).model.outside).toHaveLength(1);
    expect(
      new World().damage(1, 3, { zxid: FULL, epoch: 4 }, { zxid: FULL, epoch: 3 }).model.outside,
    ).toHaveLength(1);
  });

  it('is one whose unreadable data was replaced by less', () => {
    const world = new World().damage(1, 3, whole, 'refuses');
    expect(world.model.outside).toEqual([]);
    world.damage(2, 3, nothing, nothing);
    expect(world.model.outside).toHaveLength(1);
  });
});

describe('an observer that has lost its log', () => {
  it('shows a tree that never was: its snapshot was taken while txns went on applying', () => {
    const { model } = new World().damage(1, OBSERVER, whole, nothing, 'loseLog: server4', 'loseLog');
    expect(model.outside).toHaveLength(1);
  });
});

describe('a server that has lost a snapshot that came from the leader', () => {
  it('has as much as before, but not all of it, and nobody sees that: not even an observer may lose it', () => {
    const { model } = new World().damage(1, OBSERVER, whole, { ...whole, hasHole: true });
    expect(model.outside).toHaveLength(1);
  });
});

describe('inside of the model is', () => {
  it('a server that refuses to start, however many they are', () => {
    const world = new World().damage(1, 1, whole, 'refuses').damage(1, 2, whole, 'refuses');
    expect(world.model.outside).toEqual([]);
  });

  it('damage that costs no txn', () => {
    expect(new World().damage(1, 3, whole, whole).model.outside).toEqual([]);
    expect(new World().damage(1, 3, whole, { zxid: makeZxid(2, 1), epoch: 2 }).model.outside).toEqual([]);
  });

  it('unreadable data that was replaced by as much', () => {
    const world = new World().damage(1, 3, whole, 'refuses').damage(2, 3, nothing, whole);
    expect(world.model.outside).toEqual([]);
  });

  it('whatever becomes of an observer: it acknowledges nothing, and is brought up to date before it serves', () => {
    expect(new World().damage(1, OBSERVER, whole, nothing).model.outside).toEqual([]);
  });

  it('a run without a fault that changes what is on a disk', () => {
    expect(FaultModel.concerns(runPlan(PLAN.ensemble, { timeline: [at(1, crash([LEADER]))] }))).toBe(false);
    const wipe = { kind: 'wipe', target: [serverTarget(3)], restartAfterMs: undefined } as const;
    expect(FaultModel.concerns(runPlan(PLAN.ensemble, { timeline: [at(1, wipe)] }))).toBe(true);
  });
});
