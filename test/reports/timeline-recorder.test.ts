import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimelineRecorder } from '../../reports/timeline-recorder.ts';
import type { BandRow, CellsRow, Timeline } from '../../reports/timeline-rows.ts';
import { sid } from '../../protocol/ids.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import { WORLD, clientParty } from '../../sim/party.ts';
import { fromMs, toMs } from '../../sim/time.ts';
import type { TraceEvent } from '../../sim/trace-events.ts';
import {
  CRASH_LEADER,
  CUT_OFF_MINORITY,
  answered,
  applied,
  broadcastTrace,
  crashOfTheLeader,
  electionTrace,
  feed,
  keeperState,
  minorityCutOff,
  planOf,
  timelineEntry,
  type TracedEvent,
} from '../support/report-runs.ts';

const alice = clientParty(0);
const started: TracedEvent[] = [1, 2, 3].map((server) => [100, server, { type: 'started', incarnation: 1 }]);

function timelineOf(trace: readonly TracedEvent[], plan = planOf(), capacity?: number): Timeline {
  const recorder = new TimelineRecorder(plan, capacity);
  feed(recorder, trace);
  return recorder.timeline();
}
const cellRows = ({ rows }: Timeline): CellsRow[] =>
  rows.filter((row): row is CellsRow => row.kind === 'moment' || row.kind === 'bulk');
const bands = ({ rows }: Timeline): BandRow[] => rows.filter((row): row is BandRow => row.kind === 'band');
const texts = (row: CellsRow): string[][] => row.cells.map((cell) => cell.map(({ text }) => text));
const notesOf = (timeline: Timeline, server: number): string[] =>
  cellRows(timeline).flatMap((row) => texts(row)[server - 1] ?? []);

describe('an election', () => {
  const timeline = timelineOf([...started, ...electionTrace(110, 3, [1, 2, 3], 1)]);

  it('shows each server its votes, its role, its phases and that it serves', () => {
    expect(notesOf(timeline, 1)).toEqual([
      'starts',
      'votes 1→3',
      'FOLLOWING 3',
      'DISCOVERY',
      'SYNCHRONIZATION',
      'DIFF',
      'BROADCAST',
      'serving',
    ]);
  });

  it('shows the leader its election, its epoch and its establishment', () => {
    expect(notesOf(timeline, 3)).toEqual([
      'starts',
      'votes 3',
      'elected, LEADING',
      'DISCOVERY',
      'epoch 1 fixed',
      'SYNCHRONIZATION',
      'established epoch 1',
      'BROADCAST',
      'serving',
    ]);
  });

  it('moves the lanes from LOOKING to the roles', () => {
    const rows = cellRows(timeline);
    expect(rows[0]?.lanes).toEqual(['LOOKING', 'LOOKING', 'LOOKING']);
    expect(rows.at(-1)?.lanes).toEqual(['FOLLOWING', 'FOLLOWING', 'LEADING']);
  });

  it('takes a handful of rows: what is close in time shares one', () => {
    const times = cellRows(timeline).map((row) => toMs(row.at));
    expect(times).toEqual([100, 110, 320, 330, 345, 370]);
  });
});

describe('commits and client outcomes', () => {
  it('are counted, and shown once a bucket of time', () => {
    const timeline = timelineOf([...started, ...broadcastTrace(500, 300, [1, 2, 3], 1)]);
    const bulk = cellRows(timeline).filter((row) => row.kind === 'bulk');
    expect(bulk.map((row) => toMs(row.at))).toEqual([2000, 3492]);
    expect(bulk.map((row) => texts(row)[0])).toEqual([
      ['+150 txns to 0x100000096'],
      ['+150 txns to 0x10000012c'],
    ]);
    expect(bulk.map((row) => row.clients)).toEqual([['150 ok'], ['150 ok']]);
  });

  it('are shown before the fault that follows them', () => {
    const { rows } = timelineOf([
      ...started,
      [500, 1, applied(1)],
      [
        510,
        WORLD,
        { type: 'fault', kind: 'crash', cause: 'at a time', text: CRASH_LEADER.text, struck: [3] },
      ],
    ]);
    expect(rows.map((row) => row.kind)).toEqual(['moment', 'bulk', 'band']);
  });

  it('of a server that dies by itself are shown above its death', () => {
    const timeline = timelineOf([
      ...started,
      [500, 1, applied(1)],
      [500, 1, { type: 'exited', code: 14, reason: 'unmatched commit' }],
    ]);
    const [, bulk, death] = cellRows(timeline);
    expect(bulk?.lanes[0]).toBe('LOOKING');
    expect(texts(bulk ?? fail())[0]).toEqual(['+1 txn to 0x100000001']);
    expect(death?.lanes[0]).toBe('DOWN');
  });

  it('that a recovery replays are not commits', () => {
    const timeline = timelineOf([...started, [500, 1, { ...applied(1), cause: 'replay' }] as TracedEvent]);
    expect(cellRows(timeline)).toHaveLength(1);
  });

  it('tell apart what succeeded, what failed and what nobody knows', () => {
    const timeline = timelineOf([
      [1, alice, answered(1)],
      [2, alice, answered(2, -101)],
      [3, alice, answered(3, -4)],
      [4, alice, answered(4, -110)],
      [5, 3, { type: 'sessionMoved', sessionId: '0x1' as never, to: sid(2) }],
      [6, 3, { type: 'sessionExpired', sessionId: '0x1' as never, timeOut: 4000 }],
      [
        7,
        alice,
        { type: 'watchEvent', eventType: 'NodeDeleted', path: '/a', zxid: makeZxid(1, 1), watches: 1 },
      ],
    ]);
    expect(cellRows(timeline)[0]?.clients).toEqual([
      '1 ok',
      '2 failed',
      '1 unknown',
      '1 moved',
      '1 expired',
      '1 watch',
    ]);
  });

  it('count a lost connection once, however often the client fails to get another', () => {
    const timeline = timelineOf([
      [1, alice, keeperState('Disconnected')],
      [2, alice, keeperState('SyncConnected')],
      [3, alice, keeperState('Disconnected')],
      [4, alice, keeperState('Disconnected')],
    ]);
    expect(cellRows(timeline)[0]?.clients).toEqual(['1 connected', '1 dropped']);
  });

  it('are all shown, none twice: the rows add up to the trace', () => {
    const server = fc.integer({ min: 1, max: 3 });
    const event = fc.oneof(
      fc.record({ kind: fc.constant('applied' as const), server }),
      fc.record({ kind: fc.constant('answered' as const), server }),
      fc.record({ kind: fc.constant('paused' as const), server }),
      fc.record({ kind: fc.constant('fault' as const), server }),
    );
    const step = fc.tuple(fc.oneof(fc.nat(5), fc.nat(500), fc.nat(9000)), event);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
        let atMs = 0;
        const trace = steps.map(([after, what], index): TracedEvent => {
          atMs += after;
          if (what.kind === 'applied') return [atMs, what.server, applied(index + 1)];
          if (what.kind === 'answered') return [atMs, alice, answered(index + 1)];
          if (what.kind === 'paused') return [atMs, what.server, { type: 'paused' }];
          return [
            atMs,
            WORLD,
            {
              type: 'fault',
              kind: 'crash',
              cause: 'at a time',
              text: 'crash: leader',
              struck: [what.server],
            },
          ];
        });
        const timeline = timelineOf(trace, planOf(), 1000);
        const sum = (pattern: RegExp, words: readonly string[]): number =>
          words.reduce((total, text) => total + Number(pattern.exec(text)?.[1] ?? 0), 0);
        const count = (kind: string): number => steps.filter(([, what]) => what.kind === kind).length;
        const notes = [1, 2, 3].flatMap((one) => notesOf(timeline, one));
        expect(sum(/^\+(\d+) /, notes)).toBe(count('applied'));
        expect(
          sum(
            /^(\d+) ok/,
            cellRows(timeline).flatMap((row) => row.clients),
          ),
        ).toBe(count('answered'));
        expect(notes.filter((text) => text === 'paused')).toHaveLength(count('paused'));
        expect(bands(timeline)).toHaveLength(count('fault'));
        const times = timeline.rows.flatMap((row) => (row.kind === 'gap' ? [] : [row.at]));
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }),
    );
  });
});

describe('faults', () => {
  it('are named with the servers that a role meant at that moment', () => {
    const [band] = bands(timelineOf(crashOfTheLeader()));
    expect(band?.text).toBe('crash: leader → slave02 (3)');
  });

  it('that last shade every row until they are over', () => {
    const { rows } = timelineOf(minorityCutOff());
    const shaded = rows.filter((row) => row.kind !== 'gap').map((row) => [toMs(row.at), row.faulty] as const);
    for (const [at, faulty] of shaded) expect(faulty, String(at)).toBe(at >= 1000 && at < 6000);
  });

  it('of clocks shade as long as a clock is wrong', () => {
    const clock = { kind: 'clock', cause: 'at a time', text: 'clock: master01', struck: [1] } as const;
    const runs = (rate: number): TraceEvent => ({
      type: 'clockChanged',
      elapsedMs: 0,
      wallMs: 0,
      elapsedRate: rate,
      wallRate: rate,
    });
    const { rows } = timelineOf([
      [50, 2, runs(1.01)],
      [100, WORLD, { type: 'fault', ...clock }],
      [100, 1, runs(1)],
      [200, WORLD, { type: 'fault', ...clock }],
      [200, 1, runs(0)],
      [300, WORLD, { type: 'faultEnded', ...clock }],
      [300, 1, runs(1)],
    ]);
    const notes = rows.flatMap((row) =>
      row.kind === 'moment'
        ? [
            [
              row.cells
                .flat()
                .map(({ text }) => text)
                .join(),
              row.faulty,
            ] as const,
          ]
        : [],
    );
    expect(notes).toEqual([
      ['clocks run +10,000 ppm', false],
      ['clock set', false],
      ['clocks stand still', true],
      ['clock set', false],
    ]);
  });

  it('that find nobody say so', () => {
    const [band] = bands(
      timelineOf([
        [100, WORLD, { type: 'fault', kind: 'crash', cause: 'at a time', text: 'crash: leader', struck: [] }],
      ]),
    );
    expect(band?.text).toBe('crash: leader → nobody');
  });

  it('that a heal ends shade no longer', () => {
    const plan = planOf({ timeline: [CUT_OFF_MINORITY, timelineEntry('heal', { kind: 'heal' })] });
    const { rows } = timelineOf(
      [
        [
          100,
          WORLD,
          { type: 'fault', kind: 'partition', cause: 'at a time', text: CUT_OFF_MINORITY.text, struck: [1] },
        ],
        [200, WORLD, { type: 'fault', kind: 'heal', cause: 'at a time', text: 'heal', struck: [] }],
      ],
      plan,
    );
    expect(rows.map((row) => row.kind === 'band' && row.faulty)).toEqual([true, false]);
  });

  it('that overlap shade until the last of them is over', () => {
    const strike = (atMs: number): TracedEvent => [
      atMs,
      WORLD,
      { type: 'fault', kind: 'partition', cause: 'at a time', text: CUT_OFF_MINORITY.text, struck: [1] },
    ];
    const end = (atMs: number): TracedEvent => [
      atMs,
      WORLD,
      { type: 'faultEnded', kind: 'partition', cause: 'at a time', text: CUT_OFF_MINORITY.text, struck: [1] },
    ];
    const timeline = timelineOf([strike(100), strike(200), end(300), end(400)]);
    expect(bands(timeline).map((row) => row.faulty)).toEqual([true, true, true, false]);
  });

  it('of a process show in the lane of the server they hit, and nowhere else', () => {
    const rows = cellRows(
      timelineOf([...started, [500, 2, { type: 'paused' }], [900, 2, { type: 'resumed' }]]),
    );
    expect(rows.map((row) => row.lanes[1])).toEqual(['LOOKING', 'PAUSED', 'LOOKING']);
    expect(rows.map((row) => row.lanes[0])).toEqual(['LOOKING', 'LOOKING', 'LOOKING']);
    expect(rows.some((row) => row.faulty)).toBe(false);
  });

  it('are counted', () => {
    expect(timelineOf(crashOfTheLeader()).faults).toBe(1);
  });
});

describe('a server that comes back', () => {
  it('shows what it found on its disk and how the leader brought it up to date', () => {
    expect(notesOf(timelineOf(crashOfTheLeader()), 3).slice(-6)).toEqual([
      'restarts',
      'recovers 0x1000001c3',
      'FOLLOWING 2',
      'TRUNC and 300 txns',
      'log cut at 0x1000001c2',
      'serving',
    ]);
  });

  it('does not follow the leader it elected in its life before', () => {
    const notes = notesOf(
      timelineOf([
        ...started,
        ...electionTrace(110, 3, [1, 3], 1),
        [900, 1, { type: 'state', from: 'FOLLOWING', to: 'LOOKING', reason: '' }],
        [1000, 1, { type: 'state', from: 'LOOKING', to: 'FOLLOWING', reason: '' }],
      ]),
      1,
    );
    expect(notes.slice(-2)).toEqual(['LOOKING', 'FOLLOWING']);
  });
});

describe('the memory of a timeline', () => {
  it('is bounded: the first and the last rows stay, and how many are missing is said', () => {
    const trace = Array.from({ length: 1000 }, (_, index): TracedEvent => [
      index * 100,
      1,
      { type: index % 2 === 0 ? 'paused' : 'resumed' },
    ]);
    const { rows } = timelineOf(trace, planOf(), 10);
    expect(rows).toHaveLength(21);
    expect(rows[10]).toEqual({ kind: 'gap', leftOut: 980 });
    const last = rows.at(-1);
    expect(last?.kind === 'moment' && last.at).toBe(fromMs(99_900));
  });

  it('does not grow with commits', () => {
    const short = timelineOf(broadcastTrace(0, 100, [1, 2, 3], 1)).rows.length;
    const dense = Array.from({ length: 20_000 }, (_, index): TracedEvent => [
      index / 20,
      1,
      applied(index + 1),
    ]);
    expect(timelineOf(dense).rows.length).toBeLessThanOrEqual(short);
  });
});

function fail(): never {
  throw new Error('there is no such row');
}
