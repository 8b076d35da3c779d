// What an input asks for: by its autocomplete token, its type, its name, then by the texts around it.

import { attribute, inputsOf, isForm } from "./page.js";

const TOKENS = {
  email: "email", name: "name", "family-name": "family_name", "given-name": "given_name", organization: "company",
  tel: "phone", "tel-national": "phone", "organization-title": "title",
};

// Tried from the top; "-" is known to be something else. Katakana are hiragana here, and signs between words are blanks.
const RULES = [
  ["-", /確認(?!めーる)|再入力|再度|もう一度|confirm|verif|again|repeat|re ?(enter|type)|fax|ふぁっ?くす|内線|\bext|件名|題名|subject|時間|\btime|規模|人数|従業員|業種|業界|industry|size|employees|url|http|住所|所在|郵便|〒|zip|postal|紹介|refer|弊社|当社|めるまが|user|ゆーざー|にっく|nick|login|ろぐいん|newsletter/],
  ["-", /(会社|社名|企業|法人|団体|company|corp|org).*(かな|ふり|kana|ruby|読)/],
  ["family_kana", /^せい\b|せい\)?$|(sei|last|family|姓|氏 ?\().*(かな|ふり|kana|ruby)|(かな|ふり|kana|ruby).*(sei|last|family|姓)/],
  ["given_kana", /^めい\b|めい\)?$|(mei|first|given|\b名|\(名).*(かな|ふり|kana|ruby)|(かな|ふり|kana|ruby).*(mei|first|given|\(名|名$)/],
  ["kana", /かな|ふり|kana|furi|ruby|読み|よみ/],
  ["email", /mail(?!ing)|めーる|@/],
  ["phone", /電話|\btel|phone|携帯|mobile|\d{2,4}-\d{2,4}-\d{4}/],
  ["department", /部署|部門|department|\bdept/],
  ["title", /役職|肩書|job ?title|\bposition/],
  ["company", /会社|社名|貴社|御社|企業|法人|団体|組織|勤務先|所属|屋号|company|\bcorp|organi[sz]ation|employer/],
  ["family_name", /姓(?!名)|^氏$|苗字|名字|last|family|surname|\bsei\b/],
  ["given_name", /(^|[( :・])名\)?$|^名 ?\(|first|given|\bmei\b/],
  ["name", /氏名|姓名|お名前|^名前|担当者|芳名|^((your|full|contact|customer|person) )*name( \d)?$/],
];

const plain = (text) =>
  text.replace(/([a-z])([A-Z])/g, "$1 $2").normalize("NFKC").toLowerCase()
    .replace(/[ァ-ヶ]/g, (letter) => String.fromCharCode(letter.charCodeAt() - 96))
    .replace(/必須|任意|required|optional|[*※:\s_[\].]+/g, " ").trim();

/** The property that a text names, "-" for something that is none of ours, or nothing. */
export const propertyOf = (text) => {
  const words = plain(text);
  return words.length < 60 ? (RULES.find(([, rule]) => rule.test(words)) || [])[0] : undefined;
};

/** Texts that may name an input, the likeliest first. */
function* textsOf(input) {
  yield attribute(input, "aria-label");
  for (const label of input.labels || []) yield label.textContent;
  // What stands before it: a label, or the `th`, `dt` or text of its row. Inputs side by side may share one.
  let node = input;
  for (let level = 0; level < 5 && node && !isForm(node); level++, node = node.parentNode) {
    for (let before = node.previousSibling, said; before; before = before.previousSibling) {
      const text = /[^\W\d]|[^\0-ÿ]/.test(before.textContent) && before.textContent;
      if (before.nodeType == 1 && inputsOf(before.matches("input,select,textarea") ? before.parentNode : before)[0] && (said || text)) break;
      if (text) yield (said = text);
    }
  }
  yield input.placeholder || "";
  yield input.title;
}

/** What the input asks for. */
export const recognise = (input) => {
  if (!/^(text|email|tel|select-one)$/.test(input.type)) return;
  const token = TOKENS[input.autocomplete.split(" ").pop()];
  let found = token || propertyOf(input.name) || propertyOf(input.id);
  if (!found && input.type == "email") found = "email";
  if (!found && input.type == "tel") found = "phone";
  if (!found) for (const text of textsOf(input)) if ((found = propertyOf(text))) break;
  return found;
};

/** The label to show for an input that nobody has mapped yet. */
export const labelOf = (input) => {
  for (const text of textsOf(input)) if (text.trim()) return text.replace(/\s+/g, " ").trim().slice(0, 60);
};
