// The work that is asked of an address that has booked a lot.

const zeros = (bytes) => {
  let count = 0;
  for (const byte of bytes) {
    if (byte) return count + Math.clz32(byte) - 24;
    count += 8;
  }
  return count;
};

/** A number that makes a hash begin with so many zero bits; nothing where the browser has no hashes. */
export const solve = async ({ challenge, bits }) => {
  if (!globalThis.crypto?.subtle) return;
  const encoder = new TextEncoder();
  for (let number = 0; ; number++) {
    const digest = await crypto.subtle.digest("SHA-256", encoder.encode(`${challenge}.${number}`));
    if (zeros(new Uint8Array(digest)) >= bits) return String(number);
  }
};
