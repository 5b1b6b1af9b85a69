// SHA-256 of one text with many numbers behind it (FIPS 180-4). WebCrypto answers each digest by a promise, which takes
// many times as long as the digest. Used for nothing secret.

const K = new Int32Array(64);
const initial = new Int32Array(8);
for (let candidate = 2, found = 0; found < 64; candidate++) {
  let divisor = 2;
  while (candidate % divisor !== 0) divisor++;
  if (divisor !== candidate) continue;
  // The first 32 bits behind the point: of the square roots of eight primes, and of the cube roots of 64.
  if (found < 8) initial[found] = candidate ** (1 / 2) * 2 ** 32;
  K[found++] = candidate ** (1 / 3) * 2 ** 32;
}

const w = new Int32Array(64);

/** The state after the block of 16 words in `w`. */
function compress(state: Int32Array, out: Int32Array): void {
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15]!, y = w[i - 2]!;
    const s0 = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3;
    const s1 = (y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10;
    w[i] = w[i - 16]! + s0 + w[i - 7]! + s1 | 0;
  }
  let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!, e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!;
  for (let i = 0; i < 64; i++) {
    const s1 = (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7);
    const t1 = h + s1 + (g ^ e & (f ^ g)) + K[i]! + w[i]! | 0;
    const s0 = (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10);
    const t2 = s0 + (a & b ^ c & (a ^ b)) | 0;
    h = g; g = f; f = e; e = d + t1 | 0; d = c; c = b; b = a; a = t1 + t2 | 0;
  }
  out[0] = state[0]! + a | 0; out[1] = state[1]! + b | 0; out[2] = state[2]! + c | 0; out[3] = state[3]! + d | 0;
  out[4] = state[4]! + e | 0; out[5] = state[5]! + f | 0; out[6] = state[6]! + g | 0; out[7] = state[7]! + h | 0;
}

const block = 64;  // bytes
const places = 11;  // of the number, so that each has as many

function load(bytes: Uint8Array, from: number): void {
  for (let i = 0; i < 16; i++) {
    const at = from + 4 * i;
    w[i] = bytes[at]! << 24 | bytes[at + 1]! << 16 | bytes[at + 2]! << 8 | bytes[at + 3]!;
  }
}

/** Looks for a number behind `text` with which the digest begins with so many bits that are 0, at most 32. */
export class Search {
  readonly #before = Int32Array.from(initial);  // the state after all that stays the same
  readonly #out = new Int32Array(8);
  readonly #bytes = new Uint8Array(block);
  readonly #first: number;
  readonly #bits: number;
  tried = 0;

  constructor(text: string, bits: number) {
    const whole = new TextEncoder().encode(text);
    let at = 0;
    for (; at + block <= whole.length; at += block) {
      load(whole, at);
      compress(this.#before, this.#before);
    }
    this.#first = whole.length - at;
    this.#bits = bits;
    const end = this.#first + places;
    if (end + 9 > block) throw new RangeError("no room for the number");
    this.#bytes.set(whole.subarray(at));
    this.#bytes.fill(48, this.#first, end);  // "0"
    this.#bytes[end] = 0x80;
    new DataView(this.#bytes.buffer).setUint32(block - 4, (whole.length + places) * 8);
  }

  /** Tries so many; the number, or null when it was none of them. */
  run(count: number): string | null {
    const bytes = this.#bytes;
    for (let i = 0; i < count; i++) {
      load(bytes, 0);
      compress(this.#before, this.#out);
      this.tried++;
      if (Math.clz32(this.#out[0]!) >= this.#bits) {
        return String.fromCharCode(...bytes.subarray(this.#first, this.#first + places));
      }
      let digit = this.#first + places - 1;
      while (bytes[digit] === 57) bytes[digit--] = 48;
      bytes[digit]!++;
    }
    return null;
  }
}
