import { nearestWord } from '../../../protocol/nearest-word.ts';

/** What is said of a word that is none of ours; `others`: what else it could have been. */
export function notOneOf(words: readonly string[], word: string, others = ''): string {
  const nearest = nearestWord(word, words);
  const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
  return `expected one of ${words.join(', ')}${others}, not ${word}${hint}`;
}
