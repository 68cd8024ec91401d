import { describe, expect, it } from 'vitest';
import { sid } from '../../protocol/ids.ts';
import { makeZxid } from '../../protocol/zxid.ts';
import type { FinalServer } from '../../sim/checkers/index.ts';
import { WORLD } from '../../sim/party.ts';
import { TraceBuilder } from '../support/trace-builder.ts';

const NAME = 'servers-equal';
const Z = makeZxid(1, 1);

const server = (n: number, state: Partial<FinalServer> = {}): FinalServer => ({
  sid: sid(n),
  up: true,
  serving: true,
  state: n === 1 ? 'LEADING' : 'FOLLOWING',
  zabState: 'BROADCAST',
  lastZxid: Z,
  digest: 5,
  absence: undefined,
  ...state,
});
const down = (n: number): FinalServer =>
  server(n, {
    up: false,
    serving: false,
    state: 'DOWN',
    zabState: 'DOWN',
    lastZxid: undefined,
    digest: undefined,
  });
/** A crash for good took it. */
const lost = (n: number): FinalServer => ({ ...down(n), absence: { kind: 'lost' } });

function atTheEnd(servers: readonly FinalServer[]): TraceBuilder {
  const trace = new TraceBuilder().lead(1, 1);
  trace.broadcast({ type: 'error', err: -101 });
  trace.emit(WORLD, { type: 'calmBegan' });
  trace.suite.onFinalState({ servers, excuse: undefined });
  trace.suite.finish();
  return trace;
}

const isRed = (trace: TraceBuilder): boolean => trace.red.includes(NAME);

describe(NAME, () => {
  it('is quiet when all are level', () => {
    const trace = atTheEnd([server(1), server(2), server(3)]);
    expect(isRed(trace)).toBe(false);
    expect(trace.checked(NAME)).toBe(6);
  });

  it('does not ask a server that is lost, nor the rest when nobody serves', () => {
    expect(isRed(atTheEnd([server(1), server(2), lost(3)]))).toBe(false);
    expect(isRed(atTheEnd([server(1, { serving: false }), lost(2), lost(3)]))).toBe(false);
  });

  it('is red when a server stays down that nothing keeps from starting', () => {
    const trace = atTheEnd([server(1), server(2), down(3)]);
    expect(isRed(trace)).toBe(true);
    expect(trace.evidence(NAME)).toContain('server 3 (server3) is down at the end of the run');
  });

  it('takes an idle new leader and its followers for level', () => {
    const trace = new TraceBuilder().lead(1, 1);
    trace.broadcast({ type: 'error', err: -101 });
    trace.lead(2, 2).emit(WORLD, { type: 'calmBegan' });
    const servers = [server(1), server(2, { lastZxid: makeZxid(2, 0) }), server(3)];
    trace.suite.onFinalState({ servers, excuse: undefined });
    expect(isRed(trace)).toBe(false);
  });

  it('is red when a server stays behind', () => {
    const trace = atTheEnd([server(1), server(2), server(3, { lastZxid: makeZxid(1, 0), digest: 1 })]);
    expect(isRed(trace)).toBe(true);
    expect(trace.evidence(NAME)).toContain('but server 3 (server3) ends at 0x100000000 with digest 1');
  });

  it('is red when two trees differ at one zxid', () => {
    expect(isRed(atTheEnd([server(1), server(2, { digest: 6 }), server(3)]))).toBe(true);
  });

  it('is red when a server never gets to serve', () => {
    const trace = atTheEnd([server(1), server(2), server(3, { serving: false })]);
    expect(isRed(trace)).toBe(true);
    expect(trace.evidence(NAME)).toContain('server 3 (server3) is up but does not serve');
  });

  it('is red when they agree on something that was never committed', () => {
    const ahead = { lastZxid: makeZxid(1, 7) };
    expect(isRed(atTheEnd([server(1, ahead), server(2, ahead), server(3, ahead)]))).toBe(true);
  });

  it('allows a deposed leader to lack what changed nothing when calm is called early, and only then', () => {
    const late = [server(1), server(2), server(3, { lastZxid: makeZxid(1, 0) })];
    expect(isRed(atTheEnd(late))).toBe(true);
    const trace = new TraceBuilder().lead(1, 1);
    trace.broadcast({ type: 'error', err: -101 });
    trace.emit(WORLD, { type: 'calmBegan' }).emit(WORLD, { type: 'calmReached' });
    trace.suite.onFinalState({ servers: late, excuse: undefined });
    expect(isRed(trace)).toBe(false);
  });

  it('shows that nothing was checked when there was no calm', () => {
    const trace = new TraceBuilder().lead(1, 1);
    trace.suite.onFinalState({ servers: [server(1)], excuse: undefined });
    expect(trace.checked(NAME)).toBe(0);
  });
});
