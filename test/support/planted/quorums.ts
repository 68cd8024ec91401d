import { FastLeaderElection } from '../../../protocol/election/fast-leader-election.ts';
import type { Sid } from '../../../protocol/ids.ts';
import { Proposals } from '../../../protocol/leader/proposals.ts';
import { QuorumMaj } from '../../../protocol/quorum.ts';
import { Storage } from '../../../protocol/storage/storage.ts';
import { DataDirectory } from '../../../sim/disk/data-directory.ts';
import { everyNth, replaceGetter, replaceMethod, type PlantedDefect, type Uproot } from './planted.ts';
import {
  LEADER_CRASHES,
  MINORITY_OF_FIVE,
  ONE_IS_LOST,
  POWER_CUT_IN_EPOCH_TWO,
  QUIET,
  SPLIT_IN_TWO,
} from './stories.ts';

const votersIn = ({ votingMembers }: QuorumMaj, acks: ReadonlySet<Sid>): number =>
  [...acks].filter((sid) => votingMembers.has(sid)).length;

const countVotes = (enough: (votes: number, voters: number) => boolean): Uproot =>
  replaceMethod(
    QuorumMaj,
    'containsQuorum',
    () => (self, acks) => enough(votersIn(self, acks), self.votingMembers.size),
  );

export const QUORUM_DEFECTS: readonly PlantedDefect[] = [
  {
    name: 'quorum of half',
    does: 'Half of the voters count as a quorum.',
    breaks: 'one-leader-per-epoch',
    plan: SPLIT_IN_TWO,
    plant: () => countVotes((votes, voters) => votes >= voters / 2),
  },
  {
    name: 'vote counted twice',
    does: 'Whoever counts counts one vote twice.',
    breaks: 'quorum-commits',
    plan: MINORITY_OF_FIVE,
    plant: () => countVotes((votes, voters) => votes + 1 > voters / 2),
  },
  {
    name: 'quorum of all',
    does: 'Nothing happens without every voter.',
    breaks: 'liveness',
    plan: ONE_IS_LOST,
    plant: () => countVotes((votes, voters) => votes === voters),
  },
  {
    name: 'epoch used again',
    does: 'A server remembers one epoch less than it has accepted.',
    breaks: 'one-leader-per-epoch',
    plan: LEADER_CRASHES,
    plant: () =>
      replaceGetter(Storage, 'acceptedEpoch', (epoch) =>
        epoch === undefined ? undefined : Math.max(0, epoch - 1),
      ),
  },
  {
    name: 'epoch goes back',
    does: 'After the first epoch the epoch files are never written, though the disk says so.',
    breaks: 'one-leader-per-epoch',
    plan: POWER_CUT_IN_EPOCH_TWO,
    plant: () =>
      replaceMethod(DataDirectory, 'setEpoch', (original) => (self, file, epoch) => {
        if (epoch <= 1) original(self, file, epoch);
      }),
  },
  {
    name: 'election without end',
    does: 'A server that has been elected once hears no later vote.',
    breaks: 'liveness',
    plan: LEADER_CRASHES,
    plant: () => {
      const elected = new WeakSet<FastLeaderElection>();
      return replaceMethod(FastLeaderElection, 'lookForLeader', (original) => (self) => {
        if (!elected.has(self)) original(self);
        elected.add(self);
      });
    },
  },
  {
    name: 'proposal left out',
    does: 'Every thirtieth setData goes into its own log and to nobody else.',
    breaks: 'quorum-commits',
    plan: QUIET,
    plant: () => {
      const isLeftOut = everyNth(30);
      return replaceMethod(Proposals, 'propose', (original) => (self, request, txn) => {
        if (txn.body.type !== 'setData' || !isLeftOut()) original(self, request, txn);
      });
    },
  },
];
