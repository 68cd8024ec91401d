import { z } from 'zod';
import { FAULT_KINDS } from '../../sim/fault-kinds.ts';
import type { FaultKind } from '../../sim/fault-plan.ts';
import { distribution } from './distribution.ts';
import { linkQuality } from './link-quality.ts';
import { release } from './release.ts';
import { drift, rate, signedTime, time } from './quantities.ts';
import { sides, target, targets } from './targets.ts';
import { lasting, trigger } from './triggers.ts';

/** The timeline: what goes wrong, when and for how long. An entry is one fault, which its first own key names. */
const flag = z.boolean({ error: '`true` or `false`' }).optional();
const restartAfter = { restartAfter: time.optional().describe('Else it stays down until a `restart`.') };
const port = { port: z.enum(['election', 'quorum', 'client', 'all']).optional() };
const oneWay = { oneWay: flag.describe('Only from the first side to the other.') };
const count = z.int().min(1);

/** A fault that is over as soon as it has struck. */
const once = <Shape extends z.ZodRawShape>(description: string, shape: Shape) =>
  z.strictObject({ ...trigger, ...shape }).describe(description);

const lasts = <Shape extends z.ZodRawShape>(description: string, shape: Shape) =>
  z.strictObject({ ...trigger, ...lasting, ...shape }).describe(description);

const FAULTS = {
  crash: once(
    'The process dies. power: lost takes the machine: nobody closes its sockets, and writes that no fsync covered go.',
    {
      crash: targets,
      power: z.enum(['kept', 'lost']).optional(),
      lose: z.enum(['none', 'some', 'torn', 'all']).optional().describe('Of what no fsync covered.'),
      afterEffects: count.optional().describe('Not now, but after so many more effects of its steps.'),
      afterWrites: count.optional().describe('Not now, but after so many more writes to its disk.'),
      ...restartAfter,
      forGood: flag.describe('Not even the calm starts it again.'),
    },
  ),
  restart: once('Starts what a crash left down.', {
    restart: targets,
    release: release.optional().describe('Servers run this one from now on.'),
  }),
  pause: lasts('A stop-the-world collection.', { pause: targets }),
  resume: once('Ends pauses.', { resume: targets }),
  slowCpu: lasts('Each stage takes its turn only after this long.', {
    slowCpu: targets,
    stage: distribution,
  }),
  partition: lasts('Nothing passes between groups; oneWay: nothing from the first group to the others.', {
    partition: z.array(targets, { error: 'a list of groups' }).min(2, { error: 'two groups or more' }),
    oneWay: flag,
  }),
  bridge: lasts('The other servers fall into two halves that do not hear each other; this one hears both.', {
    bridge: targets,
  }),
  ring: lasts('Each of them hears only the one before and the one after it.', { ring: targets }),
  isolate: lasts('Cut off from everybody.', { isolate: targets }),
  flap: lasts('Links are cut and whole again, in turns.', { flap: sides, down: time, up: time }),
  hold: lasts('What is on these links stays there, and arrives all at once in the end.', {
    hold: sides,
    ...oneWay,
  }),
  release: once('Ends a `hold`.', { release: sides }),
  clog: lasts('Holds every link from and to each of them.', { clog: targets }),
  swizzle: lasts('Clogs them one by one, and frees them in another order.', {
    swizzle: targets,
    within: time.describe('From the first to the last of them.'),
  }),
  link: lasts('Links between the two ends become like this.', { link: sides, ...oneWay, ...linkQuality }),
  disconnect: lasts('Resets the connections between the two ends. Who is not told keeps a half-open one.', {
    disconnect: sides,
    told: z.enum(['both', 'first', 'nobody']).optional(),
  }),
  refuse: lasts('New connections to it are refused.', { refuse: targets, ...port }),
  fullBacklog: lasts('New connections to it get no answer.', { fullBacklog: targets, ...port }),
  slowDisk: lasts('Each fsync takes this long, writes are this fast.', {
    slowDisk: targets,
    fsync: distribution.optional(),
    throughput: rate.optional(),
  }),
  stallDisk: lasts('What is asked of the disk waits until the stall ends.', { stallDisk: targets }),
  fullDisk: lasts('No space left.', { fullDisk: targets }),
  failWrites: lasts('Every write and fsync fails.', { failWrites: targets }),
  flipBit: once('A bit of a log record, or of the newest snapshot, is another.', {
    flipBit: targets,
    in: z.enum(['log', 'snapshot']).optional(),
  }),
  loseSnapshot: once('The newest snapshot is gone.', { loseSnapshot: targets, ...restartAfter }),
  loseLog: once('The newest log file is gone.', { loseLog: targets, ...restartAfter }),
  wipe: once('The data directory is empty.', { wipe: targets, ...restartAfter }),
  copyData: once('The data directory becomes a copy of another server’s.', {
    copyData: targets,
    source: target,
    ...restartAfter,
  }),
  backup: once('Keeps a copy of the data directory.', { backup: targets }),
  restore: once('The data directory is that of the last backup.', { restore: targets, ...restartAfter }),
  clock: lasts('The clocks of these servers are wrong.', {
    clock: targets,
    step: signedTime.optional().describe('The wall clock jumps, for ever.'),
    drift: drift.optional().describe('Both clocks run faster by so much.'),
    freeze: z.enum(['wall', 'both']).optional().describe('The wall clock stands still, or both do.'),
  }),
  flood: lasts('So many more connections, from one machine.', {
    flood: targets,
    connections: count,
    sessions: flag.describe('Each asks for a session.'),
  }),
  expire: once('Somebody else closes the client’s session.', {
    expire: targets,
    password: z
      .literal('wrong', { error: '`wrong`' })
      .optional()
      .describe('It is only guessed: the servers have to refuse.'),
  }),
  heal: once('Ends everything that lasts, but for pauses.', { heal: z.literal('all') }),
} as const satisfies Record<FaultKind, z.ZodObject>;

export const timelineEntry = z
  .union(Object.values(FAULTS), { error: `a fault: one of ${FAULT_KINDS.join(', ')}` })
  .meta({ id: 'fault' });

type Faults = { readonly [Kind in FaultKind]: z.output<(typeof FAULTS)[Kind]> };
export type WrittenFault<Kind extends FaultKind> = Faults[Kind];
export type WrittenEntry = WrittenFault<FaultKind>;

/** Whether it goes on until something ends it. */
export const lastsOn = (kind: FaultKind): boolean => 'for' in FAULTS[kind].shape;
