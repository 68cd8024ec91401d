import type { Distribution, LinkQuality, LossBursts } from '../world-plan.ts';
import type { Flow, FlowMap } from './flow.ts';
import { rateText, shareText, timeText } from './quantities.ts';

/** A distribution as scenario files write it. */
export function distributionWords(distribution: Distribution): Flow {
  switch (distribution.kind) {
    case 'constant':
      return timeText(distribution.ms);
    case 'uniform':
      return { uniform: [timeText(distribution.minMs), timeText(distribution.maxMs)] };
    case 'exponential': {
      const { meanMs, minMs } = distribution;
      return { exponential: { mean: timeText(meanMs), min: minMs === 0 ? undefined : timeText(minMs) } };
    }
    case 'logNormal':
      return { logNormal: { median: timeText(distribution.medianMs), sigma: distribution.sigma } };
    case 'bimodal':
      return {
        bimodal: {
          fast: distributionWords(distribution.fast),
          slow: distributionWords(distribution.slow),
          slowShare: shareText(distribution.slowShare),
        },
      };
    case 'recorded':
      return { recorded: distribution.ms.map(timeText) };
  }
}

/** What of a link is said; the rest is left out. */
export const qualityWords = ({
  latency,
  jitter,
  loss,
  bursts,
  bandwidth,
}: Partial<LinkQuality>): FlowMap => ({
  latency: latency && distributionWords(latency),
  jitter: jitter && distributionWords(jitter),
  loss: loss === undefined ? undefined : shareText(loss),
  bursts: bursts && burstWords(bursts),
  bandwidth: bandwidth === undefined ? undefined : rateText(bandwidth),
});

const burstWords = ({ everyMs, forMs, loss }: LossBursts): Flow => ({
  every: timeText(everyMs),
  for: timeText(forMs),
  loss: loss === 1 ? undefined : shareText(loss),
});
