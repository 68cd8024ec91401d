import { CommitProcessor } from '../../../protocol/processors/commit-processor.ts';
import { DataTree } from '../../../protocol/database/data-tree.ts';
import { FollowerZooKeeperServer } from '../../../protocol/learner/follower-zookeeper-server.ts';
import { LeaderZooKeeperServer } from '../../../protocol/leader/leader-zookeeper-server.ts';
import { OutstandingChanges } from '../../../protocol/processors/prep/outstanding-changes.ts';
import type { Request } from '../../../protocol/processors/request.ts';
import { ZooKeeperServer } from '../../../protocol/server/zookeeper-server.ts';
import { everyNth, replaceMethod, type PlantedDefect } from './planted.ts';
import { GUESTS_LEAVE, QUIET } from './stories.ts';

export const TXN_DEFECTS: readonly PlantedDefect[] = [
  {
    name: 'commit out of order',
    does: 'Every twentieth setData that is committed waits until the next one has been applied.',
    breaks: 'committed-logs-agree',
    plan: QUIET,
    plant: () => {
      const isLate = everyNth(20);
      const late = new Map<CommitProcessor, Request>();
      return replaceMethod(CommitProcessor, 'commit', (original) => (self, request) => {
        const before = late.get(self);
        late.delete(self);
        if (request.txn?.body.type === 'setData' && before === undefined && isLate()) late.set(self, request);
        else original(self, request);
        if (before !== undefined) original(self, before);
      });
    },
  },
  {
    name: 'txn applied twice',
    does: 'Every fiftieth txn is applied a second time.',
    breaks: 'committed-logs-agree',
    plan: QUIET,
    plant: () => {
      const isDouble = everyNth(50);
      return replaceMethod(ZooKeeperServer, 'applyTxn', (original) => (self, txn, cause) => {
        const result = original(self, txn, cause);
        if (isDouble()) original(self, txn, cause);
        return result;
      });
    },
  },
  {
    name: 'applied when proposed',
    does: 'A follower does not wait for the COMMIT of what it has been told to log.',
    breaks: 'committed-logs-agree',
    plan: QUIET,
    plant: () =>
      replaceMethod(FollowerZooKeeperServer, 'logRequest', (original) => (self, txn) => {
        original(self, txn);
        self.commit(txn.zxid);
      }),
  },
  {
    name: 'create left out by one server',
    does: 'Every fiftieth sequential create has no effect on the server that applies it.',
    breaks: 'servers-equal',
    plan: QUIET,
    plant: () => {
      const isIdle = everyNth(50);
      return replaceMethod(DataTree, 'applyTxn', (original) => (self, txn) => {
        const { body } = txn;
        if (body.type !== 'create2' || !body.path.startsWith('/seq/') || !isIdle())
          return original(self, txn);
        return original(self, { ...txn, body: { type: 'check', path: body.path, version: 0 } });
      });
    },
  },
  {
    name: 'follower stops applying',
    does: 'A follower logs and acknowledges, and after a while applies nothing any more.',
    breaks: 'servers-equal',
    plan: QUIET,
    plant: () => {
      let commits = 0;
      let stuck: FollowerZooKeeperServer | undefined;
      return replaceMethod(FollowerZooKeeperServer, 'commit', (original) => (self, zxid) => {
        if (++commits === 100) stuck = self;
        if (self !== stuck) original(self, zxid);
      });
    },
  },
  {
    name: 'multi applied in part',
    does: 'Of a multi the last operation is not done.',
    breaks: 'atomicity',
    plan: QUIET,
    plant: () =>
      replaceMethod(DataTree, 'applyTxn', (original) => (self, txn) => {
        const { body } = txn;
        if (body.type !== 'multi' || body.txns.some(({ type }) => type === 'error'))
          return original(self, txn);
        return original(self, { ...txn, body: { ...body, txns: body.txns.slice(0, -1) } });
      }),
  },
  {
    name: 'failed multi leaves traces',
    does: 'What a failed multi would have changed stays among the outstanding changes.',
    breaks: 'atomicity',
    plan: QUIET,
    plant: () =>
      replaceMethod(OutstandingChanges, 'rollbackMulti', () => (self) => {
        self.keepMulti();
      }),
  },
  {
    name: 'request done twice',
    does: 'The leader prepares every fortieth setData that a learner sends it twice.',
    breaks: 'atomicity',
    plan: QUIET,
    plant: () => {
      const isDouble = everyNth(40);
      return replaceMethod(LeaderZooKeeperServer, 'submitLearnerRequest', (original) => (self, request) => {
        original(self, request);
        if (request.body.op === 'setData' && isDouble()) original(self, request);
      });
    },
  },
  {
    name: 'version used twice',
    does: 'Every tenth setData is checked against the version before the last, and counts up from it.',
    breaks: 'linearizable-writes',
    plan: QUIET,
    plant: () => {
      const isOld = everyNth(10);
      return replaceMethod(OutstandingChanges, 'recordFor', (original) => (self, path) => {
        const record = original(self, path);
        if (path !== '/a' || record === undefined || record.version === 0 || !isOld()) return record;
        return { ...record, version: record.version - 1 };
      });
    },
  },
  {
    name: 'sequential number used twice',
    does: 'A sequential name has the number of children that its parent has now.',
    breaks: 'sessions-and-ephemerals',
    plan: GUESTS_LEAVE,
    plant: () =>
      replaceMethod(OutstandingChanges, 'recordFor', (original) => (self, path) => {
        const record = original(self, path);
        return record && path === '/queue' ? { ...record, cversion: record.childCount } : record;
      }),
  },
];
