import { describe, expect, it } from 'vitest';
import { colourLevel, createPalette, type Environment } from '../../reports/colours.ts';

describe('the colour level', () => {
  const cases: readonly (readonly [what: string, env: Environment, isTty: boolean, level: number])[] = [
    ["is the terminal's on a terminal", {}, true, 2],
    ['is none where it is piped', {}, false, 0],
    ['is none where it is piped in CI', { CI: 'true', GITHUB_ACTIONS: 'true' }, false, 0],
    ['is none with NO_COLOR', { NO_COLOR: '1' }, true, 0],
    ["is the terminal's with an empty NO_COLOR", { NO_COLOR: '' }, true, 2],
    ['is as forced where it is piped', { FORCE_COLOR: '3' }, false, 3],
    ['is the simplest with FORCE_COLOR and no level', { FORCE_COLOR: '' }, false, 1],
    ['is the simplest with FORCE_COLOR=true', { FORCE_COLOR: 'true' }, false, 1],
    ['is none with FORCE_COLOR=0', { FORCE_COLOR: '0' }, true, 0],
    ['is none with FORCE_COLOR=false', { FORCE_COLOR: 'false' }, true, 0],
    ['is no higher than there is', { FORCE_COLOR: '9' }, false, 3],
    ['is forced against NO_COLOR', { FORCE_COLOR: '1', NO_COLOR: '1' }, false, 1],
    ['ignores a FORCE_COLOR that is no number', { FORCE_COLOR: 'pink' }, false, 0],
  ];
  it.each(cases)('%s', (_what, env, isTty, level) => {
    expect(colourLevel(env, isTty, 2)).toBe(level);
  });
});

describe('a palette', () => {
  it('paints one text only, so that it can be handed to map', () => {
    expect(['a', 'b'].map(createPalette(0).strong)).toEqual(['a', 'b']);
  });
});
