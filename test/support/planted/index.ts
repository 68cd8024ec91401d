import { CLIENT_DEFECTS } from './clients.ts';
import { DISK_DEFECTS } from './disk.ts';
import { PACKET_DEFECTS } from './packets.ts';
import type { PlantedDefect } from './planted.ts';
import { QUORUM_DEFECTS } from './quorums.ts';
import { SESSION_DEFECTS } from './sessions.ts';
import { TXN_DEFECTS } from './txns.ts';

export const PLANTED: readonly PlantedDefect[] = [
  ...QUORUM_DEFECTS,
  ...DISK_DEFECTS,
  ...TXN_DEFECTS,
  ...SESSION_DEFECTS,
  ...CLIENT_DEFECTS,
  ...PACKET_DEFECTS,
];
