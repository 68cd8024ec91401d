import { isServer, type Party } from '../party.ts';
import type { FaultOf, NetworkFault, Target } from '../fault-plan.ts';
import { fromMs } from '../time.ts';
import { undoAll, type Aim, type Blow, type Scene, type Undo } from './blow.ts';
import { Flap } from './flap.ts';
import { HeldLinks, type Hold } from './held-links.ts';
import { pairsAcross, pairsBetween, pairsFrom, pairsOffRing, type Pair, type Sides } from './pairs.ts';
import { drawTurns, Swizzle } from './swizzle.ts';
import { shuffled } from './targets.ts';

/** Links are cut, held and changed; connections break or cannot be opened. What happens to packets in flight is network.ts's to say. */
export class NetworkFaults {
  readonly #scene: Scene;
  /** Swizzles that have ended and may not have freed everybody. */
  readonly #ending = new Set<Swizzle>();
  readonly #held: HeldLinks;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#held = new HeldLinks(scene.network);
  }

  aim(fault: NetworkFault, aim: Aim): Blow {
    switch (fault.kind) {
      case 'partition':
        return this.#partition(fault, fault.groups.map(aim.resolve));
      case 'bridge':
        return this.#bridge(aim.resolve(fault.target), aim);
      case 'ring':
        return this.#ring(aim.resolve(fault.target).filter(isServer));
      case 'isolate':
        return this.#isolate(aim.resolve(fault.target));
      case 'flap':
        return this.#flap(fault, sidesOf(fault, aim));
      case 'hold':
        return this.#hold(fault, sidesOf(fault, aim));
      case 'release':
        return this.#release(sidesOf(fault, aim));
      case 'clog':
        return this.#clog(aim.resolve(fault.target));
      case 'swizzle':
        return this.#swizzle(fault, aim.resolve(fault.target), aim);
      case 'link':
        return this.#changeLinks(fault, sidesOf(fault, aim));
      case 'disconnect':
        return this.#disconnect(fault, sidesOf(fault, aim));
      case 'refuse':
        return this.#blockDials(fault, aim.resolve(fault.target).filter(isServer), 'reset');
      case 'fullBacklog':
        return this.#blockDials(fault, aim.resolve(fault.target).filter(isServer), 'drop');
    }
  }

  /** What takes its time to end ends now. */
  settle(): void {
    for (const swizzle of this.#ending) swizzle.finish();
    this.#ending.clear();
  }

  // -------------------------------------------------------------------------------------------- cut links

  /** `rest` is everyone whom no other group has. Clients that no group names reach every server. */
  #partition(fault: FaultOf<'partition'>, resolved: readonly (readonly Party[])[]): Blow {
    const named = new Set(resolved.flat());
    const rest = this.#servers.filter((party) => !named.has(party));
    const groups = resolved.map((group, i) => (isRest(fault.groups[i]) ? rest : group));
    const pairs = pairsAcross(groups, fault.oneWay);
    return { struck: groups.flat(), foremost: groups[0] ?? [], strike: () => this.#cut(pairs) };
  }

  /** Those who are up are dealt out first, so that as many of them are in the one half as in the other. */
  #bridge(targets: readonly Party[], { draw }: Aim): Blow {
    if (targets.length === 0) return NOBODY;
    const isUp = (party: Party): boolean => this.#scene.cast.serverOf(party)?.isUp === true;
    const others = shuffled(
      this.#servers.filter((party) => !targets.includes(party)),
      draw,
    );
    const dealt = [...others.filter(isUp), ...others.filter((party) => !isUp(party))];
    const halves: Sides = [dealt.filter((_, i) => i % 2 === 0), dealt.filter((_, i) => i % 2 === 1)];
    return {
      struck: [...targets, ...halves.flat()],
      foremost: targets,
      strike: () => this.#cut(pairsBetween(halves)),
    };
  }

  #ring(targets: readonly Party[]): Blow {
    const ring = targets.toSorted((a, b) => a - b);
    return { struck: ring, strike: () => this.#cut(pairsOffRing(ring, this.#servers)) };
  }

  #isolate(struck: readonly Party[]): Blow {
    return { struck, strike: () => undoAll(struck.map((party) => this.#cut(this.#linksOf(party)))) };
  }

  #flap(fault: FaultOf<'flap'>, sides: Sides): Blow {
    const flap = new Flap({
      queue: this.#scene.queue,
      cut: () => this.#cut(pairsBetween(sides)),
      down: fromMs(fault.downMs),
      up: fromMs(fault.upMs),
    });
    return {
      struck: bothOf(sides),
      strike: () => {
        flap.start();
        return () => flap.end();
      },
    };
  }

  #cut(pairs: readonly Pair[]): Undo {
    const { network } = this.#scene;
    for (const [from, to] of pairs) network.cut(from, to);
    return () => {
      for (const [from, to] of pairs) network.mend(from, to);
    };
  }

  // -------------------------------------------------------------------------------------------- held links

  #hold(fault: FaultOf<'hold'>, sides: Sides): Blow {
    let hold: Hold | undefined;
    return {
      struck: bothOf(sides),
      strike: () => {
        hold = this.#held.hold(pairsBetween(sides, fault.oneWay));
        return hold.end;
      },
      isSpent: () => hold?.isSpent === true,
    };
  }

  #release(sides: Sides): Blow {
    return {
      struck: bothOf(sides),
      strike: () => {
        this.#held.release(pairsBetween(sides));
        return undefined;
      },
    };
  }

  #clog(struck: readonly Party[]): Blow {
    return { struck, strike: () => undoAll(struck.map((party) => this.#holdLinks(this.#linksOf(party)))) };
  }

  #swizzle(fault: FaultOf<'swizzle'>, struck: readonly Party[], { draw }: Aim): Blow {
    const swizzle = new Swizzle({
      queue: this.#scene.queue,
      clog: (party) => this.#holdLinks(this.#linksOf(party)),
      turns: drawTurns(struck, fault.withinMs, draw),
    });
    return {
      struck,
      strike: () => {
        swizzle.begin();
        return () => {
          swizzle.end();
          this.#ending.add(swizzle);
        };
      },
    };
  }

  #holdLinks(pairs: readonly Pair[]): Undo {
    const { network } = this.#scene;
    for (const [from, to] of pairs) network.hold(from, to);
    return () => {
      for (const [from, to] of pairs) network.release(from, to);
    };
  }

  // -------------------------------------------------------------------------------------------- changed links, connections

  #changeLinks(fault: FaultOf<'link'>, sides: Sides): Blow {
    const { network } = this.#scene;
    const change = ([from, to]: Pair): Undo => {
      const token = network.setLink(from, to, fault.change);
      return () => network.clearLink(token);
    };
    return {
      struck: bothOf(sides),
      strike: () => undoAll(pairsBetween(sides, fault.oneWay).map(change)),
    };
  }

  /** Where nobody is told the connections are broken for as long as the fault lasts: at its end both are told. */
  #disconnect({ told }: FaultOf<'disconnect'>, sides: Sides): Blow {
    const { network } = this.#scene;
    const pairs = pairsFrom(...sides);
    const sever = ([a, b]: Pair): Undo => {
      const severed = network.sever(a, b);
      return () => network.unsever(severed);
    };
    return {
      struck: bothOf(sides),
      strike: () => {
        if (told === 'nobody') return undoAll(pairs.map(sever));
        for (const [a, b] of pairs) network.resetConnections(a, b, told);
        return undefined;
      },
    };
  }

  #blockDials(
    { port }: FaultOf<'refuse' | 'fullBacklog'>,
    struck: readonly Party[],
    answer: 'reset' | 'drop',
  ): Blow {
    const { network } = this.#scene;
    const block = (party: Party): Undo => {
      const token = network.blockDials(party, port, answer);
      return () => network.unblockDials(token);
    };
    return { struck, strike: () => undoAll(struck.map(block)) };
  }

  // -------------------------------------------------------------------------------------------- whose links

  get #servers(): readonly Party[] {
    return this.#scene.cast.servers.map((server) => server.party);
  }

  /** From it and to it, to and from everybody else. */
  #linksOf(party: Party): readonly Pair[] {
    return pairsBetween([[party], this.#scene.cast.parties]);
  }
}

const NOBODY: Blow = { struck: [], strike: () => undefined };

const sidesOf = (
  { between }: { readonly between: readonly [readonly Target[], readonly Target[]] },
  aim: Aim,
): Sides => [aim.resolve(between[0]), aim.resolve(between[1])];

/** Nobody, if one side is. */
const bothOf = ([left, right]: Sides): readonly Party[] =>
  left.length === 0 || right.length === 0 ? [] : [...new Set([...left, ...right])];

const isRest = (group: readonly Target[] | undefined): boolean =>
  group?.length === 1 && group[0]?.kind === 'rest';
