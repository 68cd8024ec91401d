import { describe, expect, it } from 'vitest';
import { runJson } from '../../reports/json.ts';
import type { RunResult } from '../../sim/result.ts';
import { resultOf } from '../support/report-runs.ts';

describe('a run as JSON', () => {
  const result: RunResult = resultOf({
    promises: [{ name: 'total-order', kept: false, checked: 3, evidence: ['line\nbreak'] }],
    expectations: [{ text: 'a leader', met: false, seen: 'none' }],
  });
  const line = runJson(result);
  const parsed = JSON.parse(line) as Record<string, unknown>;

  it('is one line, whatever the texts in it are', () => {
    expect(line.endsWith('\n')).toBe(true);
    expect(line.indexOf('\n')).toBe(line.length - 1);
  });

  it('has the documented fields, in their order', () => {
    expect(Object.keys(parsed)).toEqual([
      'scenario',
      'seed',
      'version',
      'verdict',
      'fingerprint',
      'virtualMs',
      'wallMs',
      'events',
      'messages',
      'operations',
      'leaders',
      'servers',
      'promises',
      'expectations',
      'liveness',
      'faults',
      'outsideModel',
    ]);
  });

  it('loses nothing of the result', () => {
    expect(parsed).toEqual(result);
  });

  it('has the documented fields of a server first, and what was added after them', () => {
    const [server] = parsed.servers as Record<string, unknown>[];
    expect(Object.keys(server ?? {})).toEqual(['sid', 'state', 'zabState', 'lastZxid', 'digest', 'name']);
  });

  it('carries what is unknown, what is a known gap, the events that led there, and the release', () => {
    const told = resultOf({
      release: '3.4.13',
      promises: [
        { name: 'linearizable-writes', kept: false, checked: 3, unknown: 'too many states' },
        { name: 'synced-reads', kept: true, checked: 3, knownGap: ['a stale read'] },
        { name: 'watches', kept: false, checked: 3, evidence: ['gone'], slice: ['1.0s zk1 crashed'] },
      ],
    });
    expect(JSON.parse(runJson(told))).toEqual(told);
  });

  it('leaves out evidence and times that are not there', () => {
    const kept = JSON.parse(runJson(resultOf())) as RunResult;
    expect(kept.promises[0]).toEqual({ name: 'one-leader-an-epoch', kept: true, checked: 2 });
    expect(kept.expectations[0]).toEqual({ text: 'two leaders in all', met: true, atMs: 5262 });
  });
});
