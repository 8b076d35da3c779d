//! What a mailing may say, and what is made of it.

use domain::mailing::{
    FooterWords, MailSettings, MailingContent, check_content, check_mail_settings, compose,
    missing_for_sending,
};
use domain::people::{PersonFields, Values};
use domain::value::{FieldProblem, Language};
use proptest::prelude::*;

fn settings() -> MailSettings {
    MailSettings {
        sender_name: "サンプル<株>".to_owned(),
        postal_address: "東京都\n丸の内".to_owned(),
        contact: "03-0000-0000".to_owned(),
        ..MailSettings::default()
    }
}

fn words() -> FooterWords {
    FooterWords {
        sender: "送信者".to_owned(),
        address: "住所".to_owned(),
        contact: "連絡先".to_owned(),
        refuse: "配信停止".to_owned(),
        separator: "：".to_owned(),
    }
}

fn content(subject: &str, text: &str, html: &str) -> MailingContent {
    MailingContent {
        name: "n".to_owned(),
        subject: subject.to_owned(),
        text: text.to_owned(),
        html: html.to_owned(),
        ..MailingContent::default()
    }
}

fn values(last_name: &str) -> Values {
    Values::from([("last_name".to_owned(), last_name.to_owned())])
}

#[test]
fn placeholders_without_a_person_field_are_named_with_their_line() {
    let problem = |field: &str, value: &str, line: usize| {
        FieldProblem::new(field, "unknown-person-placeholder").with("value", value).with("line", line)
    };
    for (subject, text, html, problems) in [
        ("{{last_name}}", "{{ company }}\n{{unsubscribe_url}}", "<p>{{title}}</p>", vec![]),
        ("{{x}}", "", "", vec![problem("subject", "x", 1)]),
        ("{{unsubscribe_url}}", "", "", vec![problem("subject", "unsubscribe_url", 1)]),
        ("", "a\n\n{{x}} {{x}}\n{{y}}", "", vec![problem("text", "x", 3), problem("text", "y", 4)]),
        ("", "", "<p>\n{{ Last_Name }}</p>", vec![problem("html", "Last_Name", 2)]),
        ("", "{last_name} }}", "", vec![]),
        (
            "",
            "a\n{{last_name",
            "",
            vec![FieldProblem::new("text", "mailing-placeholder-open").with("line", 2)],
        ),
        ("", "", "<p>{{</p>", vec![FieldProblem::new("html", "mailing-placeholder-open").with("line", 1)]),
    ] {
        let checked = check_content(content(subject, text, html), &PersonFields::default());
        assert_eq!(checked.err().unwrap_or_default(), problems, "{subject} {text} {html}");
    }
}

#[test]
fn html_that_could_hide_what_follows_is_refused() {
    for (html, code) in [
        ("<p>a &lt; b", None),
        ("a < b", None),
        ("<a href='x>y' title=\"a > b\">x</a>", None),
        ("<!-- note --><b>x</b>", None),
        ("<style>p > a { color: red }</style><p>x</p>", None),
        ("<!doctype html><html><body>x</body></html>", None),
        ("x <!-- y", Some("mailing-html-open")),
        ("<a href=\"x", Some("mailing-html-open")),
        ("<p title='>", Some("mailing-html-open")),
        ("<style>p {}", Some("mailing-html-open")),
        ("<script>x</script>", Some("mailing-html-element")),
        ("<TEXTAREA>", Some("mailing-html-element")),
        ("<plaintext>", Some("mailing-html-element")),
        ("</p><title>x", Some("mailing-html-element")),
    ] {
        let checked = check_content(content("", "", html), &PersonFields::default());
        let codes: Vec<String> = checked.err().unwrap_or_default().into_iter().map(|one| one.code).collect();
        assert_eq!(codes, code.into_iter().collect::<Vec<_>>(), "{html}");
    }
}

#[test]
fn what_the_law_asks_for_is_appended_and_named_when_it_is_missing() {
    let draft = content("件名", "本文", "<p>本文</p></body>");
    let composed = compose(&draft, &settings(), (&words(), "https://t.example/u/")).unwrap();
    let filled = composed.fill(&values("山田"), "TOKEN");
    for part in [
        "本文",
        "配信停止\nhttps://t.example/u/TOKEN",
        "送信者：サンプル<株>",
        "住所：東京都\n丸の内",
        "連絡先：03-0000-0000",
    ] {
        assert!(filled.text.contains(part), "{part} is not in {}", filled.text);
    }
    for part in ["href=\"https://t.example/u/TOKEN\"", "送信者：サンプル&lt;株&gt;", "東京都<br>丸の内"]
    {
        assert!(filled.html.contains(part), "{part} is not in {}", filled.html);
    }
    assert!(filled.html.find("TOKEN").unwrap() < filled.html.find("</body>").unwrap());

    let missing = |settings: &MailSettings| -> Vec<String> {
        missing_for_sending(settings).into_iter().map(|one| one.field).collect()
    };
    assert_eq!(missing(&settings()), Vec::<String>::new());
    assert_eq!(
        missing(&MailSettings::default()),
        ["settings.sender_name", "settings.postal_address", "settings.contact"]
    );
    let blank = MailSettings { contact: " ".to_owned(), ..settings() };
    let refused = compose(&content("", "", ""), &blank, (&words(), "")).unwrap_err();
    let fields: Vec<&str> = refused.iter().map(|one| one.field.as_str()).collect();
    assert_eq!(fields, ["settings.contact", "subject", "text"]);
}

#[test]
fn settings_that_cannot_be_are_refused() {
    for (given, field) in [
        (MailSettings { sender_name: "あ".repeat(101), ..settings() }, "sender_name"),
        (MailSettings { contact: "{{email}}".to_owned(), ..settings() }, "contact"),
        (MailSettings { reply_to: "だれか".to_owned(), ..settings() }, "reply_to"),
        (MailSettings { unsubscribe_address: "a@".to_owned(), ..settings() }, "unsubscribe_address"),
        (MailSettings { per_second: 0, ..settings() }, "per_second"),
        (MailSettings { per_domain_second: 5_001, ..settings() }, "per_domain_second"),
    ] {
        let problems = check_mail_settings(given).unwrap_err();
        assert_eq!(problems.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), [field]);
    }
}

#[test]
fn values_are_text_in_both_parts_and_one_line_in_the_subject() {
    let draft = content("{{last_name}}様", "{{last_name}}様", "<p title='{{last_name}}'>{{last_name}}様</p>");
    let composed = compose(&draft, &settings(), (&words(), "")).unwrap();
    let filled = composed.fill(&values("山田\r\nBcc: x <b>'\"&{{company}}"), "T");
    assert!(!filled.subject.contains(['\r', '\n']), "{}", filled.subject);
    assert!(
        filled.text.starts_with("山田\r\nBcc: x <b>'\"&{{company}}様"),
        "a value is not read for placeholders"
    );
    assert!(filled.html.contains("x &lt;b&gt;&#39;&quot;&amp;{{company}}様"), "{}", filled.html);
    assert_eq!(composed.fill(&Values::new(), "T").subject, "様", "what is not known is blank");
}

proptest! {
    #[test]
    fn any_text_is_taken_or_refused_and_keeps_its_footer(text in "\\PC{0,60}", html in "[<>a-z\"'!/ {}=-]{0,40}") {
        let draft = MailingContent { language: Language::English, ..content("s", &text, &html) };
        if let Ok(content) = check_content(draft, &PersonFields::default())
            && let Ok(composed) = compose(&content, &settings(), (&words(), "https://t.example/u/"))
        {
            let filled = composed.fill(&values("x"), "TOKEN");
            prop_assert!(filled.text.contains("https://t.example/u/TOKEN"));
            prop_assert!(filled.html.is_empty() || filled.html.contains("href=\"https://t.example/u/TOKEN\""));
        }
    }
}
