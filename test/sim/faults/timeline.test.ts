import { describe, expect, it } from 'vitest';
import { toMs } from '../../../sim/time.ts';
import type { Fault, TimelineEntry } from '../../../sim/fault-plan.ts';
import { Simulation } from '../../../sim/simulation.ts';
import { TraceRecorder } from '../../../sim/trace.ts';
import { Ensemble, recordsOf } from '../../support/ensemble.ts';
import {
  at,
  crash,
  isolate,
  LEADER,
  pause,
  resume,
  serverTarget,
  type Stroke,
  when,
} from '../../support/faults.ts';
import { ensembleOf, runPlan, serverSpecs } from '../../support/plans.ts';

const SERVERS = serverSpecs(3);

function storyOf(timeline: readonly TimelineEntry[]): TraceRecorder {
  const recorder = new TraceRecorder();
  const plan = runPlan(ensembleOf(SERVERS, { tickTime: 500 }), { timeline, durationMs: 6000 });
  new Simulation(plan, '1', { checkers: false, sinks: [recorder] }).advance(Infinity);
  return recorder;
}

const faultsOf = (
  timeline: readonly TimelineEntry[],
): readonly { atMs: number; struck: readonly number[] }[] =>
  recordsOf(storyOf(timeline).records, 'fault').map(({ at: time, event }) => ({
    atMs: toMs(time),
    struck: event.struck,
  }));

describe('an entry with a time', () => {
  it('strikes at it', () => {
    expect(faultsOf([at(2500, crash([serverTarget(1)]))])).toEqual([{ atMs: 2500, struck: [1] }]);
  });

  it('of the same time as another strikes in the order of the file', () => {
    const { records } = storyOf([
      at(2000, pause([serverTarget(1)]), 'first'),
      at(2000, resume([serverTarget(1)]), 'second'),
    ]);
    expect(recordsOf(records, 'fault').map(({ event }) => event.text)).toEqual(['first', 'second']);
    expect(recordsOf(records, 'resumed')).toHaveLength(1);
  });

  it('that finds nobody is told with nobody struck', () => {
    expect(faultsOf([at(0, crash([LEADER])), at(1, isolate([LEADER])), at(2, pause([LEADER]))])).toEqual([
      { atMs: 0, struck: [] },
      { atMs: 1, struck: [] },
      { atMs: 2, struck: [] },
    ]);
  });

  it('after the end of the story does not strike', () => {
    const faults = faultsOf([at(5999, pause([serverTarget(1)], 1)), at(6001, crash([serverTarget(1)]))]);
    expect(faults).toHaveLength(1);
  });
});

describe('an entry that waits for an event', () => {
  const { records } = storyOf([]);
  const serving = recordsOf(records, 'serving');
  const leader = recordsOf(records, 'established')[0]?.party ?? 0;
  const strike = pause([serverTarget(1)], 1);
  const timeOf = (n: number): number => toMs(serving[n]?.at ?? 0);

  it('strikes at the first one, in the very moment', () => {
    expect(faultsOf([when('serving', strike)])[0]?.atMs).toBe(timeOf(0));
  });

  it('strikes at the n-th one', () => {
    expect(faultsOf([when('serving', strike, { count: 3 })])[0]?.atMs).toBe(timeOf(2));
  });

  it('strikes together with others that wait for the same event, in the order of the file', () => {
    const three = [1, 2, 3].map((id) => when('serving', pause([serverTarget(id)], 1)));
    expect(faultsOf(three).map(({ atMs, struck }) => [atMs, ...struck])).toEqual([
      [timeOf(0), 1],
      [timeOf(0), 2],
      [timeOf(0), 3],
    ]);
  });

  it('strikes so long after it', () => {
    expect(faultsOf([when('serving', strike, { delayMs: 700 })])[0]?.atMs).toBeCloseTo(timeOf(0) + 700);
  });

  it('strikes once', () => {
    expect(faultsOf([when('serving', strike)])).toHaveLength(1);
  });

  it('counts only what happens on the server that it names', () => {
    const second = serving.find((record) => record.party === 2);
    expect(faultsOf([when('serving', strike, { on: serverTarget(2) })])[0]?.atMs).toBe(toMs(second?.at ?? 0));
    expect(faultsOf([when('established', strike, { on: LEADER })])).toHaveLength(1);
    expect(faultsOf([when('established', strike, { on: serverTarget(leader === 3 ? 2 : 3) })])).toEqual([]);
  });

  it('counts only what happens since its time', () => {
    expect(faultsOf([when('delivered', strike, { afterMs: 3000 })])[0]?.atMs).toBeGreaterThanOrEqual(3000);
    expect(faultsOf([when('established', strike, { afterMs: 3000 })])).toEqual([]);
  });

  it('compares the fields that it names, a packet by its type', () => {
    const [pinged] = recordsOf(records, 'delivered').filter(({ event }) => event.packet.type === 'PING');
    expect(faultsOf([when('delivered', strike, { fields: { packet: 'PING' } })])[0]?.atMs).toBe(
      toMs(pinged?.at ?? 0),
    );
    expect(faultsOf([when('state', strike, { fields: { to: 'OBSERVING' } })])).toEqual([]);
  });

  it('strikes at once after what the world tells, though no process tells anything more', () => {
    const quiet = recordsOf(records, 'delivered').find(
      ({ at: time, event }) => toMs(time) > 3000 && event.packet.type === 'PING',
    );
    const struck = when('delivered', crash([serverTarget(2)]), { afterMs: 3000, fields: { packet: 'PING' } });
    const story = storyOf([struck]).records;
    expect(recordsOf(story, 'crashed')[0]).toMatchObject({ at: quiet?.at, party: 2 });
    expect(toMs(recordsOf(story, 'crashed')[0]?.at ?? 0)).toBeGreaterThan(3000);
  });

  it('may itself be set off by a fault', () => {
    const chain = [at(2000, pause([serverTarget(1)], 10)), when('faultEnded', crash([serverTarget(2)]))];
    expect(faultsOf(chain).map(({ struck }) => struck)).toEqual([[1], [2]]);
  });
});

describe('an entry that comes after the one above', () => {
  const then = (delayMs: number, stroke: Stroke | Fault): TimelineEntry => ({
    ...at(0, stroke),
    trigger: { kind: 'then', delayMs },
  });
  const first = at(2000, pause([serverTarget(1)], 10));

  it('strikes so long after it, at the same moment too, and so does the next', () => {
    expect(
      faultsOf([first, then(300, crash([serverTarget(2)])), then(0, crash([serverTarget(3)]))]),
    ).toMatchObject([
      { atMs: 2000, struck: [1] },
      { atMs: 2300, struck: [2] },
      { atMs: 2300, struck: [3] },
    ]);
  });

  it('does not strike without it', () => {
    const never = when('sessionExpired', pause([serverTarget(1)], 10));
    expect(faultsOf([never, then(0, crash([serverTarget(2)])), then(0, crash([serverTarget(3)]))])).toEqual(
      [],
    );
  });

  it('counts the events that it waits for from then on', () => {
    const next = when('delivered', crash([serverTarget(2)]), { fields: { packet: 'PING' } });
    const chained = {
      ...next,
      trigger: { ...next.trigger, afterPrevious: true } as TimelineEntry['trigger'],
    };
    const [alone] = faultsOf([next]);
    const [, after] = faultsOf([first, chained]);
    expect(alone?.atMs).toBeLessThan(2000);
    expect(after?.atMs).toBeGreaterThanOrEqual(2000);
  });

  it('comes once after one that strikes again and again', () => {
    const again: TimelineEntry = {
      ...at(0, isolate([serverTarget(1)])),
      trigger: {
        kind: 'every',
        interval: { kind: 'constant', ms: 1000 },
        fromMs: 0,
        untilMs: 6000,
        times: 4,
      },
      ending: { kind: 'for', ms: 10 },
    };
    const struck = faultsOf([again, then(0, pause([serverTarget(2)], 10))]).filter(
      (one) => one.struck[0] === 2,
    );
    expect(struck).toEqual([{ atMs: 1000, struck: [2] }]);
  });
});

describe('a fault that lasts until the next', () => {
  const untilNext = (entry: TimelineEntry): TimelineEntry => ({ ...entry, ending: { kind: 'untilNext' } });
  const endsOf = (timeline: readonly TimelineEntry[]): readonly number[] =>
    recordsOf(storyOf(timeline).records, 'faultEnded').map(({ at: time }) => toMs(time));

  it('ends when the entry below strikes', () => {
    const lasting = untilNext(at(2000, isolate([serverTarget(1)])));
    expect(endsOf([lasting, at(3500, crash([serverTarget(2)])), at(4000, crash([serverTarget(3)]))])).toEqual(
      [3500],
    );
  });

  it('ends with the story where none strikes after it', () => {
    const last = untilNext(at(2000, isolate([serverTarget(1)])));
    expect(endsOf([last])).toEqual([6000]);
    expect(endsOf([last, at(1000, crash([serverTarget(2)]))])).toEqual([6000]);
  });
});

describe('the end of the story', () => {
  it('ends every fault, resumes who stands still and starts who is down', () => {
    const recorder = storyOf([
      at(2000, pause([serverTarget(1)])),
      at(2000, isolate([serverTarget(2)])),
      at(2000, crash([serverTarget(3)])),
    ]);
    const ended = recordsOf(recorder.records, 'faultEnded').map(({ at: time, event }) => [
      toMs(time),
      event.text,
    ]);
    expect(ended).toEqual([
      [6000, 'pause'],
      [6000, 'isolate'],
    ]);
    expect(recordsOf(recorder.records, 'started').at(-1)).toMatchObject({
      party: 3,
      event: { incarnation: 2 },
    });
    expect(recordsOf(recorder.records, 'calmReached')).toHaveLength(1);
  });

  it('is not felt by a cluster that a test drives by hand', () => {
    const ensemble = new Ensemble(runPlan(ensembleOf(SERVERS), { timeline: [at(0, crash([LEADER]))] }));
    ensemble.untilServing();
    expect(ensemble.events('fault')).toEqual([]);
  });
});
