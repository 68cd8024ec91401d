import { z } from 'zod';

/** Whom a fault strikes: a name, a number or a role at that moment. */
export const target = z
  .union([z.string(), z.int()], {
    error: "a server's name or number, a client's name, or a role such as leader",
  })
  .meta({
    id: 'target',
    description: 'A server by name or number, a client by name, or a role such as `leader`.',
  });

export const targets = z
  .union([target, z.array(target).min(1)], { error: 'a target or a list of targets' })
  .meta({ id: 'targets' });

export const sides = z
  .tuple([targets, targets], { error: 'the two ends: [leader, zk2]' })
  .meta({ id: 'sides', description: 'Links from each member of the one to each of the other, and back.' });

export type WrittenTarget = z.output<typeof target>;
export type WrittenTargets = z.output<typeof targets>;
export type WrittenSides = z.output<typeof sides>;
