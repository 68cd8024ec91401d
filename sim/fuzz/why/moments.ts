import type { Micros } from '../../time.ts';
import type { TraceSink } from '../../trace-events.ts';

/** The moments of a run at which something happened, up to the last that counts. */
export class Moments implements TraceSink {
  /** In order. The first is the beginning, at which nothing has been drawn. */
  readonly times: Micros[] = [0];

  onEvent(at: Micros): void {
    if (at !== this.times.at(-1)) this.times.push(at);
  }

  /** Without those after a moment. */
  until(end: Micros): readonly Micros[] {
    return this.times.filter((at) => at <= end);
  }
}

/** The places of `count` moments that are spread evenly over time, the beginning among them; fewer where there are fewer. */
export function evenly(times: readonly Micros[], count: number): readonly number[] {
  const end = times.at(-1) ?? 0;
  const places = Array.from({ length: count }, (_, index) =>
    times.findIndex((at) => at >= (end * index) / count),
  );
  return [...new Set(places)];
}
