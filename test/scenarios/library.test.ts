import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { libraryNames, libraryPath, listLibrary } from '../../scenarios/library.ts';
import { loadScenario, loadText } from '../../scenarios/loader.ts';
import { scenarioJsonSchema } from '../../scenarios/schema/scenario.ts';

describe('the library', () => {
  it.each(libraryNames())('has %s, which loads without a complaint and expects something', (name) => {
    const result = loadScenario(name);
    expect(result).toMatchObject({ ok: true, warnings: [] });
    const plan = result.ok ? result.plan : undefined;
    expect(plan?.name).toBe(name);
    expect(plan?.expectations.length).toBeGreaterThan(2);
    expect(plan?.clients.length).toBeGreaterThan(0);
  });

  it('gives each scenario a one-line title', () => {
    for (const { name, title } of listLibrary()) {
      expect(title, name).toMatch(/^[A-Z][^\n]{20,160}[.]$/);
    }
  });

  it('is described in the README, each scenario in its line', () => {
    const readme = readFileSync('scenarios/README.md', 'utf8');
    for (const name of libraryNames()) expect(readme).toMatch(new RegExp(`^\\| \`${name}\` +\\|`, 'm'));
  });

  it('is introduced by an example that loads', () => {
    const example = /```yaml\n([^]*?)```/.exec(readFileSync('scenarios/README.md', 'utf8'))?.[1];
    expect(loadText('example.yaml', example ?? '')).toMatchObject({ ok: true, warnings: [] });
  });

  it('starts each file with the schema that editors complete from', () => {
    for (const name of libraryNames()) {
      expect(readFileSync(libraryPath(name), 'utf8')).toMatch(
        /^# yaml-language-server: \$schema=\.\/scenario\.schema\.json\n/,
      );
    }
  });

  it('takes the first scenario from a real zoo.cfg with its myid files', () => {
    const result = loadScenario('first');
    expect(result.ok && result.plan.ensemble).toMatchObject({
      tickTime: 2000,
      initLimit: 10,
      syncLimit: 5,
      servers: [
        { sid: 1, host: 'master01', quorumPort: 2888, electionPort: 3888, clientPort: 2181 },
        { sid: 2, host: 'slave01', quorumPort: 2888, electionPort: 3888, clientPort: 2181 },
        { sid: 3, host: 'slave02', quorumPort: 2888, electionPort: 3888, clientPort: 2181 },
      ],
    });
  });
});

describe('scenario.schema.json', () => {
  it('is what the schema says: `npm run build && node dist/scenarios/write-json-schema.js` writes it anew', () => {
    expect(readFileSync('scenarios/scenario.schema.json', 'utf8')).toBe(scenarioJsonSchema());
  });

  it('is draft 7 and refuses unknown keys', () => {
    expect(JSON.parse(scenarioJsonSchema())).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      additionalProperties: false,
      required: ['name', 'description', 'ensemble', 'duration'],
    });
  });
});
