import type { LossBursts } from '../world-plan.ts';
import { type Micros, fromMs } from '../time.ts';

/**
 * Whether a burst of losses is on. Time falls into windows of `everyMs`; each has one burst of `forMs`, where `draw` (of the window's
 * number, in [0, 1)) puts it. A function of the moment alone, so nobody has to keep count.
 */
export function isInBurst(bursts: LossBursts, at: Micros, draw: (window: number) => number): boolean {
  const window = Math.max(1, fromMs(bursts.everyMs));
  const length = Math.min(window, fromMs(bursts.forMs));
  const nth = Math.floor(at / window);
  const begin = nth * window + Math.floor(draw(nth) * (window - length + 1));
  return at >= begin && at < begin + length;
}
