import type { FaultOf } from '../../sim/fault-plan.ts';
import type { LinkQuality } from '../../sim/world-plan.ts';
import type { WrittenFault } from '../schema/timeline.ts';
import { type FaultPlace, GROUP } from './fault-place.ts';
import type { Names } from './names.ts';
import { checkGroups } from './partition-groups.ts';

export function compilePartition(
  written: WrittenFault<'partition'>,
  place: FaultPlace,
  names: Names,
): FaultOf<'partition'> {
  const groups = written.partition.map((group, index) => place.targets(group, GROUP, 'partition', index));
  checkGroups(groups, place.at('partition'), names, place.report);
  return { kind: 'partition', groups, oneWay: written.oneWay ?? false };
}

export function compileFlap(written: WrittenFault<'flap'>, place: FaultPlace): FaultOf<'flap'> {
  for (const key of ['down', 'up'] as const) {
    if (written[key] > 0) continue;
    place.report.problem(place.at(key), `the links are never ${key}`, 'a time above zero');
  }
  const { down: downMs, up: upMs } = written;
  return { kind: 'flap', between: place.sides(written.flap, 'flap'), downMs, upMs };
}

export function compileLink(written: WrittenFault<'link'>, place: FaultPlace): FaultOf<'link'> {
  const { latency, jitter, loss, bursts, bandwidth, oneWay = false } = written;
  const change: Partial<LinkQuality> = {
    ...(latency && { latency }),
    ...(jitter && { jitter }),
    ...(loss !== undefined && { loss }),
    ...(bursts && { bursts }),
    ...(bandwidth !== undefined && { bandwidth }),
  };
  if (Object.keys(change).length === 0) {
    const expected = '`latency`, `jitter`, `loss`, `bursts` or `bandwidth`';
    place.complain('link', 'nothing happens to the link', expected);
  }
  return { kind: 'link', between: place.sides(written.link, 'link'), oneWay, change };
}
