/** `zabsim/fast-check`: runs that nobody wrote, as arbitraries. */
export { scenarios, type ScenarioRun } from '../fuzz/arbitrary/scenarios.ts';
export { PROFILES, type ProfileName } from '../fuzz/arbitrary/profiles.ts';
