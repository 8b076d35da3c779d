// Numbers that never leave the page, whatever anybody has mapped: of cards, and of persons (マイナンバー).

/** Whether a number has the check digit of a card (Luhn) or of a person (マイナンバー). */
const isChecked = (digits) => {
  let card = 0;
  let person = 0;
  [...digits].reverse().forEach((digit, place) => {
    card += +(place % 2 ? "0246813579"[digit] : digit);
    person += digit * (place < 7 ? place + 1 : place - 5);
  });
  // A rest of 1 is a person's number too, when its check digit is 0.
  return digits[12] ? !digits[19] && !(card % 10) : digits[11] && person % 11 < 2;
};

/** Whether there is such a number in a text, also with blanks or hyphens in it. */
export const holdsNumber = (text) =>
  (text.match(/\+?\d[\d -]{10,}/g) || []).some((run) => {
    const groups = run.split(/[ -]+/);
    return groups.some((_, from) => {
      let joined = "";
      return groups.slice(from).some((group) => isChecked(joined += group));
    });
  });
