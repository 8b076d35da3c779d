//! Forms as visitors use them: filling in, confirming, sending, and what looks like spam (F1, F4).

use crate::support::{Reply, Server, field};
use axum::http::StatusCode;
use domain::form::{
    AfterSubmission, Answer, AnswerOperator, FieldKind, FieldMapping, Form, FormField, FormSalesforce,
    HiddenSource, ShowWhen, Submission, SubmissionState, WordingInBoth,
};
use domain::value::{FormId, Timestamp};
use serde_json::json;
use storage::Clock;
use storage::form::{forms, submissions};

const GOOD: [(&str, &str); 6] = [
    ("answers.email", "hana@forms.example"),
    ("answers.name.family", "山田"),
    ("answers.name.given", "花"),
    ("answers.company", "株式会社サンプル"),
    ("answers.plan", "A"),
    ("answers.privacy", "true"),
];

fn contact(change: impl Fn(&mut Form)) -> Form {
    let other = FormField {
        show_when: vec![ShowWhen {
            field: "plan".to_owned(),
            operator: AnswerOperator::Equals,
            values: vec!["B".to_owned()],
        }],
        ..field("people", FieldKind::Number, true, &[])
    };
    let privacy = FormField {
        help: Some("お問い合わせへの回答に使います。".to_owned()),
        ..field("privacy", FieldKind::Consent, true, &[])
    };
    let source = HiddenSource::Parameter { name: "utm_source".to_owned() };
    let utm = FormField { source: Some(source), ..field("source", FieldKind::Hidden, false, &[]) };
    let mut form = Form {
        id: FormId(uuid::Uuid::from_u128(77)),
        slug: "contact".to_owned(),
        title: "お問い合わせ".to_owned(),
        title_en: "Contact us".to_owned(),
        description: String::new(),
        description_en: String::new(),
        active: true,
        version: 1,
        fields: vec![
            field("email", FieldKind::Email, true, &[]),
            FormField { kana: false, ..field("name", FieldKind::Name, true, &[]) },
            field("company", FieldKind::Company, false, &[]),
            field("plan", FieldKind::Radio, true, &["A", "B"]),
            other,
            field("message", FieldKind::Textarea, false, &[]),
            privacy,
            utm,
        ],
        salesforce: FormSalesforce { object: "Lead".to_owned(), ..FormSalesforce::default() },
        confirm: false,
        then: AfterSubmission::Message {
            text: WordingInBoth { ja: "ありがとうございます".to_owned(), en: String::new() },
        },
    };
    change(&mut form);
    form
}

/// A server with the form.
async fn server(change: impl Fn(&mut Form)) -> Server {
    let server = Server::start().await;
    let now = server.state.clock.now();
    let write = server.state.database.write().await.unwrap();
    forms::create(&write, server.workspace, &contact(change), now).await.unwrap();
    write.commit().await.unwrap();
    server
}

fn later(server: &mut Server, seconds: i64) {
    let passed = server.state.clock.now().seconds() - Clock::default().now().seconds();
    server.change_clock(Clock::default().with_offset(passed + seconds));
}

fn with<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = GOOD.iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    kept.copied().chain(changes.iter().copied()).filter(|(_, value)| !value.is_empty()).collect()
}

async fn send(server: &mut Server, changes: &[(&str, &str)]) -> Reply {
    let token = server.get("/f/contact").await.input("token");
    later(server, 30);
    send_with(server, &token, changes).await
}

async fn send_with(server: &Server, token: &str, changes: &[(&str, &str)]) -> Reply {
    let mut typed = with(changes);
    typed.push(("token", token));
    server.post("/f/contact", &typed).await
}

async fn stored(server: &Server) -> Vec<Submission> {
    submissions::list(&server.state.database.read(), server.workspace, None, 100).await.unwrap()
}

#[tokio::test]
async fn visitor_sends_a_form_and_reads_the_message() {
    let mut server = server(|_| {}).await;
    for (language, title) in [("ja", "お問い合わせ"), ("en", "Contact us")] {
        let page = server
            .get(&format!("/f/contact?language={language}&utm_source=mail&email=known@forms.example"))
            .await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(
            page.body.contains(title) && page.body.contains(&format!("lang=\"{language}\"")),
            "{}",
            page.body
        );
        assert_eq!(
            (page.input("answers.source"), page.input("answers.email")),
            ("mail".to_owned(), "known@forms.example".to_owned())
        );
    }
    let sent = send(&mut server, &[("answers.source", "mail")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let done = server.get(sent.location()).await;
    assert!(done.body.contains("ありがとうございます"), "{}", done.body);
    assert!(
        !done.body.contains("hana@forms.example"),
        "what was sent is not shown to whoever has the address"
    );
    let [one] = &stored(&server).await[..] else { panic!("one submission") };
    assert_eq!(
        (one.state, one.email.as_ref().unwrap().as_str()),
        (SubmissionState::Accepted, "hana@forms.example")
    );
    assert_eq!(one.answers["name"].to_text(), "山田 花");
    assert_eq!(one.answers["source"].to_text(), "mail");
    assert_eq!(one.consents[0].text, "お問い合わせへの回答に使います。");
}

#[tokio::test]
async fn faults_stand_at_their_inputs_and_what_was_typed_stays() {
    let mut server = server(|_| {}).await;
    for (changes, input, text) in [
        (&[("answers.email", "nobody")][..], "answers.email", "メールアドレスの形式"),
        (&[("answers.name.given", "")], "answers.name.given", "入力してください"),
        (&[("answers.privacy", "")], "answers.privacy", "選択してください"),
        (&[("answers.plan", "B")], "answers.people", "入力してください"),
        (&[("answers.plan", "B"), ("answers.people", "12,5")], "answers.people", "数値"),
        (&[("answers.plan", "C")], "answers.plan", "選択肢にありません"),
    ] {
        let refused = send(&mut server, changes).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{changes:?}");
        let id = format!("in-{}-fault", input.replace('.', "-"));
        assert!(refused.body.contains(&id) && refused.body.contains(text), "{changes:?}: {}", refused.body);
        assert_eq!(refused.input("answers.company"), "株式会社サンプル", "{changes:?}");
    }
    assert!(stored(&server).await.is_empty());
}

#[tokio::test]
async fn hidden_questions_answer_is_dropped_and_not_required() {
    let mut server = server(|_| {}).await;
    send(&mut server, &[("answers.people", "12")]).await;
    let [one] = &stored(&server).await[..] else { panic!("one submission") };
    assert!(!one.answers.contains_key("people"), "{one:?}");
    let asked = |plan: &'static str| [("answers.plan", plan), ("answers.email", "a@b.example")];
    let shown = server.post("/f/contact/shown", &asked("B")).await;
    assert!(shown.body.contains("\"people\""), "{}", shown.body);
    let hidden = server.post("/f/contact/shown", &asked("A")).await;
    assert!(!hidden.body.contains("\"people\""), "{}", hidden.body);
    assert_eq!(stored(&server).await.len(), 1, "asking keeps nothing");
}

#[tokio::test]
async fn confirm_page_goes_back_and_sends_once() {
    let mut server = server(|form| form.confirm = true).await;
    let confirm = send(&mut server, &[("answers.message", "<b>一行目</b>")]).await;
    assert_eq!(confirm.status, StatusCode::OK, "{}", confirm.body);
    assert!(confirm.body.contains("&#60;b&#62;一行目"), "escaped: {}", confirm.body);
    assert!(!confirm.body.contains("name=\"answers."), "the answers wait on the server");
    assert!(stored(&server).await.is_empty(), "nothing is sent yet");
    let draft = confirm.input("draft");
    let back = server.post("/f/contact", &[("draft", &draft), ("do", "back")]).await;
    assert_eq!(back.input("answers.email"), "hana@forms.example");
    let sent = server.post("/f/contact", &[("draft", &draft)]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let again = server.post("/f/contact", &[("draft", &draft)]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "the second click goes on as the first: {}", again.body);
    assert_eq!(stored(&server).await.len(), 1);
    let forged = server.post("/f/contact", &[("draft", "forged")]).await;
    assert_eq!(forged.status, StatusCode::GONE);
}

#[tokio::test]
async fn same_form_sent_twice_is_one_submission_and_same_answers_are_one_record() {
    let mut server = server(|_| {}).await;
    let token = server.get("/f/contact").await.input("token");
    later(&mut server, 30);
    for _ in 0..3 {
        assert_eq!(send_with(&server, &token, &[]).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(stored(&server).await.len(), 1);
    send(&mut server, &[]).await;
    let states: Vec<_> = stored(&server).await.iter().map(|one| one.state).collect();
    assert_eq!(states, [SubmissionState::Repeated, SubmissionState::Accepted]);
    later(&mut server, 25 * 60 * 60);
    send(&mut server, &[]).await;
    assert_eq!(stored(&server).await[0].state, SubmissionState::Accepted, "a day later it is a new wish");
}

#[tokio::test]
async fn who_sends_a_form_becomes_a_person_with_the_wording_agreed_to_and_keeps_what_is_known() {
    let mut server = server(|_| {}).await;
    send(&mut server, &[]).await;
    let known = async |server: &Server| {
        let caller = server.caller().await;
        let (_, found) = caller.get("/people?email=HANA@forms.example").await;
        let id = found["people"][0]["id"].as_str().unwrap_or_default().to_owned();
        caller.get(&format!("/people/{id}")).await.1
    };
    let person = known(&server).await;
    let expected = json!({ "email": "hana@forms.example", "last_name": "山田", "first_name": "花", "company": "株式会社サンプル" });
    assert_eq!(person["fields"], expected, "{person:#}");
    assert_eq!(person["history"][0]["origin"], "form");
    let wording = person["consents"][0]["wording"].as_str().unwrap();
    assert!(wording.contains("お問い合わせへの回答に使います。"), "{person:#}");
    // What is known stays; a second sender does not change the first one's name.
    later(&mut server, 25 * 60 * 60);
    send(&mut server, &[("answers.name.family", "鈴木"), ("answers.plan", "B"), ("answers.people", "3")])
        .await;
    let person = known(&server).await;
    assert_eq!(person["fields"], expected);
    assert_eq!(person["consents"].as_array().unwrap().len(), 2, "each agreement is evidence of its own");
    let (_, bots) = server.caller().await.get("/people").await;
    assert_eq!(bots["people"].as_array().unwrap().len(), 1);
    // What looks like spam makes nobody a customer.
    send(&mut server, &[("answers.email", "bot@forms.example"), ("website", "http://x.example")]).await;
    let (_, bots) = server.caller().await.get("/people?email=bot@forms.example").await;
    assert_eq!(bots["people"], json!([]));
}

#[tokio::test]
async fn suspicious_submission_waits_in_quarantine_and_the_visitor_sees_the_same() {
    let mut server = server(|_| {}).await;
    for (number, changes, sign) in [
        (1, &[("website", "http://x.example")][..], "trap"),
        (2, &[("answers.name.family", "http://x.example")], "link-in-name"),
        (3, &[], "no-token"),
    ] {
        let email = format!("bot{number}@forms.example");
        let mut changes = changes.to_vec();
        changes.push(("answers.email", &email));
        let sent = if sign == "no-token" {
            send_with(&server, "forged.1.tag", &changes).await
        } else {
            send(&mut server, &changes).await
        };
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{sign}");
        let done = server.get(sent.location()).await;
        assert!(done.body.contains("ありがとうございます"), "{sign}");
        let one = &stored(&server).await[0];
        assert_eq!(
            (one.state, one.spam_signs.iter().any(|one| one == sign)),
            (SubmissionState::Quarantined, true),
            "{one:?}"
        );
        let read = server.state.database.read();
        let subjects = [one.id.into()];
        let deliveries = storage::delivery::deliveries::of_subjects(&read, server.workspace, &subjects);
        assert!(deliveries.await.unwrap().is_empty(), "nothing goes to Salesforce");
    }
}

#[tokio::test]
async fn old_token_and_quick_typing_alone_are_no_reason() {
    let mut server = server(|_| {}).await;
    let token = server.get("/f/contact").await.input("token");
    assert_eq!(send_with(&server, &token, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(stored(&server).await[0].state, SubmissionState::Accepted, "a password manager is quick");
    let token = server.get("/f/contact").await.input("token");
    later(&mut server, 3 * 24 * 60 * 60);
    send_with(&server, &token, &[("answers.email", "late@forms.example")]).await;
    assert_eq!(stored(&server).await[0].state, SubmissionState::Accepted, "a tab was open for days");
}

#[tokio::test]
async fn many_from_one_address_are_asked_for_work_and_without_it_quarantined() {
    let mut server = server(|_| {}).await;
    let mut asked = None;
    for number in 0..40_usize {
        let email = format!("many{number}@forms.example");
        let sent = send(&mut server, &[("answers.email", &email)]).await;
        if sent.body.contains("data-work=") {
            asked = Some((number, sent.input("token"), email));
            break;
        }
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{number}");
    }
    let (number, token, email) = asked.expect("work is asked for at some time");
    assert!(number >= 10 && stored(&server).await.len() == number, "the first ones are free: {number}");
    let challenge = token.split('.').next().unwrap();
    let work = (0_u64..).map(|n| n.to_string()).find(|answer| is_solved(challenge, answer)).unwrap();
    let sent = send_with(&server, &token, &[("answers.email", &email), ("work", &work)]).await;
    assert_eq!(
        (sent.status, stored(&server).await[0].state),
        (StatusCode::SEE_OTHER, SubmissionState::Accepted)
    );
    let token = server.get("/f/contact").await.input("token");
    later(&mut server, 5);
    let without = [("answers.email", "plain@forms.example"), ("unworked", "yes")];
    assert_eq!(send_with(&server, &token, &without).await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        stored(&server).await[0].state,
        SubmissionState::Quarantined,
        "without scripts: somebody looks at it"
    );
}

fn is_solved(challenge: &str, answer: &str) -> bool {
    let digest = ring::digest::digest(&ring::digest::SHA256, format!("{challenge}.{answer}").as_bytes());
    digest.as_ref()[0] == 0 && digest.as_ref()[1] & 0xfe == 0
}

#[tokio::test]
async fn booking_page_comes_after_the_form_with_what_it_was_told() {
    let mut server = server(|form| form.then = AfterSubmission::Page { page: "sales/demo".to_owned() }).await;
    let sent = send(&mut server, &[]).await;
    assert!(
        !sent.location().contains("hana"),
        "nothing of the visitor is in an address: {}",
        sent.location()
    );
    let days = server.get(sent.location()).await;
    assert_eq!(
        (days.status, days.input("attendee.email")),
        (StatusCode::OK, "hana@forms.example".to_owned())
    );
    assert_eq!(days.input("attendee.family_name"), "山田");
    let forged = sent.location().replace("/done/", "/done/x");
    assert!(!server.get(&forged).await.body.contains("hana@forms.example"));
    later(&mut server, 2 * 60 * 60);
    assert!(
        !server.get(sent.location()).await.body.contains("hana@forms.example"),
        "the address is good for an hour"
    );
}

#[tokio::test]
async fn router_after_the_form_decides_once_and_its_choice_is_shown() {
    let mut server =
        server(|form| form.then = AfterSubmission::Router { router: "inbound".to_owned() }).await;
    let sent = send(&mut server, &[]).await;
    let unpublished = server.get(sent.location()).await;
    assert!(unpublished.body.contains("class=\"tick\""), "without a chart, there is the usual message");
    let caller = server.caller().await;
    let chart = json!({
        "slug": "inbound", "name": "振り分け", "start": "own",
        "nodes": {
            "own": { "kind": "condition", "all": [{ "fact": "email.domain", "operator": "equals", "value": "forms.example" }],
                "next": { "match": "sato", "otherwise": "text", "error": "text" } },
            "sato": { "kind": "outcome", "outcome": { "kind": "member", "member": "sato@demo.example", "page": "sales/demo" },
                "fallback": { "kind": "nothing" } },
            "text": { "kind": "outcome", "outcome": { "kind": "message", "text": { "ja": "担当者からご連絡します。", "en": "" } } },
        },
    });
    assert_eq!(caller.post("/routers", &chart).await.0, 201);
    let (status, published) = caller.post("/routers/inbound/publish", &json!({})).await;
    assert_eq!(status, 200, "{published}");
    for _ in 0..2 {
        let days = server.get(sent.location()).await;
        assert_eq!(days.input("attendee.email"), "hana@forms.example");
        assert!(days.body.contains("routed="), "{}", days.body);
    }
    let (_, decisions) = caller.get("/routing-decisions").await;
    assert_eq!(decisions["decisions"].as_array().unwrap().len(), 1, "{decisions}");
    assert_eq!(decisions["decisions"][0]["outcome"]["hosts"], json!(["sato@demo.example"]));
    let other = send(&mut server, &[("answers.email", "hana@gmail.com")]).await;
    assert!(server.get(other.location()).await.body.contains("担当者からご連絡します。"));
}

#[tokio::test]
async fn decision_after_the_form_is_kept_with_the_submission_whose_field_holds_it() {
    let mut server = server(|form| {
        form.then = AfterSubmission::Router { router: "inbound".to_owned() };
        let (field, salesforce_field) = ("routing".to_owned(), "Reason__c".to_owned());
        form.salesforce.mappings.push(FieldMapping { field, salesforce_field });
    })
    .await;
    let unpublished = send(&mut server, &[("answers.email", "early@forms.example")]).await;
    assert_eq!(unpublished.status, StatusCode::SEE_OTHER);
    let caller = server.caller().await;
    let chart = json!({ "slug": "inbound", "name": "振り分け", "start": "page", "nodes": {
        "page": { "kind": "outcome", "outcome": { "kind": "page", "page": "sales/demo" }, "fallback": { "kind": "nothing" } } } });
    assert_eq!(caller.post("/routers", &chart).await.0, 201);
    assert_eq!(caller.post("/routers/inbound/publish", &json!({})).await.0, 200);
    let sent = send(&mut server, &[]).await;
    assert!(server.get(sent.location()).await.body.contains("routed="));
    let (_, decisions) = server.caller().await.get("/routing-decisions").await;
    assert_eq!(decisions["decisions"].as_array().unwrap().len(), 1, "it is decided once: {decisions}");
    let kept = stored(&server).await;
    let of = |email: &str| {
        let found = kept.iter().find(|one| one.email.as_ref().is_some_and(|own| own.as_str() == email));
        found.unwrap().answers.get("routing").map(Answer::to_text)
    };
    assert_eq!(
        of("hana@forms.example").as_deref(),
        Some("ルーター「振り分け」（バージョン1）が「予約ページ」に振り分けました。")
    );
    assert_eq!(of("early@forms.example"), None, "nothing was decided");
}

#[tokio::test]
async fn redirect_leads_to_the_page_and_adds_nothing() {
    let url = "https://www.example.co.jp/thanks?from=form";
    let mut server = server(|form| form.then = AfterSubmission::Redirect { url: url.to_owned() }).await;
    let sent = send(&mut server, &[]).await;
    let done = server.get(sent.location()).await;
    assert_eq!(done.status, StatusCode::OK);
    assert_eq!(done.headers["refresh"].to_str().unwrap(), format!("0; url={url}"));
    assert!(done.body.contains(&format!("href=\"{url}\"")), "without it, there is a link: {}", done.body);
}

#[tokio::test]
async fn same_token_with_other_answers_is_another_submission_and_with_the_same_ones_is_none() {
    let mut server = server(|_| {}).await;
    let token = server.get("/f/contact").await.input("token");
    later(&mut server, 30);
    for email in ["hana@forms.example", "hana@forms.example", "other@forms.example", "other@forms.example"] {
        let sent = send_with(&server, &token, &[("answers.email", email)]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    }
    let mut emails: Vec<String> =
        stored(&server).await.iter().map(|one| one.email.clone().unwrap().to_string()).collect();
    emails.sort();
    assert_eq!(emails, ["hana@forms.example", "other@forms.example"]);
}

#[tokio::test]
async fn same_answers_without_an_address_are_those_of_two_people() {
    let mut server = server(|form| {
        form.fields.retain(|field| field.kind != FieldKind::Email);
        form.salesforce.mappings.clear();
    })
    .await;
    for _ in 0..2 {
        let token = server.get("/f/contact").await.input("token");
        later(&mut server, 30);
        send_with(&server, &token, &[]).await;
    }
    let states: Vec<SubmissionState> = stored(&server).await.iter().map(|one| one.state).collect();
    assert_eq!(states, [SubmissionState::Accepted; 2]);
}

#[tokio::test]
async fn fixed_answer_is_the_admins_whatever_is_sent() {
    let fixed = HiddenSource::Fixed { value: "Web".to_owned() };
    let mut server = server(|form| form.fields.last_mut().unwrap().source = Some(fixed.clone())).await;
    let sent = send(&mut server, &[("answers.source", "Forged")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert_eq!(stored(&server).await[0].answers["source"], Answer::One("Web".to_owned()));
}

#[tokio::test]
async fn booking_page_that_is_closed_takes_no_thanks_away() {
    let mut server = server(|form| form.then = AfterSubmission::Page { page: "sales/gone".to_owned() }).await;
    let sent = send(&mut server, &[]).await;
    let done = server.get(sent.location()).await;
    assert_eq!(done.status, StatusCode::OK);
    assert!(done.body.contains("送信を受け付けました"), "{}", done.body);
}

#[tokio::test]
async fn name_is_filled_in_from_the_address() {
    let server = server(|_| {}).await;
    let page = server.get("/f/contact?name=山田%20太郎&name.given=花子").await;
    assert_eq!(page.input("answers.name.family"), "山田");
    assert_eq!(page.input("answers.name.given"), "花子");
}

#[tokio::test]
async fn closed_unknown_and_foreign_forms_take_nothing() {
    let mut server = server(|form| form.active = false).await;
    for path in ["/f/contact", "/f/nothing", "/f/NOT_A_SLUG"] {
        assert_eq!(server.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    later(&mut server, 1);
    let sent = send_with(&server, "x", &[]).await;
    assert_eq!(sent.status, StatusCode::NOT_FOUND);
    assert!(stored(&server).await.is_empty());
}

#[tokio::test]
async fn time_of_the_form_is_told_by_the_clock_and_not_by_the_visitor() {
    let server = server(|_| {}).await;
    let token = server.get("/f/contact").await.input("token");
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    parts[1] = Timestamp::from_seconds(0).seconds().to_string();
    send_with(&server, &parts.join("."), &[]).await;
    assert!(stored(&server).await[0].spam_signs.contains(&"no-token".to_owned()), "a changed token is none");
}

#[tokio::test]
async fn form_in_a_frame_speaks_to_allowed_sites_only_and_leaves_the_next_page_to_them() {
    let mut server = server(|form| form.then = AfterSubmission::Page { page: "sales/demo".to_owned() }).await;
    let own = "https://www.demo.example";
    let page = server.get(&format!("/f/contact?embed={own}&page={own}/contact%3Femail=x")).await;
    assert!(page.body.contains(&format!("data-embed=\"{own}\"")), "{}", page.body);
    assert_eq!(page.input("page_url"), format!("{own}/contact"), "parameters may name a person");
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains(&format!("frame-ancestors 'self' {own}")), "{policy}");
    let foreign = server.get("/f/contact?embed=https://stranger.example").await;
    assert!(!foreign.body.contains("data-embed"), "{}", foreign.body);
    let token = page.input("token");
    later(&mut server, 30);
    let mut typed = with(&[]);
    typed.push(("token", &token));
    let sent = server.post(&format!("/f/contact?embed={own}"), &typed).await;
    let done = server.get(sent.location()).await;
    assert!(done.body.contains("data-onward") && !done.body.contains("attendee.email"), "{}", done.body);
}
