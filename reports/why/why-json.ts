import { interval, probability, type Estimate } from '../../sim/fuzz/why/estimate.ts';
import { shapeOf, type Why } from '../../sim/fuzz/why/why.ts';
import { toMs } from '../../sim/time.ts';

/** One line of JSON. Fields may be added, never renamed. */
export function whyJson(why: Why): string {
  const { scenario, seed, release, promise, evidence, brokenAt, times, jump, events, draws } = why;
  const shown = (estimate: Estimate): object => {
    const [low, high] = interval(estimate);
    const { failed, futures, moment } = estimate;
    const at = times[moment];
    return {
      atMs: at === undefined ? null : toMs(at),
      failed,
      futures,
      probability: probability(estimate),
      low,
      high,
    };
  };
  // The last one is the failure itself.
  const estimates = why.estimates.filter(({ moment }) => moment < times.length);
  return `${JSON.stringify({
    scenario,
    seed,
    release,
    promise,
    evidence,
    brokenAtMs: toMs(brokenAt),
    shape: shapeOf(why),
    estimates: estimates.map(shown),
    jump: jump && { before: shown(jump.before), after: shown(jump.after), events, draws },
  })}\n`;
}
