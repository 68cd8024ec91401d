/** Prints one line `scenario seed fingerprint` for seeds 1 to 5 of every library scenario: what must be the same on every Node. */
import { runSimulation } from '../../simulation.ts';
import { libraryPlans } from './library-plans.ts';

const SEEDS = ['1', '2', '3', '4', '5'];

for (const plan of libraryPlans([])) {
  for (const seed of SEEDS) {
    process.stdout.write(`${plan.name} ${seed} ${runSimulation(plan, seed).fingerprint}\n`);
  }
}
