import { Ephemerals } from '../../../protocol/database/ephemerals.ts';
import { FuzzySnapshot } from '../../../protocol/database/fuzzy-snapshot.ts';
import { LeaderSessionTracker } from '../../../protocol/server/session-tracker.ts';
import { NO_SESSION } from '../../../protocol/ids.ts';
import { passwordOf } from '../../../protocol/server/session-id.ts';
import { whenServerHears } from './clients.ts';
import { replaceMethod, type PlantedDefect } from './planted.ts';
import { GUESTS_LEAVE, POWER_CUT_AFTER_SNAPSHOTS, SESSION_GUESSED } from './stories.ts';

const TICK_MS = 500;

export const SESSION_DEFECTS: readonly PlantedDefect[] = [
  {
    name: 'expiry a tick early',
    does: 'The leader takes a tick off the timeout of a session.',
    breaks: 'sessions-and-ephemerals',
    plan: GUESTS_LEAVE,
    plant: () =>
      replaceMethod(
        LeaderSessionTracker,
        'touchSession',
        (original) => (self, id, timeOut) => original(self, id, timeOut - TICK_MS),
      ),
  },
  {
    name: 'session never expires',
    does: 'The leader goes on touching a session whose client is silent.',
    breaks: 'sessions-and-ephemerals',
    plan: GUESTS_LEAVE,
    plant: () =>
      replaceMethod(
        LeaderSessionTracker,
        'touchSession',
        (original) => (self, id, timeOut) => original(self, id, timeOut * 100),
      ),
  },
  {
    name: 'ephemeral kept',
    does: "Of a session's ephemerals only the first is noted, and deleted with it.",
    breaks: 'sessions-and-ephemerals',
    plan: GUESTS_LEAVE,
    plant: () =>
      replaceMethod(Ephemerals, 'add', (original) => (self, owner, path) => {
        if (self.of(owner).size === 0) original(self, owner, path);
      }),
  },
  {
    name: 'snapshot forgets a session',
    does: 'A snapshot lacks the session that was opened last.',
    breaks: 'sessions-and-ephemerals',
    plan: POWER_CUT_AFTER_SNAPSHOTS,
    plant: () =>
      replaceMethod(FuzzySnapshot, 'snapshot', (original) => (self) => {
        const snapshot = original(self);
        return { ...snapshot, sessions: new Map([...snapshot.sessions].slice(0, -1)) };
      }),
  },
  {
    name: 'password not checked',
    does: 'A server takes every password for the right one.',
    breaks: 'sessions-and-ephemerals',
    plan: SESSION_GUESSED,
    plant: () =>
      whenServerHears((packet) =>
        packet.type === 'connectRequest' && packet.sessionId !== NO_SESSION
          ? { ...packet, passwd: passwordOf(packet.sessionId) }
          : packet,
      ),
  },
];
