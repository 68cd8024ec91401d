import { replayCommand, reproduceCommand } from '../../../reports/reproduce.ts';
import type { RunPlan } from '../../plan.ts';
import type { Failure } from './failure-files.ts';

/** What a failure file says for people. */
interface Story extends Failure {
  readonly path: string;
  readonly evidence: readonly string[];
  readonly hash: string;
}

/** In one sentence, what happens. */
export const failureTitle = (promise: string, evidence: readonly string[]): string =>
  `Breaks ${promise}: ${evidence[0] ?? 'the evidence is above'}.`;

/** The comment above the scenario: what was found, how it became so small, and how to see it again. */
export function failureHeader(story: Story): string {
  const { promise, evidence, drawn, seed, foundBy, path, hash } = story;
  return [
    `A run that breaks a promise of ZooKeeper: ${promise}`,
    ...evidence.map((line) => `  ${line}`),
    '',
    `Found by: ${foundBy}`,
    `Seed ${JSON.stringify(seed)} drew ${sizeText(drawn)}.`,
    shrinkingText(story),
    '',
    `Bit for bit:          ${replayCommand(path)}`,
    `Every event of it:    ${reproduceCommand({ scenario: path, seed })} --trace`,
    `Hash of what follows: ${hash}`,
  ].join('\n');
}

function shrinkingText({ attempts, isMinimal, keepsShape, plan, promise }: Story): string {
  if (attempts === 0) return 'It is as it was drawn.';
  const end = isMinimal ? '' : ', and not to the end: time ran out';
  const same = keepsShape ? '' : ', with other evidence: it may be another defect';
  return `Shrunk in ${counted(attempts, 'run')} to ${sizeText(plan)}${end}.\nThe same promise is broken, ${promise}${same}.`;
}

/** `4 servers, 2 clients with 9 activities, 5 faults, 22.4 s`. */
function sizeText({ ensemble, clients, timeline, durationMs }: RunPlan): string {
  const activities = clients.reduce((sum, client) => sum + client.activities.length, 0);
  return [
    counted(ensemble.servers.length, 'server'),
    clients.length === 0
      ? 'no clients'
      : `${counted(clients.length, 'client')} with ${counted(activities, 'activity', 'activities')}`,
    counted(timeline.length, 'fault'),
    `${(durationMs / 1000).toFixed(1)} s`,
  ].join(', ');
}

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${String(count)} ${count === 1 ? one : many}`;
