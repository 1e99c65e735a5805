/** 统一社会信用代码 (GB 32100-2015): 17 characters and a check character. Pure; no zod. */

/** The characters of the standard in the order of their values; I, O, S, V and Z are left out. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const BODY_LENGTH = 17;

/** The check character for the first 17 characters, or null when they are not such characters. */
export function creditCheckCharacter(body: string): string | null {
  if (body.length !== BODY_LENGTH) return null;
  let sum = 0;
  let weight = 1;
  for (const character of body) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return null;
    sum += value * weight;
    weight = (weight * 3) % ALPHABET.length;
  }
  return ALPHABET.charAt((ALPHABET.length - (sum % ALPHABET.length)) % ALPHABET.length);
}

/** Whether a text is a credit code with the right check character. */
export function isCreditCode(text: string): boolean {
  return text.length === BODY_LENGTH + 1 && creditCheckCharacter(text.slice(0, BODY_LENGTH)) === text.charAt(BODY_LENGTH);
}

/** A right credit code of nobody known, another for each serial below 31^7. */
export function inventedCreditCode(serial: number): string {
  let left = serial;
  let digits = '';
  for (let place = 0; place < 7; place += 1) {
    digits = ALPHABET.charAt(left % ALPHABET.length) + digits;
    left = Math.floor(left / ALPHABET.length);
  }
  const body = `91510100MA${digits}`;
  return body + (creditCheckCharacter(body) ?? '');
}
