import { beforeEach, describe, expect, it } from 'vitest';
import { sessionId } from '../../protocol/ids.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import type { About } from '../../sim/checkers/checker.ts';
import { clientParty } from '../../sim/party.ts';
import { runSimulation } from '../../sim/simulation.ts';
import { isRelevant } from '../../sim/slice/relevance.ts';
import { Slice } from '../../sim/slice/slice.ts';
import { fromMs } from '../../sim/time.ts';
import type { TraceEvent } from '../../sim/trace-events.ts';
import { libraryPlan } from '../support/library-plan.ts';
import { ensembleOf, runPlan, serverSpecs } from '../support/plans.ts';

const PLAN = runPlan(ensembleOf(serverSpecs(3)));
const ZXID = makeZxid(2, 7);
const SESSION = sessionId('0x1');
const ALICE = clientParty(0);

const flushed: TraceEvent = { type: 'logFlushed', zxid: ZXID };
const proposed: TraceEvent = {
  type: 'proposed',
  epoch: 2,
  txn: { zxid: ZXID, sessionId: SESSION, cxid: 1, time: 0, body: { type: 'delete', path: '/a' } },
};
const invoked: TraceEvent = {
  type: 'invoked',
  op: 3,
  body: { op: 'delete', path: '/a', version: -1 },
};

describe('an event is relevant to a contradiction', () => {
  const cases: readonly (readonly [string, About, number, TraceEvent, boolean])[] = [
    ['about its txn', { until: 0, zxids: [ZXID] }, 1, flushed, true],
    ['but not about another txn', { until: 0, zxids: [makeZxid(2, 8)] }, 1, flushed, false],
    ['about the txn in it', { until: 0, zxids: [ZXID] }, 1, proposed, true],
    ['about its session', { until: 0, sessions: [SESSION] }, 1, proposed, true],
    ['about its epoch', { until: 0, epochs: [2] }, 1, proposed, true],
    ['about the path of its txn', { until: 0, paths: ['/a'] }, 1, proposed, true],
    ['about the path that is asked for', { until: 0, paths: ['/a'] }, ALICE, invoked, true],
    ['about that operation', { until: 0, operations: [{ client: ALICE, op: 3 }] }, ALICE, invoked, true],
    ['but not of another client', { until: 0, operations: [{ client: 9, op: 3 }] }, ALICE, invoked, false],
    ['about what this server went through', { until: 0, parties: [1] }, 1, { type: 'paused' }, true],
    ['but not that it began', { until: 0, parties: [1] }, 1, { type: 'started', incarnation: 1 }, false],
    ['and that it began again', { until: 0, parties: [1] }, 1, { type: 'started', incarnation: 2 }, true],
    ['but not another one', { until: 0, parties: [2] }, 1, { type: 'paused' }, false],
  ];

  it.each(cases)('%s', (_, about, party, event, relevant) => {
    expect(isRelevant(about, party, event)).toBe(relevant);
  });
});

describe('a slice of the trace', () => {
  let slice: Slice;
  beforeEach(() => {
    slice = new Slice(PLAN, { from: fromMs(10), until: fromMs(100), zxids: [ZXID] });
  });

  it('consists of what happened between the two events, by the names of the scenario', () => {
    for (const ms of [9, 10, 100, 101]) slice.onEvent(fromMs(ms), 1, flushed);
    expect(slice.lines).toEqual([
      '0.010000s server1   logFlushed zxid=0x200000007',
      '0.100000s server1   logFlushed zxid=0x200000007',
    ]);
  });

  it('keeps the first and the last events and says how many it left out', () => {
    for (let ms = 11; ms <= 40; ms++) slice.onEvent(fromMs(ms), 1, flushed);
    expect(slice.lines).toHaveLength(13);
    expect(slice.lines[0]).toContain('0.011000s');
    expect(slice.lines[1]).toBe('… and 18 more');
    expect(slice.lines[2]).toContain('0.030000s');
    expect(slice.lines.at(-1)).toContain('0.040000s');
  });

  it('keeps what turned the story, however long ago', () => {
    slice = new Slice(PLAN, { until: fromMs(100), zxids: [ZXID], parties: [1] });
    for (let ms = 1; ms <= 60; ms++)
      slice.onEvent(fromMs(ms), 1, ms === 9 ? { type: 'crashed', lost: 0, durableZxid: ZXID } : flushed);
    expect(slice.lines).toContain('0.009000s server1   crashed lost=0 durableZxid=0x200000007');
  });
});

describe('the result of a run', () => {
  it('has a slice with each promise that was not kept, and no other', () => {
    const { promises } = runSimulation(libraryPlan('wiped-voter'), '1');
    const lost = promises.filter(({ kept }) => !kept);
    expect(lost).not.toEqual([]);
    for (const { slice = [] } of lost) expect(slice.join('\n')).toMatch(/wiped|fault kind=wipe|recovered/);
    for (const promise of promises.filter(({ kept }) => kept)) expect(promise).not.toHaveProperty('slice');
  });

  it('is the same without slices, but for them', () => {
    const plan = libraryPlan('wiped-voter');
    const [whole, bare] = [runSimulation(plan, '1'), runSimulation(plan, '1', { slices: false })];
    expect(bare.fingerprint).toBe(whole.fingerprint);
    expect(bare.promises).toEqual(whole.promises.map((promise) => ({ ...promise, slice: undefined })));
  });
});
