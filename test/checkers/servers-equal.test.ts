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
  lastZxid: Z,
  digest: 5,
  ...state,
});
const down = (n: number): FinalServer =>
  server(n, { up: false, serving: false, lastZxid: undefined, digest: undefined });

function atTheEnd(servers: readonly FinalServer[]): TraceBuilder {
  const trace = new TraceBuilder().lead(1, 1);
  trace.broadcast({ type: 'error', err: -101 });
  trace.emit(WORLD, { type: 'calmBegan' });
  trace.suite.onFinalState(servers);
  trace.suite.finish();
  return trace;
}

describe(NAME, () => {
  it('is quiet when all are level', () => {
    const trace = atTheEnd([server(1), server(2), server(3)]);
    expect(trace.red).toEqual([]);
    expect(trace.checked(NAME)).toBe(6);
  });

  it('does not ask a server that is down, nor the rest when they are no quorum', () => {
    expect(atTheEnd([server(1), server(2), down(3)]).red).toEqual([]);
    expect(atTheEnd([server(1, { serving: false }), down(2), down(3)]).red).toEqual([]);
  });

  it('takes an idle new leader and its followers for level', () => {
    const trace = new TraceBuilder().lead(1, 1);
    trace.broadcast({ type: 'error', err: -101 });
    trace.lead(2, 2).emit(WORLD, { type: 'calmBegan' });
    trace.suite.onFinalState([server(1), server(2, { lastZxid: makeZxid(2, 0) }), server(3)]);
    expect(trace.red).toEqual([]);
  });

  it('is red when a server stays behind', () => {
    const trace = atTheEnd([server(1), server(2), server(3, { lastZxid: makeZxid(1, 0), digest: 1 })]);
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain('but server 3 (server3) ends at 0x100000000 with digest 1');
  });

  it('is red when two trees differ at one zxid', () => {
    expect(atTheEnd([server(1), server(2, { digest: 6 }), server(3)]).red).toEqual([NAME]);
  });

  it('is red when a server never gets to serve', () => {
    const trace = atTheEnd([server(1), server(2), server(3, { serving: false })]);
    expect(trace.red).toEqual([NAME]);
    expect(trace.evidence(NAME)).toContain('server 3 (server3) is up but does not serve');
  });

  it('is red when they agree on something that was never committed', () => {
    const ahead = { lastZxid: makeZxid(1, 7) };
    expect(atTheEnd([server(1, ahead), server(2, ahead), server(3, ahead)]).red).toEqual([NAME]);
  });

  it('allows a deposed leader to lack what changed nothing when calm is called early, and only then', () => {
    const late = [server(1), server(2), server(3, { lastZxid: makeZxid(1, 0) })];
    expect(atTheEnd(late).red).toEqual([NAME]);
    const trace = new TraceBuilder().lead(1, 1);
    trace.broadcast({ type: 'error', err: -101 });
    trace.emit(WORLD, { type: 'calmBegan' }).emit(WORLD, { type: 'calmReached' });
    trace.suite.onFinalState(late);
    expect(trace.red).toEqual([]);
  });

  it('shows that nothing was checked when there was no calm', () => {
    const trace = new TraceBuilder().lead(1, 1);
    trace.suite.onFinalState([server(1)]);
    expect(trace.checked(NAME)).toBe(0);
  });
});
