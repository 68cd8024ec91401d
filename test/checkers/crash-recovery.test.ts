import { describe, expect, it } from 'vitest';
import { makeZxid, NO_TXNS } from '../../protocol/zxid.ts';
import { TraceBuilder } from '../support/trace-builder.ts';

const NAME = 'crash-recovery';
const NEWER = 'currentEpoch 0 is older than zxid 0x100000001';
const LAST = makeZxid(1, 1);

const started = (trace: TraceBuilder, server: number): TraceBuilder =>
  trace.emit(server, { type: 'started', incarnation: 2 });
const exits = (trace: TraceBuilder, server: number, reason: string): TraceBuilder =>
  trace.emit(server, { type: 'exited', code: 1, reason });
/** It is started, and does not go on with what it reads. */
const refuses = (trace: TraceBuilder, server: number, reason = NEWER): TraceBuilder =>
  exits(started(trace, server), server, reason);

const damage = (trace: TraceBuilder, server: number, refuses: boolean): TraceBuilder =>
  trace.emit(server, {
    type: 'dataDamaged',
    what: 'flipBit',
    before: LAST,
    lastZxid: refuses ? trace.zero : LAST,
    beforeEpoch: 1,
    epoch: refuses ? 0 : 1,
    refuses,
    hasHole: false,
  });

const led = (): TraceBuilder => new TraceBuilder().lead(1, 1);

describe(NAME, () => {
  it('counts every crash from which a server came back', () => {
    const trace = led().crash(3, LAST).recover(3, LAST).crash(3, LAST).recover(3, LAST).crash(2, NO_TXNS);
    expect(trace.recover(2, NO_TXNS).red).toEqual([]);
    expect(trace.checked(NAME)).toBe(3);
  });

  it('does not count the first start, nor a crash from which nobody has come back', () => {
    const trace = led().recover(3, NO_TXNS).crash(2, LAST);
    expect([trace.red, trace.checked(NAME)]).toEqual([[], 0]);
  });

  it('counts a server that ended itself and came back', () => {
    const trace = exits(led(), 3, 'cannot write snapshot 0x0').recover(3, LAST);
    expect([trace.red, trace.checked(NAME)]).toEqual([[], 1]);
  });

  it('allows a server that reads its data, and then ends itself as it can write no more', () => {
    const trace = exits(led().crash(3, LAST).recover(3, LAST), 3, 'cannot write currentEpoch');
    expect(trace.red).toEqual([]);
  });

  it('allows a second crash before the data are read', () => {
    const trace = started(led().crash(3, LAST), 3).crash(3, LAST).recover(3, LAST);
    expect([trace.red, trace.checked(NAME)]).toEqual([[], 1]);
  });

  it.each([true, false])(
    'allows a refusal of data that a fault has damaged (refused at once: %s)',
    (atOnce) => {
      const trace = refuses(damage(led().crash(3, LAST), 3, atOnce), 3, 'CRC check failed in the log');
      expect([trace.red, trace.checked(NAME)]).toEqual([[], 0]);
    },
  );

  it('is red when a server refuses what its crash left', () => {
    const trace = refuses(led().crash(3, LAST), 3);
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toMatch(
      /^server 3 \(.+\) refused to start at .+: currentEpoch 0 is older .+\nbut these are the data that its crash left at .+, with a log up to 0x100000001, and nobody/,
    );
  });

  it('is red when a server refuses what it left when it ended itself', () => {
    const trace = refuses(exits(led(), 3, 'cannot write snapshot 0x0'), 3);
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toMatch(
      /it left when it ended itself at .+ \(cannot write snapshot 0x0\), and nobody/,
    );
  });

  it('is red when a server refuses to start for the first time', () => {
    const trace = refuses(led(), 3, 'no snapshot found, but there are log entries');
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain('but these are the data that it was installed with');
  });

  it('is red when it was the data of another server that a fault damaged', () => {
    expect(refuses(damage(led().crash(3, LAST), 2, true), 3).red).toEqual([NAME]);
  });

  it('shows the server, from its crash to its refusal', () => {
    const trace = refuses(led().wait(100).crash(3, LAST).wait(500), 3);
    const [contradiction] = trace.suite.checkers.find(({ name }) => name === NAME)?.contradictions ?? [];
    const { from = 0, until = 0, parties } = contradiction?.about ?? {};
    expect([parties, until - from]).toEqual([[3], 502_000]);
  });
});
