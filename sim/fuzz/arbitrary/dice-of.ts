import { Random } from '../../random.ts';
import { Dice } from '../dice.ts';

/** The dice of one part of a draft. */
export const diceOf = (part: string, details: number): Dice =>
  new Dice(new Random(String(details)).stream(`fuzz/${part}`));
