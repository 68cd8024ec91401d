import type { FaultOf, Target } from '../../sim/fault-plan.ts';
import type { WrittenFault } from '../schema/timeline.ts';
import { ANYBODY, type FaultPlace } from './fault-place.ts';

/** A process that is killed leaves its writes to the operating system; only with the power do they go. */
export function compileCrash(written: WrittenFault<'crash'>, place: FaultPlace): FaultOf<'crash'> {
  const silent = written.power === 'lost';
  if (written.lose !== undefined && written.lose !== 'none' && !silent) {
    const message = 'a process that is killed loses nothing it has written';
    place.complain('lose', message, '`power: lost` next to it, or no `lose`');
  }
  const { restartAfter, forGood = false } = written;
  if (forGood && restartAfter !== undefined) {
    place.complain('restartAfter', 'what is down for good does not start again', 'one or the other');
  }
  const target = place.targets(written.crash, ANYBODY, 'crash');
  if (written.afterWrites !== undefined && target.every(isClient)) {
    place.report.vainKey(place.at('afterWrites'), 'clients write to no disk', '`afterEffects`');
  }
  return {
    kind: 'crash',
    target,
    lose: written.lose ?? (silent ? 'some' : 'none'),
    silent,
    restartAfterMs: restartAfter,
    after: compileAfter(written, place),
    forGood,
  };
}

const isClient = ({ kind }: Target): boolean =>
  kind === 'client' || kind === 'clients' || kind === 'anyClient';

function compileAfter(
  { afterEffects, afterWrites }: WrittenFault<'crash'>,
  place: FaultPlace,
): FaultOf<'crash'>['after'] {
  if (afterEffects !== undefined && afterWrites !== undefined) {
    place.complain('afterWrites', '`afterWrites` does not go with `afterEffects`', 'one or the other');
  }
  if (afterEffects !== undefined) return { unit: 'effects', count: afterEffects };
  return afterWrites === undefined ? undefined : { unit: 'writes', count: afterWrites };
}
