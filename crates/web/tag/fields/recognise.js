// What an input asks for: by its autocomplete token, its type, its name, then by the texts around it.

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
  ["name", /氏名|姓名|お名前|^名前|担当者|芳名|^((your|full|contact|customer|person) )*name( \d)?$|^person$/],
];

const plain = (text) =>
  text.replace(/([a-z])([A-Z])/g, "$1 $2").normalize("NFKC").toLowerCase()
    .replace(/[ァ-ヶ]/g, (letter) => String.fromCharCode(letter.charCodeAt() - 96))
    .replace(/必須|任意|required|optional|[*※:\s_\-[\].]+/g, " ").trim();

/** The property that a text names, "-" for something that is none of ours, or nothing. */
export const propertyOf = (text) => {
  const words = plain(text);
  return words && (RULES.find(([, rule]) => rule.test(words)) || [])[0];
};

/** What a field of an attempt asks for. */
export const recognise = ({ name, type, token, texts }) => {
  if (!/^(text|email|tel|select-one)$/.test(type)) return;
  let found = TOKENS[token.split(" ").pop()] || propertyOf(name);
  if (!found && type == "email") found = "email";
  if (!found && type == "tel") found = "phone";
  for (const text of texts) found ||= propertyOf(text);
  return found;
};
