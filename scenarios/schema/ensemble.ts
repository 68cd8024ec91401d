import { z } from 'zod';
import { release } from './release.ts';
import { wholeMs, wholeMsOrNone } from './quantities.ts';

/**
 * The ensemble: either a real zoo.cfg with the myid file of each server, or the servers right here with ZooKeeper's
 * own key names (their times with a unit, the limits in ticks).
 */
const file = z.string({ error: 'the path of a file, seen from this one' }).min(1);

const fromFile = z.strictObject({
  config: file.describe('Path of a zoo.cfg, seen from this file.'),
  myid: z
    .record(z.string(), file, { error: 'a mapping from each host of the zoo.cfg to its myid file' })
    .optional()
    .describe('Host in a server.N line (or host:quorumPort) → path of its myid file.'),
});

const serverName = z.string({ error: 'a host name' }).regex(/^(?![0-9]+$)[A-Za-z0-9[:][A-Za-z0-9._:\]-]*$/, {
  error: 'a host name or address: letters, digits, `.`, `_`, `:` and `-`',
});
const port = z.int().min(1).max(65_535).optional();

const server = z.union(
  [
    serverName,
    z.strictObject({
      name: serverName,
      id: z.int().min(0).max(254).optional().describe("The server's number; else its place in the list."),
      role: z.enum(['participant', 'observer']).optional(),
      group: z.int().min(0).optional().describe('Hierarchical quorums: the group this server votes in.'),
      weight: z.int().min(0).optional().describe('Hierarchical quorums: what its vote weighs, 1 if absent.'),
      quorumPort: port.describe('2888 if absent.'),
      electionPort: port.describe('3888 if absent.'),
      release: release.optional().describe('The version that it begins with, if another than the others.'),
      clientPort: z.int().min(0).max(65_535).optional().describe('2181 if absent; 0: no client gets in.'),
    }),
  ],
  { error: 'a host name, or {name: …, role: observer}' },
);

const ticks = z.int({ error: 'a number of ticks' }).min(1, { error: 'at least one tick' });

const inline = z.strictObject({
  servers: z
    .array(server, { error: 'a list of servers, such as [zk1, zk2, zk3]' })
    .min(1, { error: 'at least one server' }),
  tickTime: wholeMs.optional(),
  initLimit: ticks.optional().describe('Ticks a learner may take to connect and sync.'),
  syncLimit: ticks.optional().describe('Ticks of silence after which leader and learner part.'),
  minSessionTimeout: wholeMs.optional(),
  maxSessionTimeout: wholeMs.optional(),
  maxClientCnxns: z.int().min(0).optional().describe('Connections from one client’s machine; 0: any number.'),
  snapCount: z.int().min(2).optional().describe('Txns between snapshots, roughly.'),
  commitLogCount: z.int().min(500).optional().describe('Txns kept in memory for learners that were away.'),
  snapshotSizeFactor: z
    .number()
    .max(1)
    .optional()
    .describe('Share of the snapshot’s size up to which the log on disk is sent instead; negative: never.'),
  maxBatchSize: z.int().min(1).optional(),
  minNotificationInterval: wholeMs.optional(),
  maxNotificationInterval: wholeMs.optional(),
  cnxTimeout: wholeMs.optional(),
  leaderConnectDelayDuringRetry: wholeMsOrNone.optional(),
  observerElectionDelay: wholeMsOrNone.optional(),
  initialCounter: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .optional()
    .describe('The first leader starts counting zxids here; near 4294967295 for a rollover.'),
});

export const ensemble = z
  .union([fromFile, inline], { error: '`config:` with a zoo.cfg, or `servers:` with a list of them' })
  .meta({ id: 'ensemble' });

export type FileEnsemble = z.output<typeof fromFile>;
export type InlineEnsemble = z.output<typeof inline>;
export type WrittenServer = z.output<typeof server>;
