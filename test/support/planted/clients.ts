import type { ReplyBody } from '../../../protocol/client-packets.ts';
import { RequestQueues } from '../../../protocol/client/request-queues.ts';
import { Connections } from '../../../protocol/connections.ts';
import { WatchManager } from '../../../protocol/database/watch-manager.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import { CommitProcessor } from '../../../protocol/processors/commit-processor.ts';
import { FinalRequestProcessor, type Reply } from '../../../protocol/processors/final-request-processor.ts';
import { ServerCnxnFactory } from '../../../protocol/server/server-cnxn-factory.ts';
import { NO_TXNS } from '../../../protocol/zxid.ts';
import type { ServerPacket } from '../../../protocol/client-packets.ts';
import type { ConnectionId } from '../../../protocol/ids.ts';
import type { Packet } from '../../../protocol/packets.ts';
import { all, everyNth, replaceMethod, type PlantedDefect, type Uproot } from './planted.ts';
import { Stages } from '../../../protocol/stages.ts';
import {
  CLIENTS_MOVE_AND_CLOSE,
  LEADER_CUT_OFF_WITH_CLIENTS,
  LEADER_PAUSES,
  QUIET,
  SLOW_FOLLOWER,
} from './stories.ts';

/** Another packet in the place of each that a server reads from a connection that it has accepted. */
export const whenServerHears = (instead: (packet: Packet) => Packet): Uproot =>
  replaceMethod(
    Connections,
    'adopt',
    (original) => (self, connection, user) =>
      original(self, connection, { ...user, onPacket: (packet) => user.onPacket(instead(packet)) }),
  );

export const CLIENT_DEFECTS: readonly PlantedDefect[] = [
  {
    name: 'read from a cache',
    does: 'A server answers getData from what it answered ten reads ago.',
    breaks: 'session-reads',
    plan: QUIET,
    plant: () => {
      const isFresh = everyNth(10);
      let cached: ReplyBody | undefined;
      return replaceMethod(FinalRequestProcessor, 'reply', (original) => (self, request, applied) => {
        const reply = original(self, request, applied);
        if (request.body.op !== 'getData' || reply.err !== ErrorCode.OK) return reply;
        if (cached === undefined || isFresh()) cached = reply.body;
        return cached === undefined ? reply : { ...reply, body: cached };
      });
    },
  },
  {
    name: 'client goes back in time',
    does: 'A server that is behind what a client has seen lets it in.',
    breaks: 'session-reads',
    plan: LEADER_PAUSES,
    plant: () =>
      whenServerHears((packet) =>
        packet.type === 'connectRequest' ? { ...packet, lastZxidSeen: NO_TXNS } : packet,
      ),
  },
  {
    name: 'sync not sent',
    does: 'A client that reads synced sends no sync.',
    breaks: 'synced-reads',
    plan: SLOW_FOLLOWER,
    plant: () =>
      replaceMethod(RequestQueues, 'addSynced', () => (self, op, body) => {
        self.add(op, body);
      }),
  },
  {
    name: 'sync not asked of the leader',
    does: 'A server answers a sync by itself.',
    breaks: 'synced-reads',
    plan: SLOW_FOLLOWER,
    plant: () =>
      replaceMethod(CommitProcessor, 'processRequest', (original) => (self, request) => {
        original(self, request);
        if (request.body.op === 'sync') self.commit(request);
      }),
  },
  {
    name: 'lost reply',
    does: 'A server loses the last reply of many.',
    breaks: 'requests-answered',
    plan: QUIET,
    plant: () => {
      let replies = 0;
      return replaceMethod(ServerCnxnFactory, 'send', (original) => (self, connection, packet) => {
        if (packet.type === 'reply' && packet.xid > 0 && ++replies === 200) return;
        original(self, connection, packet);
      });
    },
  },
  {
    name: 'operation forgotten',
    does: 'A client whose connection is lost forgets the operation that it asked last.',
    breaks: 'requests-answered',
    plan: CLIENTS_MOVE_AND_CLOSE,
    plant: () => replaceMethod(RequestQueues, 'drain', (original) => (self) => original(self).slice(0, -1)),
  },
  {
    name: 'serves while it synchronizes',
    does: 'A server that has lost its role goes on answering its clients from the tree that it has.',
    breaks: 'session-reads',
    plan: LEADER_CUT_OFF_WITH_CLIENTS,
    plant: () =>
      all(
        replaceMethod(Stages, 'unregister', () => () => undefined),
        replaceMethod(ServerCnxnFactory, 'closeAll', () => () => undefined),
      ),
  },
  {
    name: 'answer to another write',
    does: 'Every twentieth setData is answered with the Stat of the one before it.',
    breaks: 'linearizable-writes',
    plan: QUIET,
    plant: () => {
      const isOld = everyNth(20);
      let before: Reply | undefined;
      return replaceMethod(FinalRequestProcessor, 'reply', (original) => (self, request, applied) => {
        const reply = original(self, request, applied);
        if (request.body.op !== 'setData' || reply.err !== ErrorCode.OK) return reply;
        const old = before;
        before = reply;
        return old !== undefined && isOld() ? old : reply;
      });
    },
  },
  {
    name: 'wrong result code',
    does: 'Every twentieth write that failed is answered OK.',
    breaks: 'atomicity',
    plan: QUIET,
    plant: () => {
      const isWrong = everyNth(5);
      return replaceMethod(FinalRequestProcessor, 'reply', (original) => (self, request, applied) => {
        const reply = original(self, request, applied);
        return applied?.type === 'error' && isWrong() ? { err: ErrorCode.OK } : reply;
      });
    },
  },
  {
    name: 'watch event after the reply',
    does: 'A watch event leaves the server behind the next reply on its connection.',
    breaks: 'watches',
    plan: QUIET,
    plant: () => {
      const late = new Map<ConnectionId, ServerPacket>();
      return replaceMethod(ServerCnxnFactory, 'send', (original) => (self, connection, packet) => {
        if (packet.type === 'watcherEvent' && !late.has(connection)) {
          late.set(connection, packet);
          return;
        }
        original(self, connection, packet);
        const event = late.get(connection);
        late.delete(connection);
        if (event !== undefined) original(self, connection, event);
      });
    },
  },
  {
    name: 'watch event twice',
    does: 'A watch fires twice.',
    breaks: 'watches',
    plan: QUIET,
    plant: () =>
      replaceMethod(WatchManager, 'notify', (original) => (self, ...event) => {
        original(self, ...event);
        original(self, ...event);
      }),
  },
  {
    name: 'watch that misses a change',
    does: 'Every fifth setData fires no watch.',
    breaks: 'watches',
    plan: QUIET,
    plant: () => {
      const isMissed = everyNth(5);
      return replaceMethod(WatchManager, 'nodeDataChanged', (original) => (self, path, zxid) => {
        if (!isMissed()) original(self, path, zxid);
      });
    },
  },
];
