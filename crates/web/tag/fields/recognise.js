// What an input asks for: by its autocomplete token, by the texts around it, then by its name and its type. What people
// read is more reliable than a name: "kana" may be a company's, and "user_name" a person's.

const TOKENS = {
  email: "email", name: "name", "family-name": "family_name", "given-name": "given_name", organization: "company",
  tel: "phone", "tel-national": "phone", "organization-title": "title",
};

const READING = "(?:かな|がな|ふり|kana|furi|ruby|読み|よみ|yomi)";
const OTHERS = "(?:会社|社名|貴社|御社|企業|法人|団体|組織|店|company|corp|organi[sz]ation)";

/** A text that only names a person, with the words that may stand before it. */
const PERSON = /^(?:(?:your|full|contact|customer|person|guest|attendee|applicant|participant|visitor|user|client|member|parent'?s?|representative|contact'?s) )*names?(?: \d)?(?: \(.*)?$|^contact person|name of (?:the )?(?:contact|person|applicant)/;

// Tried from the top; "-" is known to be none of ours. Katakana are hiragana here, and signs between words are blanks.
const RULES = [
  ["-", /確認(?!めーる)|再入力|再度|もう一度|\(再\)|confirm|verif|again|repeat|re ?(enter|type)|\bfax|ふぁっ?くす|内線|\bext\b|件名|題名|subject|時間|\btime|規模|人数|従業員|社員数|業種|業界|industry|\bsize|employees|紹介|refer|introduc|弊社|当社|営業担当|担当営業|めるまが|newsletter|にっく|nick|ろぐいん|login|ゆーざー(名|id)|user ?(name|id)$|お子|こども|子供|child|届け先|送付先|\bship|上司|緊急|emergency|ろーま字|roman|同伴|\bpet|ぺっと|宛名|名義|番号の/],
  ["-", new RegExp(`${OTHERS}.*${READING}|部署.{0,4}役職|個人.{0,3}法人`)],
  ["family_kana", new RegExp(`^せい\\b|せい\\)?$|(\\bsei(?!mei)|last|family|姓(?!名)|氏 ?\\().*${READING}|${READING}.*(\\bsei(?!mei)|last|family|姓(?!名))`)],
  ["given_kana", new RegExp(`^めい\\b|めい\\)?$|(\\bmei|first|given|\\b名|\\(名|[( ]名\\)).*${READING}|${READING}.*(\\bmei|first|given|\\(名|[ (]名\\)?$)`)],
  ["kana", new RegExp(READING)],
  ["email", /mail(?!ing)|めーる|めるあど|@/],
  ["-", /住所|所在|address|郵便|〒|zip|post ?code|postal|\burl|http|ほーむぺーじ|さいと|web|\bsite|\brole|product|商品|製品|さーびす|いべんと|せみなー|物件|建物|びる|資料|注文|契約番号|会員番号|予算|内容|備考|きっかけ|国名|country/],
  ["phone", /電話|\btel|phone|携帯|mobile|\bcell|contact number|direct line|\d{2,4}[ -]\d{2,4}[ -]\d{3,4}/],
  ["department", /部署|部門|department|\bdept|division/],
  ["title", /役職|職位|肩書|^(job )?title$|\bposition|job ?title/],
  ["company", /会社|社名|貴社|御社|企業|法人|団体|組織|勤務先|勤め先|^所属|所属(会社|企業|機関|組織|先|団体)|屋号|商号|事業所|施設名|病院名|医療機関|学校名|大学名|取引先|company|\bcorp|\borg\b|organi[sz]ation|employer|business name|firma/],
  ["family_name", /(^|[^ぁ-ん一-龠])姓(?!名)|^氏$|苗字|名字|last|family|surname|\bsei\b|nachname/],
  ["given_name", /(^|[( :・])名\)?$|^名 ?\(|下の名|first|forename|given|\bmei\b|vorname/],
  ["name", /氏名|姓名|名前|担当|芳名|(者|主|人|様)(様|さま)?(の|お)*名|依頼主|^(本|記者|医師)名|^person$/],
  ["name", PERSON],
];

const plain = (text) =>
  text.replace(/([a-z])([A-Z])/g, "$1 $2").normalize("NFKC").toLowerCase()
    .replace(/[ァ-ヶ]/g, (letter) => String.fromCharCode(letter.charCodeAt() - 96))
    .replace(/必須|任意|required|optional|\(\)|^(please )?enter( your)?|を?(ご?(記入|入力))(して|ください)*|[*※:\s_\-[\].]+/g, " ").trim();

/** The property that a text names, "-" for something that is none of ours, or nothing. */
export const propertyOf = (text) => {
  const words = plain(text);
  return words && (RULES.find(([, rule]) => rule.test(words)) || [])[0];
};

const isReading = (property) => /kana/.test(property);
const partOf = (property) => (property.match(/^(family|given)/) || [])[0];

/** What a field of an attempt asks for. */
export const recognise = ({ name, type, token, texts }) => {
  if (!/^(text|email|tel|select-one)$/.test(type)) return;
  const known = TOKENS[token.split(" ").pop()];
  if (known) return known;
  const told = texts.map(propertyOf).filter(Boolean);
  const named = propertyOf(name);
  let [found] = told;
  if (!found) found = named || { email: "email", tel: "phone" }[type];
  if (!/name|kana/.test(found)) return found;
  // "お名前" over two inputs says less than "姓" beside one of them, or than its name.
  const all = [...told, named].filter((one) => /name|kana/.test(one));
  const part = all.map(partOf).find(Boolean);
  const kind = all.some(isReading) ? "kana" : "name";
  return part ? `${part}_${kind}` : kind;
};
