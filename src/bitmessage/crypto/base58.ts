/** Base 58: the digits of Bitmessage addresses and of WIF keys. */

/** The digits in the order of their values. */
export const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/**
 * Writes bytes as one big number. Leading zero bytes are lost: neither addresses nor WIF keys begin with one (PROTOCOL 3.3).
 */
export function encodeBase58(bytes: Uint8Array): string {
  let number = bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  let text = '';
  while (number > 0n) {
    text = ALPHABET[Number(number % 58n)] + text;
    number /= 58n;
  }
  return text;
}

/** The number's bytes in minimal length, or undefined when a character is not a digit. An empty text is the number 0: no bytes. */
export function decodeBase58(text: string): Uint8Array | undefined {
  let number = 0n;
  for (const character of text) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) return undefined;
    number = number * 58n + BigInt(digit);
  }
  if (number === 0n) return new Uint8Array();
  const hex = number.toString(16);
  return new Uint8Array(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'));
}
