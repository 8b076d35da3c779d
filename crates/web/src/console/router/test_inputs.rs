//! The inputs of one comparison, and what it can compare.

use crate::console::router::node_rows::{TestRow, URL_QUERY};
use crate::text::translator::Translator;
use crate::ui::flowchart::words::ChartWords;
use crate::ui::input::{Control, Input};
use domain::router::{ChartContext, EMAIL_KEY, Fact, RouteOperator};

/// What the chart's conditions can ask, whatever is set up.
const FACTS: [Fact; 7] = [
    Fact::EmailFreeMail,
    Fact::EmailDomain,
    Fact::Email,
    Fact::Url,
    Fact::UrlPath,
    Fact::Referrer,
    Fact::Language,
];
/// Options of a question that a hint names.
const MAX_HINTED: usize = 12;

/// A list with the chosen value, which may be one that is no longer offered.
pub(super) fn select(input: Input, mut offered: Vec<(String, String)>, chosen: &str) -> Input {
    if !offered.iter().any(|(value, _)| value == chosen) {
        offered.push((chosen.to_owned(), chosen.to_owned()));
    }
    input.choices(Control::Select, offered, &[chosen.to_owned()])
}

/// The choice of nothing yet.
pub(super) fn choose_one(t: &Translator) -> Vec<(String, String)> {
    vec![(String::new(), t.text("choose-one"))]
}

/// One comparison, with the facts that it may compare.
pub(super) fn test(
    words: &ChartWords<'_>,
    at: usize,
    row: &TestRow,
    facts: Vec<(String, String)>,
) -> Vec<Input> {
    let t = words.t;
    let line = |name: &str, label: &str, value: &str| {
        Input::line(t, &format!("tests[{at}].{name}"), t.text(label), value)
    };
    let mut operators = choose_one(t);
    operators
        .extend(RouteOperator::ALL.map(|one| (one.name().to_owned(), t.word("route-operator", one.name()))));
    vec![
        select(line("fact", "node-fact", ""), facts, &row.fact),
        line("parameter", "node-parameter", &row.parameter).hint(t.text("node-parameter-hint")),
        select(line("operator", "node-operator", ""), operators, &row.operator),
        line("values", "node-values", &row.values).of(Control::Area).hint(values_hint(
            t,
            words.context,
            &row.fact,
        )),
    ]
}

/// Everything that a condition can ask: what every visitor brings, the questions, and the fields that are kept here.
pub(super) fn facts(words: &ChartWords<'_>) -> Vec<(String, String)> {
    let t = words.t;
    let mut offered = choose_one(t);
    offered.extend(FACTS.map(|fact| (fact.to_string(), words.fact(&fact))));
    offered.push((URL_QUERY.to_owned(), t.text("node-url-parameter")));
    // A question with that key asks for the address, which is offered already.
    let questions = words.context.questions.keys().filter(|key| *key != EMAIL_KEY);
    offered.extend(questions.map(|key| {
        let fact = Fact::Answer(key.clone());
        (fact.to_string(), words.choice(words.fact(&fact), key))
    }));
    let kept = words
        .context
        .copies
        .iter()
        .flat_map(|(object, paths)| paths.iter().map(|path| Fact::Record(*object, path.clone())));
    offered.extend(kept.map(|fact| (fact.to_string(), words.fact(&fact))));
    offered
}

/// Which values fit the fact that is chosen.
fn values_hint(t: &Translator, context: &ChartContext, fact: &str) -> String {
    let options: Vec<String> = match Fact::parse(fact) {
        Some(Fact::EmailFreeMail) => return t.text("node-values-truth"),
        Some(Fact::Language) => return t.text("node-values-language"),
        Some(Fact::Answer(key)) => context.questions.get(&key).cloned().unwrap_or_default(),
        Some(Fact::Record(object, path)) => {
            let fields = context.fields.get(&object);
            let known = fields.and_then(|all| all.iter().find(|one| one.name.eq_ignore_ascii_case(&path)));
            known.map(|known| known.options.iter().map(|one| one.value.clone()).collect()).unwrap_or_default()
        }
        _ => Vec::new(),
    };
    if options.is_empty() {
        return t.text("node-values-hint");
    }
    let named: Vec<String> = options.iter().take(MAX_HINTED).cloned().collect();
    let more = if options.len() > MAX_HINTED { t.text("node-values-more") } else { String::new() };
    t.sentence("node-values-options", [("options", t.list(named)), ("more", more)])
}
