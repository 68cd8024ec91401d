import { PROFILE, type Profile, type ProfileName } from '../arbitrary/profiles.ts';

/** How a defect of the museum is looked for, and what others needed to find it. */
export interface Quest {
  readonly issue: string;
  readonly profile: ProfileName;
  /** What is else than in the profile, and how to say it. */
  readonly but?: { readonly text: string; readonly change: Partial<Profile> };
  /** The best published figure, with that of random search where there is one: executions until the first hit, unless it says otherwise. */
  readonly published?: string;
  /** Median runs that we aim at. */
  readonly target?: number;
}

const nearLastZxid = { text: 'zxids near their last', change: { lastZxids: 100, drawnLimits: 100 } } as const;
const nearLastXid = { text: 'xids near their last', change: { lastXids: 100 } } as const;

/**
 * The profile is that of the component in which the issue was filed; nothing in it is made for one defect. Published: SAMC (OSDI '14, table 2),
 * FlyMC (EuroSys '19, table 1), MET (random traces of a specification), Remix and SandTable (states).
 */
export const QUESTS: readonly Quest[] = [
  {
    issue: 'ZOOKEEPER-335',
    profile: 'elections',
    published: 'SAMC 117, FlyMC 130; random 1,057',
    target: 1000,
  },
  { issue: 'ZOOKEEPER-710', profile: 'sessions', target: 150 },
  {
    issue: 'ZOOKEEPER-790',
    profile: 'elections',
    published: 'SAMC 7, FlyMC 12; random 225 and 50',
    target: 12,
  },
  { issue: 'ZOOKEEPER-1154', profile: 'recovery', target: 50 },
  { issue: 'ZOOKEEPER-1208', profile: 'sessions', target: 30 },
  { issue: 'ZOOKEEPER-1277', profile: 'default', but: nearLastZxid, target: 5 },
  { issue: 'ZOOKEEPER-1294', profile: 'elections', published: 'SAMC 576, FlyMC 13; random 200', target: 100 },
  { issue: 'ZOOKEEPER-1366', profile: 'clocks', target: 5 },
  { issue: 'ZOOKEEPER-1412', profile: 'sessions', target: 30 },
  {
    issue: 'ZOOKEEPER-1419',
    profile: 'elections',
    published: 'SAMC 100, FlyMC 13; random 2,514 and 60; SandTable 7.6 M states',
    target: 60,
  },
  { issue: 'ZOOKEEPER-1496', profile: 'sessions', target: 30 },
  { issue: 'ZOOKEEPER-1653', profile: 'recovery', published: 'SAMC 11; random 3,756', target: 1000 },
  { issue: 'ZOOKEEPER-1667', profile: 'sessions', target: 30 },
  { issue: 'ZOOKEEPER-1675', profile: 'elections', published: 'open; Jepsen saw it' },
  { issue: 'ZOOKEEPER-2832', profile: 'recovery' },
  { issue: 'ZOOKEEPER-2845', profile: 'recovery', published: 'MET 77 random traces (mean)', target: 77 },
  { issue: 'ZOOKEEPER-2846', profile: 'recovery' },
  { issue: 'ZOOKEEPER-2886', profile: 'sessions', target: 150 },
  { issue: 'ZOOKEEPER-3253', profile: 'sessions', but: nearLastXid, target: 5 },
  { issue: 'ZOOKEEPER-3911', profile: 'recovery', published: 'MET 198 random traces (mean)', target: 198 },
  { issue: 'ZOOKEEPER-4394', profile: 'recovery', published: 'Remix 14,264 states', target: 100 },
  { issue: 'ZOOKEEPER-4541', profile: 'recovery', published: 'Remix 73,293 states (as 4712)', target: 300 },
  {
    issue: 'ZOOKEEPER-4643',
    profile: 'recovery',
    published: 'Remix 208,018 states; MET 535,250 states',
    target: 2000,
  },
  { issue: 'ZOOKEEPER-4646', profile: 'recovery' },
  { issue: 'ZOOKEEPER-4685', profile: 'recovery' },
  { issue: 'ZOOKEEPER-4712', profile: 'recovery', published: 'Remix 73,293 states', target: 300 },
  { issue: 'ZOOKEEPER-4837', profile: 'recovery', published: 'open; T2C found it' },
  { issue: 'ZOOKEEPER-4925', profile: 'recovery' },
  { issue: 'ZABSIM-1', profile: 'recovery' },
  { issue: 'ZABSIM-2', profile: 'elections' },
  { issue: 'ZABSIM-3', profile: 'disk' },
  { issue: 'ZABSIM-4', profile: 'disk' },
  { issue: 'ZABSIM-5', profile: 'sessions' },
  { issue: 'ZABSIM-6', profile: 'sessions' },
  { issue: 'ZABSIM-7', profile: 'recovery' },
];

export const profileOf = ({ profile, but }: Quest): Profile => ({ ...PROFILE[profile], ...but?.change });
