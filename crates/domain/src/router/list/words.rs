//! The words of facts and operators in routing lists: ours, and those that immedio writes. Each is taken exactly.

use crate::router::{Fact, RouteOperator};
use crate::value::match_key;

/// Words for facts besides their own names.
const FACTS: &[(&str, &str)] = &[
    ("メールアドレス", "email"),
    ("Eメール", "email"),
    ("メール", "email"),
    ("ドメイン", "email.domain"),
    ("メールドメイン", "email.domain"),
    ("メールアドレスのドメイン", "email.domain"),
    ("フリーメール", "email.free_mail"),
    ("URL", "url"),
    ("ページURL", "url"),
    ("フォームURL", "url"),
    ("form_url", "url"),
    ("パス", "url.path"),
    ("リファラー", "referrer"),
    ("リファラ", "referrer"),
    ("言語", "language"),
    ("法人番号", "answer.corporate_number"),
    ("corporate_number", "answer.corporate_number"),
];

/// Words for operators besides their own names.
const OPERATORS: &[(&str, RouteOperator)] = &[
    ("等しい", RouteOperator::Equals),
    ("と等しい", RouteOperator::Equals),
    ("に等しい", RouteOperator::Equals),
    ("一致する", RouteOperator::Equals),
    ("次と一致する", RouteOperator::Equals),
    ("完全一致", RouteOperator::Equals),
    ("=", RouteOperator::Equals),
    ("等しくない", RouteOperator::NotEquals),
    ("と等しくない", RouteOperator::NotEquals),
    ("一致しない", RouteOperator::NotEquals),
    ("次と一致しない", RouteOperator::NotEquals),
    ("含む", RouteOperator::Contains),
    ("を含む", RouteOperator::Contains),
    ("次を含む", RouteOperator::Contains),
    ("部分一致", RouteOperator::Contains),
    ("含まない", RouteOperator::NotContains),
    ("を含まない", RouteOperator::NotContains),
    ("次を含まない", RouteOperator::NotContains),
    ("始まる", RouteOperator::StartsWith),
    ("で始まる", RouteOperator::StartsWith),
    ("次で始まる", RouteOperator::StartsWith),
    ("次の値で始まる", RouteOperator::StartsWith),
    ("前方一致", RouteOperator::StartsWith),
    ("終わる", RouteOperator::EndsWith),
    ("で終わる", RouteOperator::EndsWith),
    ("次で終わる", RouteOperator::EndsWith),
    ("次の値で終わる", RouteOperator::EndsWith),
    ("後方一致", RouteOperator::EndsWith),
    ("いずれかに等しい", RouteOperator::In),
    ("いずれかと一致する", RouteOperator::In),
    ("次のいずれかと一致する", RouteOperator::In),
    ("いずれにも等しくない", RouteOperator::NotIn),
    ("いずれとも一致しない", RouteOperator::NotIn),
    ("次のいずれとも一致しない", RouteOperator::NotIn),
    ("より大きい", RouteOperator::GreaterThan),
    ("次より大きい", RouteOperator::GreaterThan),
    (">", RouteOperator::GreaterThan),
    ("以上", RouteOperator::GreaterOrEqual),
    ("次以上", RouteOperator::GreaterOrEqual),
    (">=", RouteOperator::GreaterOrEqual),
    ("より小さい", RouteOperator::LessThan),
    ("次より小さい", RouteOperator::LessThan),
    ("未満", RouteOperator::LessThan),
    ("<", RouteOperator::LessThan),
    ("以下", RouteOperator::LessOrEqual),
    ("次以下", RouteOperator::LessOrEqual),
    ("<=", RouteOperator::LessOrEqual),
    ("値がある", RouteOperator::Exists),
    ("存在する", RouteOperator::Exists),
    ("入力されている", RouteOperator::Exists),
    ("空ではない", RouteOperator::Exists),
    ("値がない", RouteOperator::NotExists),
    ("存在しない", RouteOperator::NotExists),
    ("入力されていない", RouteOperator::NotExists),
    ("空である", RouteOperator::NotExists),
];

/// The fact of a word; `None` for any other text.
pub fn fact_of(word: &str) -> Option<Fact> {
    let key = match_key(word);
    let known = FACTS.iter().find(|(known, _)| match_key(known) == key);
    Fact::parse(known.map_or(word.trim(), |(_, name)| name))
}

/// The operator of a word; `None` for any other text.
pub fn operator_of(word: &str) -> Option<RouteOperator> {
    let key = match_key(word);
    let known = OPERATORS.iter().find(|(known, _)| match_key(known) == key).map(|(_, operator)| *operator);
    known.or_else(|| RouteOperator::from_name(&key))
}
