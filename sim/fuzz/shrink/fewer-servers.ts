import type { RunPlan } from '../../plan.ts';
import { Random } from '../../random.ts';
import { Dice } from '../dice.ts';
import { withServers } from './cast.ts';
import { minimizeList } from './minimize.ts';
import type { Attempt } from './passes.ts';
import { withoutGroups } from './quiet.ts';
import { retold } from './retold.ts';

/** So many are an ensemble that can lose one. */
export const FEW = 3;

type Servers = RunPlan['ensemble']['servers'];

/** Any three that vote, with a plain majority: most defects need no more. */
export function threeServers(plan: () => RunPlan, attempt: Attempt): void {
  if (plan().ensemble.servers.length <= FEW) return;
  for (const three of triples(plan().ensemble.servers.filter(isVoter)))
    if (leaving(plan(), three, attempt)) return;
}

/** One or a few in a row, and then any two: a quorum often stays what it is only without two of them. */
export function servers(plan: () => RunPlan, attempt: Attempt): void {
  minimizeList(plan().ensemble.servers, (left) => leaving(plan(), left, attempt));
  for (const first of plan().ensemble.servers)
    for (const second of plan().ensemble.servers) {
      const left = plan().ensemble.servers.filter((one) => one !== first && one !== second);
      if (first.sid < second.sid && left.length === plan().ensemble.servers.length - 2)
        leaving(plan(), left, attempt);
    }
}

/** How often a story is told to three servers until it is given up. */
const TELLINGS = 300;

/**
 * The same story for three. Another number of servers means another leader, other victims of what strikes by role and other servers for clients, so
 * it is told again with drawn ones of these, and a little later: what took luck in the large ensemble gets many chances in a small one.
 */
export function retellings(plan: () => RunPlan, attempt: Attempt): void {
  const { servers: all } = plan().ensemble;
  if (all.length <= FEW) return;
  const random = new Random('shrink');
  for (let telling = 0; telling < TELLINGS; telling++) {
    const dice = new Dice(random.stream(`telling/${telling}`));
    const three = dice.shuffled(all).slice(0, FEW);
    const inOrder = all.filter((server) => three.includes(server));
    const smaller = withServers(withoutGroups(plan()), inOrder);
    if (smaller !== undefined && attempt(retold(smaller, dice))) return;
  }
}

const isVoter = ({ learnerType }: Servers[number]): boolean => learnerType === 'PARTICIPANT';

function leaving(plan: RunPlan, left: Servers, attempt: Attempt): boolean {
  const isSmall = left.length <= FEW;
  const smaller = withServers(isSmall ? withoutGroups(plan) : plan, left);
  return smaller !== undefined && attempt(smaller);
}

const triples = (servers: Servers): readonly Servers[] =>
  servers.flatMap((one, first) =>
    servers
      .slice(first + 1)
      .flatMap((other, second) => servers.slice(first + second + 2).map((third) => [one, other, third])),
  );
