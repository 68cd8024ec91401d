/**
 * Prints every event of a run, one a line: the fingerprint up to it, then the event. `zabsim doctor` runs this on several Nodes:
 * `node events.js SCENARIO SEED RELEASE`, an empty release for that of the scenario.
 */
import { once } from 'node:events';
import { loadScenario } from '../../../scenarios/loader.ts';
import { mixEvent } from '../../fingerprint/events.ts';
import { Fingerprint } from '../../fingerprint/fingerprint.ts';
import { Simulation } from '../../simulation.ts';
import { formatTraceEvent } from '../../trace-format.ts';

const [argument = '', seed = '', release = ''] = process.argv.slice(2);
const EVENTS_A_SLICE = 2_000;

const loaded = loadScenario(argument);
if (!loaded.ok) throw new Error(`${argument} cannot be read`);
const plan = release === '' ? loaded.plan : { ...loaded.plan, release };
const fingerprint = new Fingerprint();
let lines: string[] = [];
const simulation = new Simulation(plan, seed, {
  checkers: false,
  sinks: [
    {
      onEvent: (at, party, event) => {
        mixEvent(fingerprint, at, party, event);
        lines.push(`${fingerprint.hex()} ${formatTraceEvent(at, party, event)}\n`);
      },
    },
  ],
});
for (;;) {
  const result = simulation.advance(EVENTS_A_SLICE);
  const text = lines.join('');
  lines = [];
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  if (result !== undefined) break;
}
