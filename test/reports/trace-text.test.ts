import { describe, expect, it } from 'vitest';
import { TraceText } from '../../reports/trace-text.ts';

describe('the trace as text', () => {
  it('is one line an event, in order, written in large pieces', () => {
    const pieces: string[] = [];
    const trace = new TraceText(
      (at, party, event) => `${String(at)} ${String(party)} ${event.type} ${'.'.repeat(100)}`,
      (text) => pieces.push(text),
    );
    for (let at = 0; at < 2000; at++) trace.onEvent(at, 1, { type: 'paused' });
    trace.finish();
    const lines = pieces.join('').trimEnd().split('\n');
    expect(lines.map((line) => Number(line.split(' ')[0]))).toEqual(
      Array.from({ length: 2000 }, (_, at) => at),
    );
    expect(pieces.length).toBeLessThan(6);
  });

  it('writes nothing when nothing happened', () => {
    const pieces: string[] = [];
    const trace = new TraceText(
      () => '',
      (text) => pieces.push(text),
    );
    trace.finish();
    expect(pieces).toEqual([]);
  });
});
