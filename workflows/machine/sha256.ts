/** SHA-256 (FIPS 180-4) in plain code: the workflow's sandbox has no crypto, and ids derived in the machine must be the same everywhere. */

const WORDS = 64;

/** The first 32 bits of the fractional parts of a root of the first 64 primes. */
function rootsOfPrimes(root: (prime: number) => number, count: number): number[] {
  const found: number[] = [];
  for (let candidate = 2; found.length < count; candidate += 1) {
    let prime = true;
    for (let divisor = 2; divisor * divisor <= candidate; divisor += 1) if (candidate % divisor === 0) prime = false;
    if (prime) found.push(Math.floor((root(candidate) % 1) * 0x1_0000_0000) | 0);
  }
  return found;
}

const START = rootsOfPrimes(Math.sqrt, 8);
const ROUND = rootsOfPrimes(Math.cbrt, WORDS);

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

/** The message in UTF-8 with its padding, as big-endian words. */
function paddedWords(text: string): number[] {
  // Each %XX of the encoding is a byte, and so is each other character.
  const bytes = [...encodeURIComponent(text).matchAll(/%([0-9A-F]{2})|(.)/g)].map(([, hex, plain]) =>
    hex === undefined ? (plain ?? '').charCodeAt(0) : Number.parseInt(hex, 16),
  );
  const words = new Array<number>(((bytes.length + 8) >> 6) * 16 + 16).fill(0);
  [...bytes, 0x80].forEach((byte, at) => {
    words[at >> 2] = (words[at >> 2] ?? 0) | (byte << (24 - (at % 4) * 8));
  });
  words[words.length - 2] = Math.floor((bytes.length * 8) / 0x1_0000_0000);
  words[words.length - 1] = (bytes.length * 8) | 0;
  return words;
}

function compress(hash: readonly number[], block: readonly number[]): number[] {
  const w = [...block];
  const at = (index: number): number => w[index] ?? 0;
  for (let index = 16; index < WORDS; index += 1) {
    const small = rotate(at(index - 15), 7) ^ rotate(at(index - 15), 18) ^ (at(index - 15) >>> 3);
    const large = rotate(at(index - 2), 17) ^ rotate(at(index - 2), 19) ^ (at(index - 2) >>> 10);
    w.push((at(index - 16) + small + at(index - 7) + large) | 0);
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash;
  for (let index = 0; index < WORDS; index += 1) {
    const first =
      (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + (ROUND[index] ?? 0) + at(index)) | 0;
    const second = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  return [a, b, c, d, e, f, g, h].map((word, index) => (word + (hash[index] ?? 0)) | 0);
}

/** The SHA-256 of a text in UTF-8, as 64 hexadecimal digits. Throws URIError for a text with half a character. */
export function sha256(text: string): string {
  const words = paddedWords(text);
  let hash = START;
  for (let from = 0; from < words.length; from += 16) hash = compress(hash, words.slice(from, from + 16));
  return hash.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}
