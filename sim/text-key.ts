/** A whole number that depends on nothing but the text: a part of a key (law 5). */
export function textKey(text: string): number {
  let key = 0;
  for (let i = 0; i < text.length; i++) key = (Math.imul(key, 31) + text.charCodeAt(i)) | 0;
  return key;
}
