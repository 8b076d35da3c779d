//! Made-up visitors and companies, the same in every demo.

use domain::booking::Attendee;
use domain::value::{EmailAddress, EmailError, PersonName};

const FAMILIES: [(&str, &str); 18] = [
    ("山本", "yamamoto"),
    ("中村", "nakamura"),
    ("小林", "kobayashi"),
    ("加藤", "kato"),
    ("吉田", "yoshida"),
    ("佐々木", "sasaki"),
    ("山口", "yamaguchi"),
    ("松本", "matsumoto"),
    ("井上", "inoue"),
    ("木村", "kimura"),
    ("清水", "shimizu"),
    ("山崎", "yamazaki"),
    ("池田", "ikeda"),
    ("橋本", "hashimoto"),
    ("阿部", "abe"),
    ("石井", "ishii"),
    ("小川", "ogawa"),
    ("岡田", "okada"),
];

const GIVEN: [(&str, &str); 14] = [
    ("直人", "naoto"),
    ("由美", "yumi"),
    ("健太", "kenta"),
    ("麻衣", "mai"),
    ("大輔", "daisuke"),
    ("恵子", "keiko"),
    ("誠", "makoto"),
    ("裕子", "yuko"),
    ("翔", "sho"),
    ("彩香", "ayaka"),
    ("隆", "takashi"),
    ("奈々", "nana"),
    ("剛", "tsuyoshi"),
    ("千春", "chiharu"),
];

const COMPANIES: [(&str, &str); 20] = [
    ("株式会社あおぞら食品", "aozora-foods"),
    ("東都精密工業株式会社", "toto-seimitsu"),
    ("株式会社みらいロジ", "mirai-logi"),
    ("さくら会計事務所", "sakura-kaikei"),
    ("株式会社北陸テック", "hokuriku-tech"),
    ("日の出建設株式会社", "hinode-kensetsu"),
    ("株式会社リバーサイド", "riverside"),
    ("九州化成株式会社", "kyushu-kasei"),
    ("株式会社コトノハ出版", "kotonoha"),
    ("瀬戸内海運株式会社", "setouchi-kaiun"),
    ("株式会社ノースフィールド", "northfield"),
    ("つばさ介護サービス株式会社", "tsubasa-care"),
    ("株式会社エムズデザイン", "ems-design"),
    ("関東電材株式会社", "kanto-denzai"),
    ("株式会社グリーンファーム", "green-farm"),
    ("三河自動車部品株式会社", "mikawa-parts"),
    ("株式会社ブルーオーシャン", "blue-ocean"),
    ("中央印刷株式会社", "chuo-print"),
    ("株式会社フロンティア薬品", "frontier-pharma"),
    ("信州観光開発株式会社", "shinshu-kanko"),
];

/// Numbers that look arbitrary and are the same every time.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `sides`.
    pub(super) fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        let place = usize::try_from(self.roll(all.len() as u64)).unwrap_or_default();
        all[place]
    }
}

/// Someone who books.
pub(super) fn visitor(dice: &mut Dice) -> Result<Attendee, EmailError> {
    let (family, romaji) = dice.pick(&FAMILIES);
    let (given, given_romaji) = dice.pick(&GIVEN);
    let (company, domain) = dice.pick(&COMPANIES);
    Ok(Attendee {
        email: EmailAddress::parse(&format!("{given_romaji}.{romaji}@{domain}.example"))?,
        name: PersonName::Split { family_name: family.to_owned(), given_name: given.to_owned() },
        company: company.to_owned(),
    })
}

const REASONS: [&str; 6] = [
    "予約からSalesforceへの登録を自動化したいです。",
    "現在のフォームからの移行について相談したいです。",
    "料金と導入までの期間を知りたいです。",
    "複数の部署で使う場合の設定を教えてください。",
    "セミナー後のフォローに使えるか確認したいです。",
    "",
];

const TITLES: [&str; 6] =
    ["営業部長", "マーケティング担当", "情報システム部 課長", "代表取締役", "営業企画", ""];

/// What someone wants to talk about.
pub(super) fn reason(dice: &mut Dice) -> &'static str {
    dice.pick(&REASONS)
}

/// A job title.
pub(super) fn title(dice: &mut Dice) -> &'static str {
    dice.pick(&TITLES)
}
