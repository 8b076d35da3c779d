//! The people and companies of the demo. All of them are made up.

/// Fields an administrator added to Lead.
pub(super) const CUSTOM_FIELDS: [&str; 5] = [
    "Interest__c | picklist 255 | CUNP | 関心事 | values=予約の自動化, Salesforce連携, フォーム改善, その他",
    "Budget__c | currency 16,0 | CUNP | ご予算",
    "Products__c | multipicklist 4099 | CUNP | ご検討の製品 | values=商談予約, フォーム, Web接客, データ連携",
    "VisitReason__c | textarea 32768 | CUNP | ご相談内容 | extra=plaintextarea",
    "SourceUrl__c | url 255 | CUNP | 流入元URL",
];

/// Last name, first name, e-mail, title.
pub(super) const USERS: [(&str, &str, &str, &str); 3] = [
    ("佐藤", "遥", "haruka.sato@tsugite.example", "インサイドセールス"),
    ("田中", "健司", "kenji.tanaka@tsugite.example", "営業マネージャー"),
    ("鈴木", "美咲", "misaki.suzuki@tsugite.example", "カスタマーサクセス"),
];

/// Name, industry, prefecture, city, domain, employees.
pub(super) const ACCOUNTS: [(&str, &str, &str, &str, &str, i64); 20] = [
    ("青葉精機株式会社", "Manufacturing", "宮城県", "仙台市", "aoba-seiki.example", 240),
    ("株式会社みなと商会", "Retail", "神奈川県", "横浜市", "minato-shokai.example", 85),
    ("北斗システムズ株式会社", "Technology", "北海道", "札幌市", "hokuto-systems.example", 130),
    ("株式会社若竹製作所", "Manufacturing", "愛知県", "名古屋市", "wakatake.example", 420),
    ("光陽メディカル株式会社", "Healthcare", "大阪府", "大阪市", "koyo-medical.example", 310),
    ("株式会社せせらぎ出版", "Media", "東京都", "文京区", "seseragi.example", 46),
    ("東雲物流株式会社", "Transportation", "千葉県", "船橋市", "shinonome-logi.example", 560),
    ("株式会社あかつき建設", "Construction", "埼玉県", "さいたま市", "akatsuki-kensetsu.example", 180),
    ("白鷺電子工業株式会社", "Electronics", "兵庫県", "姫路市", "shirasagi-denshi.example", 720),
    ("株式会社こもれび", "Hospitality", "長野県", "松本市", "komorebi.example", 58),
    ("翠山食品株式会社", "Food & Beverage", "静岡県", "静岡市", "suizan-foods.example", 265),
    ("株式会社かけはし教育", "Education", "京都府", "京都市", "kakehashi-edu.example", 92),
    ("千歳エネルギー株式会社", "Energy", "福岡県", "福岡市", "chitose-energy.example", 640),
    ("株式会社ひだまり保険", "Insurance", "広島県", "広島市", "hidamari-hoken.example", 150),
    ("潮見通信株式会社", "Telecommunications", "東京都", "江東区", "shiomi-tsushin.example", 380),
    ("株式会社結び目デザイン", "Consulting", "石川県", "金沢市", "musubime.example", 24),
    ("朝凪化学株式会社", "Chemicals", "岡山県", "倉敷市", "asanagi-chem.example", 490),
    ("株式会社つばめ印刷", "Media", "新潟県", "燕市", "tsubame-print.example", 67),
    ("深緑環境株式会社", "Environmental", "岐阜県", "高山市", "shinryoku.example", 73),
    ("株式会社星降る観光", "Recreation", "沖縄県", "石垣市", "hoshifuru.example", 39),
];

/// Last name, first name, the part of the e-mail before the sign, title; one for each account.
pub(super) const CONTACTS: [(&str, &str, &str, &str); 20] = [
    ("高橋", "直樹", "naoki.takahashi", "情報システム部 部長"),
    ("伊藤", "彩", "aya.ito", "販売企画課 課長"),
    ("渡辺", "翔太", "shota.watanabe", "開発本部長"),
    ("山本", "久美子", "kumiko.yamamoto", "総務部 主任"),
    ("中村", "大輔", "daisuke.nakamura", "医療営業部 部長"),
    ("小林", "麻衣", "mai.kobayashi", "編集部"),
    ("加藤", "誠", "makoto.kato", "物流企画室 室長"),
    ("吉田", "由紀", "yuki.yoshida", "経営企画部"),
    ("山田", "隆", "takashi.yamada", "生産技術部 課長"),
    ("佐々木", "葵", "aoi.sasaki", "支配人"),
    ("山口", "浩一", "koichi.yamaguchi", "マーケティング部 部長"),
    ("松本", "千尋", "chihiro.matsumoto", "教務課"),
    ("井上", "剛", "tsuyoshi.inoue", "設備管理部"),
    ("木村", "恵", "megumi.kimura", "営業推進部 主任"),
    ("林", "修平", "shuhei.hayashi", "法人営業部 部長"),
    ("清水", "七海", "nanami.shimizu", "代表"),
    ("斎藤", "和也", "kazuya.saito", "購買部 課長"),
    ("池田", "真由美", "mayumi.ikeda", "営業部"),
    ("橋本", "悠", "yu.hashimoto", "環境調査室"),
    ("阿部", "涼子", "ryoko.abe", "企画部 部長"),
];

/// Last name, first name, company, e-mail, title, status.
pub(super) const LEADS: [(&str, &str, &str, &str, &str, &str); 20] = [
    (
        "森",
        "太一",
        "株式会社さざなみ工房",
        "taichi.mori@sazanami.example",
        "代表取締役",
        "Working - Contacted",
    ),
    (
        "石川",
        "優子",
        "日向ソフト株式会社",
        "yuko.ishikawa@hinata-soft.example",
        "営業部 課長",
        "Open - Not Contacted",
    ),
    (
        "前田",
        "拓海",
        "株式会社はやぶさ運輸",
        "takumi.maeda@hayabusa.example",
        "配車係長",
        "Open - Not Contacted",
    ),
    ("藤田", "真理", "雪割草株式会社", "mari.fujita@yukiwari.example", "広報", "Working - Contacted"),
    (
        "後藤",
        "亮",
        "株式会社木洩日住建",
        "ryo.goto@komorebi-juken.example",
        "工事部長",
        "Open - Not Contacted",
    ),
    ("岡田", "美穂", "帆風株式会社", "miho.okada@hokaze.example", "人事課", "Open - Not Contacted"),
    ("長谷川", "健", "株式会社千鳥製菓", "ken.hasegawa@chidori.example", "商品企画", "Working - Contacted"),
    ("村上", "さくら", "有限会社麦の穂", "sakura.murakami@muginoho.example", "店長", "Open - Not Contacted"),
    (
        "近藤",
        "雄大",
        "株式会社銀河測量",
        "yudai.kondo@ginga-survey.example",
        "技術部",
        "Closed - Not Converted",
    ),
    ("坂本", "奈々", "株式会社いろは学習塾", "nana.sakamoto@iroha.example", "教室長", "Open - Not Contacted"),
    (
        "遠藤",
        "哲也",
        "八重垣工業株式会社",
        "tetsuya.endo@yaegaki.example",
        "資材部 部長",
        "Working - Contacted",
    ),
    ("青木", "瞳", "株式会社花束", "hitomi.aoki@hanataba.example", "マーケティング", "Open - Not Contacted"),
    (
        "藤井",
        "圭介",
        "汐風リゾート株式会社",
        "keisuke.fujii@shiokaze.example",
        "予約センター長",
        "Open - Not Contacted",
    ),
    ("西村", "梓", "株式会社綾織", "azusa.nishimura@ayaori.example", "経理", "Open - Not Contacted"),
    ("福田", "陽介", "北辰警備株式会社", "yosuke.fukuda@hokushin.example", "営業所長", "Working - Contacted"),
    ("太田", "萌", "株式会社つむぎ介護", "moe.ota@tsumugi-care.example", "施設長", "Open - Not Contacted"),
    ("三浦", "一樹", "株式会社白波水産", "kazuki.miura@shiranami.example", "販売部", "Open - Not Contacted"),
    (
        "岡本",
        "紗季",
        "翡翠インテリア株式会社",
        "saki.okamoto@hisui.example",
        "デザイナー",
        "Open - Not Contacted",
    ),
    ("松田", "弘", "株式会社山彦農園", "hiroshi.matsuda@yamabiko.example", "園主", "Open - Not Contacted"),
    (
        "中島",
        "楓",
        "朧月株式会社",
        "kaede.nakajima@oborozuki.example",
        "情報システム",
        "Open - Not Contacted",
    ),
];

/// Name, stage, amount, days until it closes.
pub(super) const OPPORTUNITIES: [(&str, &str, i64, i64); 6] = [
    ("青葉精機 予約システム導入", "Proposal/Price Quote", 4_800_000, 30),
    ("みなと商会 フォーム刷新", "Qualification", 1_200_000, 60),
    ("北斗システムズ データ連携", "Negotiation/Review", 7_500_000, 14),
    ("若竹製作所 Web接客", "Prospecting", 900_000, 90),
    ("光陽メディカル 商談予約", "Closed Won", 3_600_000, -10),
    ("せせらぎ出版 商談予約", "Needs Analysis", 600_000, 45),
];
