import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ElectionPacket, QuorumPacketType } from '../protocol/packets.ts';
import { runSimulation } from '../sim/simulation.ts';
import { VERSION } from '../sim/version.ts';
import { libraryPlan } from './support/library-plan.ts';

/** What no other tool looks at, and everybody would forget. */
const SOURCES = ['protocol', 'sim', 'scenarios', 'reports'];
const FOLDERS = [...SOURCES, 'test'];
const MAX_LINES = 420;

const filesBelow = (folder: string, ending: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
    .sort((a, b) => (a < b ? -1 : 1));

const linesOf = (file: string): number => readFileSync(file, 'utf8').trimEnd().split('\n').length;

describe('the version', () => {
  it("is the package's", () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(VERSION).toBe(version);
  });
});

describe("the README's excerpt", () => {
  it('is what the first scenario prints today', () => {
    const { fingerprint } = runSimulation(libraryPlan('first'), '1');
    expect(readFileSync('README.md', 'utf8')).toContain(
      `npx zabsim run first --seed 1  # fingerprint ${fingerprint}`,
    );
  });
});

/** Total by its type: a new packet fails to compile here. */
const PACKETS: Readonly<Record<ElectionPacket['type'] | QuorumPacketType, true>> = {
  initialMessage: true,
  notification: true,
  FOLLOWERINFO: true,
  OBSERVERINFO: true,
  LEADERINFO: true,
  ACKEPOCH: true,
  DIFF: true,
  TRUNC: true,
  SNAP: true,
  NEWLEADER: true,
  UPTODATE: true,
  PROPOSAL: true,
  ACK: true,
  COMMIT: true,
  INFORM: true,
  PING: true,
  REQUEST: true,
  SYNC: true,
  REVALIDATE: true,
};

describe('the documentation', () => {
  it.each(Object.keys(PACKETS))('has a row for the packet %s', (packet) => {
    expect(readFileSync('protocol/README.md', 'utf8')).toMatch(new RegExp(`^\\| ${packet} +\\|`, 'm'));
  });

  it.each(FOLDERS)('has a README for %s/', (folder) => {
    expect(existsSync(join(folder, 'README.md'))).toBe(true);
  });

  it('links only to what is there', () => {
    const readmes = ['README.md', ...FOLDERS.flatMap((folder) => filesBelow(folder, 'README.md'))];
    const broken = readmes.flatMap((readme) =>
      [...readFileSync(readme, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)\)/g)]
        .map(([, link = '']) => link)
        .filter((link) => !existsSync(join(dirname(readme), link)))
        .map((link) => `${readme}: ${link}`),
    );
    expect(broken).toEqual([]);
  });
});

describe('the sources', () => {
  it(`are files of at most ${MAX_LINES} lines`, () => {
    const long = SOURCES.flatMap((folder) => filesBelow(folder, '.ts')).filter(
      (file) => linesOf(file) > MAX_LINES,
    );
    expect(long).toEqual([]);
  });

  it('switch off no check and put nothing off', () => {
    const excuses = new RegExp(
      ['as a' + 'ny\\b(?! \\w)', '@t' + 's-', 'eslint-d' + 'isable', 'TO' + 'DO'].join('|'),
    );
    const excused = FOLDERS.flatMap((folder) => filesBelow(folder, '.ts')).filter((file) =>
      excuses.test(readFileSync(file, 'utf8')),
    );
    expect(excused).toEqual([]);
  });

  it('are the only folders of the house', () => {
    const ignored = new Set(['node_modules', 'dist', 'coverage']);
    const folders = readdirSync('.', { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !ignored.has(entry.name))
      .map((entry) => entry.name);
    expect(folders.sort((a, b) => (a < b ? -1 : 1))).toEqual([...FOLDERS].sort((a, b) => (a < b ? -1 : 1)));
  });
});
