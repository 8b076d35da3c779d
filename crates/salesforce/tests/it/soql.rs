use salesforce::SalesforceId;
use salesforce::soql::{
    Compare, Condition, DateLiteral, Decimal, Literal, Select, SoqlError, escape_like, quote,
};

/// Reads one SOQL string back, by the escapes of contract 5.2; `None` if it is not exactly one string.
fn unquote(soql: &str) -> Option<String> {
    let mut characters = soql.strip_prefix('\'')?.chars();
    let mut text = String::new();
    loop {
        match characters.next()? {
            '\'' => return characters.next().is_none().then_some(text),
            '\\' => text.push(match characters.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'b' => '\u{8}',
                'f' => '\u{c}',
                'u' => {
                    let digits: String = characters.by_ref().take(4).collect();
                    char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
                }
                same @ ('\'' | '"' | '\\') => same,
                _ => return None,
            }),
            control if control.is_control() => return None,
            other => text.push(other),
        }
    }
}

#[test]
fn quoted_text_is_read_back() {
    for code in 0..=u32::from(char::MAX) {
        let Some(character) = char::from_u32(code) else { continue };
        let text = format!("{character}{character}'");
        assert_eq!(unquote(&quote(&text)).as_deref(), Some(text.as_str()), "U+{code:04X}");
    }
    // Every text of up to six characters over those that matter.
    let alphabet = ['\\', '\'', '"', '\n', 'n', 'u', '%', '名'];
    for mut number in 0..8_u32.pow(6) {
        let mut text = String::new();
        while number > 0 {
            text.push(alphabet[(number % 8) as usize]);
            number /= 8;
        }
        assert_eq!(unquote(&quote(&text)).as_deref(), Some(text.as_str()), "{text:?}");
    }
}

#[test]
fn like_escapes_wildcards() {
    assert_eq!(escape_like("50%_o'clock\\"), "50\\%\\_o\\'clock\\\\");
}

#[test]
fn query_builder_gives_soql() {
    let id: SalesforceId = "005Em000000HMlh".parse().unwrap();
    let soql = Select::from("Lead")
        .fields(["Id", "Email", "Owner.Name", "email"])
        .filter(Condition::is_in("Email", ["a@example.com", "o'neil@example.com"]))
        .filter(Condition::Any(vec![
            Condition::equals("OwnerId", id),
            Condition::equals("IsConverted", false),
            Condition::StartsWith("Company".to_owned(), "50%".to_owned()),
        ]))
        .filter(Condition::compare("SystemModstamp", Compare::GreaterOrEqual, jiff::Timestamp::UNIX_EPOCH))
        .filter(Condition::compare("Birthdate__c", Compare::NotEqual, Literal::Null))
        .order_by("SystemModstamp")
        .order_by_descending("Id")
        .limit(200)
        .build()
        .unwrap();
    assert_eq!(
        soql,
        "SELECT Id,Email,Owner.Name FROM Lead WHERE Email IN ('a@example.com','o\\'neil@example.com') \
         AND (OwnerId = '005Em000000HMlhIAG' OR IsConverted = FALSE OR Company LIKE '50\\%%') \
         AND SystemModstamp >= 1970-01-01T00:00:00.000Z AND Birthdate__c != NULL \
         ORDER BY SystemModstamp,Id DESC NULLS LAST LIMIT 200"
    );
}

#[test]
fn every_condition_gives_soql() {
    let texts = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
    let select = Select::from("Account")
        .filter(Condition::NotIn("Industry".to_owned(), vec!["a'b".into(), "c".into()]))
        .filter(Condition::Contains("Name".to_owned(), "50%'".to_owned()))
        .filter(Condition::Includes("Goods__c".to_owned(), texts(&["a", "b'"])))
        .filter(Condition::Excludes("Goods__c".to_owned(), texts(&["c"])))
        .filter(Condition::compare("AnnualRevenue", Compare::Less, Decimal::new("-1234.5").unwrap()))
        .filter(Condition::equals("CreatedDate", DateLiteral::new("this_month", None).unwrap()))
        .filter(Condition::equals("CreatedDate", DateLiteral::new("LAST_N_DAYS", Some(3)).unwrap()));
    assert_eq!(
        select.build_count().unwrap(),
        "SELECT COUNT() FROM Account WHERE Industry NOT IN ('a\\'b','c') AND Name LIKE '%50\\%\\'%' \
         AND Goods__c INCLUDES ('a','b\\'') AND Goods__c EXCLUDES ('c') AND AnnualRevenue < -1234.5 \
         AND CreatedDate = THIS_MONTH AND CreatedDate = LAST_N_DAYS:3"
    );
    for digits in ["", "-", "1.", ".5", "1e5", "1 OR 1", "١"] {
        assert_eq!(Decimal::new(digits), None, "{digits}");
    }
    for (name, number) in [("TODAY", Some(1)), ("LAST_N_DAYS", None), ("TODAY) OR (Id", None)] {
        assert_eq!(DateLiteral::new(name, number), None, "{name}");
    }
}

#[test]
fn names_with_soql_are_rejected() {
    for name in ["", "Id FROM User", "Id,Name", "Owner.", ".Id", "1d", "a'b", "名前", "Id\n"] {
        let refused = Err(SoqlError::Name(name.to_owned()));
        assert_eq!(Select::from("Lead").field(name).build(), refused);
        assert_eq!(Select::from(name).field("Id").build(), refused);
        assert_eq!(Select::from("Lead").field("Id").order_by(name).build(), refused);
        assert_eq!(Select::from("Lead").field("Id").filter(Condition::equals(name, "x")).build(), refused);
    }
}

#[test]
fn empty_in_list_is_rejected() {
    assert_eq!(Select::from("Lead").build(), Err(SoqlError::Empty("SELECT")));
    let none = Condition::is_in("Email", Vec::<String>::new());
    assert_eq!(Select::from("Lead").field("Id").filter(none).build(), Err(SoqlError::Empty("IN")));
    let nothing = Condition::Any(Vec::new());
    assert_eq!(Select::from("Lead").field("Id").filter(nothing).build(), Err(SoqlError::Empty("OR")));
}
