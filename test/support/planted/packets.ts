import { LearnerHandler } from '../../../protocol/leader/learner-handler.ts';
import { replaceMethod, type PlantedDefect } from './planted.ts';
import { LEADER_CRASHES, QUIET } from './stories.ts';

export const PACKET_DEFECTS: readonly PlantedDefect[] = [
  {
    name: 'no DIFF',
    does: 'The leader brings a learner up to date and does not say how.',
    breaks: 'legal-packets',
    plan: LEADER_CRASHES,
    plant: () =>
      replaceMethod(LearnerHandler, 'queuePacket', (original) => (self, packet) => {
        if (packet.type !== 'DIFF') original(self, packet);
      }),
  },
  {
    name: 'COMMIT without its PROPOSAL',
    does: 'The leader leaves out one PROPOSAL to one learner.',
    breaks: 'legal-packets',
    plan: QUIET,
    plant: () => {
      let proposals = 0;
      return replaceMethod(LearnerHandler, 'queuePacket', (original) => (self, packet) => {
        if (packet.type !== 'PROPOSAL' || ++proposals !== 100) original(self, packet);
      });
    },
  },
];
