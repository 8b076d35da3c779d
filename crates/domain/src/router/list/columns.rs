//! Which column of a file is which: by the words of its first row, or by their order where it has none.

use crate::router::ListKey;
use crate::router::list::ListKind;
use crate::value::{FieldProblem, Language, match_key};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The value that is listed.
    Value,
    /// The group's main domain.
    MainDomain,
    /// 順番
    Order,
    /// 項目
    Fact,
    /// 演算子
    Operator,
    /// What is compared with.
    Operand,
    /// Members or a group.
    Who,
    /// 面談タイプ
    MeetingType,
}

const EMAIL: &[&str] = &["値", "value", "キー", "key", "メールアドレス", "メール", "email", "e-mail", "mail"];
const DOMAIN: &[&str] =
    &["値", "value", "キー", "key", "ドメイン", "メールドメイン", "会社のドメイン", "domain"];
const CORPORATE_NUMBER: &[&str] =
    &["値", "value", "キー", "key", "法人番号", "corporate_number", "corporate number"];
const ALIAS: &[&str] = &["ドメイン", "グループ会社のドメイン", "グループ会社", "domain", "alias"];
const MAIN_DOMAIN: &[&str] =
    &["代表ドメイン", "代表のドメイン", "メインドメイン", "親会社のドメイン", "main_domain", "main domain"];
const WHO: &[&str] = &[
    "ユーザー",
    "グループ",
    "ユーザー/グループ",
    "ユーザー・グループ",
    "ユーザーまたはグループ",
    "ユーザーのメールアドレス",
    "担当者",
    "割当先",
    "割り当て先",
    "user",
    "users",
    "group",
    "user/group",
    "users/group",
    "member",
    "members",
    "assignee",
];
const MEETING_TYPE: &[&str] = &["面談タイプ", "予約ページ", "meeting_type", "meeting type", "page"];
const ORDER: &[&str] = &["順番", "順序", "order"];
const FACT: &[&str] = &["項目", "対象項目", "fact", "field"];
const OPERATOR: &[&str] = &["演算子", "評価方法", "operator"];
const OPERAND: &[&str] = &["値", "評価基準", "value", "values"];

impl Column {
    /// The word of a downloaded file, and for the catalogues (`list-column-{name}`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::MainDomain => "main_domain",
            Self::Order => "order",
            Self::Fact => "fact",
            Self::Operator => "operator",
            Self::Operand => "operand",
            Self::Who => "users",
            Self::MeetingType => "meeting_type",
        }
    }

    /// The columns of a kind, in the order in which a file without a first row of words has them.
    pub const fn of(kind: ListKind) -> &'static [Self] {
        match kind {
            ListKind::Values => &[Self::Value],
            ListKind::Assignments => &[Self::Value, Self::Who, Self::MeetingType],
            ListKind::Table => {
                &[Self::Order, Self::Fact, Self::Operator, Self::Operand, Self::Who, Self::MeetingType]
            }
            ListKind::Aliases => &[Self::Value, Self::MainDomain],
        }
    }

    /// Whether a file of words without it makes no sense.
    const fn is_required(self) -> bool {
        !matches!(self, Self::Who | Self::MeetingType)
    }

    /// Its heading in files that are written here; readers take each of them.
    pub fn heading(self, kind: ListKind, by: Option<ListKey>, language: Language) -> &'static str {
        let words = self.words(kind, by);
        let fits = |word: &&&str| word.is_ascii() == (language == Language::English);
        words.iter().find(fits).or(words.first()).copied().unwrap_or_default()
    }

    const fn words(self, kind: ListKind, by: Option<ListKey>) -> &'static [&'static str] {
        match self {
            Self::Value => match (kind, by) {
                (ListKind::Aliases, _) => ALIAS,
                (_, Some(ListKey::Domain)) => DOMAIN,
                (_, Some(ListKey::CorporateNumber)) => CORPORATE_NUMBER,
                _ => EMAIL,
            },
            Self::MainDomain => MAIN_DOMAIN,
            Self::Order => ORDER,
            Self::Fact => FACT,
            Self::Operator => OPERATOR,
            Self::Operand => OPERAND,
            Self::Who => WHO,
            Self::MeetingType => MEETING_TYPE,
        }
    }
}

/// The columns of a file, by their places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListColumns {
    at: Vec<Option<Column>>,
    /// The first row was words, and no row of the list.
    pub has_words: bool,
}

impl ListColumns {
    /// Reads the first row. Without a word that is known it is a row of the list, and the order says what is what.
    pub fn read(kind: ListKind, by: Option<ListKey>, first: &[&str]) -> Result<Self, Vec<FieldProblem>> {
        let known = |cell: &str| {
            let key = match_key(cell);
            let fits = |column: &&Column| column.words(kind, by).iter().any(|word| match_key(word) == key);
            Column::of(kind).iter().find(fits).copied()
        };
        if !first.iter().any(|cell| known(cell).is_some()) {
            let at = Column::of(kind).iter().copied().map(Some).collect();
            return Ok(Self { at, has_words: false });
        }
        let mut at = Vec::new();
        let mut problems = Vec::new();
        for cell in first {
            let column = known(cell);
            if column.is_none() && !cell.trim().is_empty() {
                problems.push(FieldProblem::new("", "list-column-unknown").with("column", cell.trim()));
            }
            // Users and groups may stand in a column each.
            let is_twice = column.is_some_and(|one| one != Column::Who) && at.contains(&column);
            if is_twice {
                problems.push(FieldProblem::new("", "list-column-twice").with("column", cell.trim()));
            }
            at.push(column);
        }
        let missing = Column::of(kind).iter().filter(|one| one.is_required() && !at.contains(&Some(**one)));
        problems.extend(missing.map(|column| {
            FieldProblem::new("", "list-column-missing").with("column", column.words(kind, by)[0])
        }));
        if problems.is_empty() { Ok(Self { at, has_words: true }) } else { Err(problems) }
    }

    /// A column's cell of a row; nothing where the row has none.
    pub fn cell<'r>(&self, row: &[&'r str], column: Column) -> &'r str {
        let place = self.at.iter().position(|one| *one == Some(column));
        place.and_then(|place| row.get(place)).map_or("", |cell| cell.trim())
    }

    /// Who meets the visitor, in whichever of the columns for users and groups it stands; `None` if it stands in two.
    pub fn who<'r>(&self, row: &[&'r str]) -> Option<&'r str> {
        let columns = self.at.iter().zip(row).filter(|(column, _)| **column == Some(Column::Who));
        let mut said = columns.map(|(_, cell)| cell.trim()).filter(|cell| !cell.is_empty());
        let first = said.next().unwrap_or_default();
        said.next().is_none().then_some(first)
    }

    /// The first cell that stands in no column.
    pub fn beyond<'r>(&self, row: &[&'r str]) -> Option<&'r str> {
        let stray = |(place, cell): &(usize, &&str)| {
            self.at.get(*place).copied().flatten().is_none() && !cell.trim().is_empty()
        };
        row.iter().enumerate().find(stray).map(|(_, cell)| cell.trim())
    }
}
