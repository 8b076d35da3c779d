//! Forms: which questions are shown, what counts as an answer, and when the org would accept one (F1–F3).

use crate::support::{NOW, field, lead, question};
use domain::delivery::{
    Assignment, Delivery, DeliveryKind, DeliveryPlan, DeliveryState, FoundRecord, OnDuplicate, RecordAction,
    Recovery, form_record,
};
use domain::form::{
    AfterSubmission, Answer, AnswerOperator, Answers, ConstantValue, ExistingRecord, FieldKind as K,
    FieldMapping, Form, FormCampaign, FormField, FormSalesforce, RecordOwner, ShowWhen, SpamSign, Submission,
    SubmissionState, asks_for_work, check_answers, check_form, check_publishable, is_quarantined, shown_keys,
};
use domain::org::{FieldType, ObjectDescription, RecordType};
use domain::value::{EmailAddress, Language, SubmissionId};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use serde_json::Value;
use uuid::Uuid;

const TODAY: Date = date(2026, 11, 30);
const WEB: &str = "012000000000001AAA";
const CAMPAIGN: &str = "701000000000001AAA";

fn answers(pairs: &[(&str, &str)]) -> Answers {
    pairs.iter().map(|(key, text)| ((*key).to_owned(), Answer::One((*text).to_owned()))).collect()
}

fn when(field: &str, operator: AnswerOperator, values: &[&str]) -> ShowWhen {
    ShowWhen {
        field: field.to_owned(),
        operator,
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    }
}

fn required(key: &str, kind: K) -> FormField {
    FormField { required: true, ..question(key, kind, &[]) }
}

#[test]
fn conditions_are_evaluated_on_shown_answers_only() {
    use AnswerOperator as Op;
    let shown_if = |key: &str, condition: ShowWhen| FormField {
        show_when: vec![condition],
        ..question(key, K::Text, &[])
    };
    let fields = [
        question("plan", K::Radio, &["A", "B"]),
        shown_if("detail", when("plan", Op::Equals, &["B"])),
        shown_if("more", when("detail", Op::Exists, &[])),
        shown_if("else", when("plan", Op::NotEquals, &["B"])),
        shown_if("nothing", when("plan", Op::NotExists, &[])),
    ];
    for (typed, expected) in [
        (&[][..], &["plan", "else", "nothing"][..]),
        (&[("plan", "A")], &["plan", "else"]),
        (&[("plan", "B")], &["plan", "detail"]),
        (&[("plan", "B"), ("detail", "x")], &["plan", "detail", "more"]),
        // What was typed before the question was hidden does not count.
        (&[("plan", "A"), ("detail", "x")], &["plan", "else"]),
    ] {
        assert_eq!(shown_keys(&fields, &answers(typed)), expected, "{typed:?}");
    }
}

#[test]
fn answers_are_exact_or_refused_by_name() {
    let longest = "1".repeat(25);
    for (kind, typed, expected) in [
        (K::Email, "Ｔａｒｏ＠example.co.jp", Ok("Taro@example.co.jp")),
        (K::Email, "taro", Err("not-an-email")),
        (K::Phone, "０３－１２３４－５６７８", Ok("03-1234-5678")),
        (K::Phone, "+81 (3) 1234 5678", Ok("+81 (3) 1234 5678")),
        (K::Phone, "03-1234-5678 内線12", Ok("03-1234-5678 内線12")),
        (K::Phone, "電話しないで", Err("not-a-phone")),
        (K::Phone, "12345", Err("not-a-phone")),
        (K::Phone, &longest, Err("not-a-phone")),
        (K::Number, "1,200", Ok("1200")),
        (K::Number, "12,5", Err("not-a-number")),
        (K::Number, "約10名", Err("not-a-number")),
        (K::Postcode, "〒１００－０００１", Ok("100-0001")),
        (K::Postcode, "1000001", Ok("100-0001")),
        (K::Postcode, "100-001", Err("not-a-postcode")),
        (K::Postcode, "1-0-00001", Err("not-a-postcode")),
        (K::Consent, "on", Ok("true")),
        (K::Consent, "はい", Err("not-true-or-false")),
    ] {
        let checked = check_answers(&[required("q", kind)], &answers(&[("q", typed)]));
        let read = checked.map(|kept| kept["q"].to_text()).map_err(|problems| problems[0].code.clone());
        assert_eq!(read.as_deref().map_err(String::as_str), expected, "{kind:?} {typed}");
    }
}

#[test]
fn name_comes_whole_or_in_parts_and_keeps_its_characters() {
    let asked = [FormField { kana: true, ..required("name", K::Name) }];
    for (typed, expected) in [
        (
            &[("name", "神﨑　蘭")][..],
            Ok(&[("name", "神﨑 蘭"), ("name.family", "神﨑"), ("name.given", "蘭")][..]),
        ),
        (&[("name", "田中")], Ok(&[("name", "田中"), ("name.family", "田中")])),
        (
            &[
                ("name.family", "山田"),
                ("name.given", "花"),
                ("name.family_kana", "ﾔﾏﾀﾞ"),
                ("name.given_kana", "はな"),
            ],
            Ok(&[
                ("name", "山田 花"),
                ("name.family", "山田"),
                ("name.family_kana", "ヤマダ"),
                ("name.given", "花"),
                ("name.given_kana", "はな"),
            ]),
        ),
        (&[("name.family", "山田"), ("name.given", "")], Err("answers.name.given required")),
        (
            &[
                ("name.family", "山田"),
                ("name.given", "花"),
                ("name.family_kana", "山田"),
                ("name.given_kana", "ハナ"),
            ],
            Err("answers.name.family_kana not-kana"),
        ),
        (&[], Err("answers.name.family required")),
        (&[("name.middle", "x"), ("name", "a b")], Err("answers.name.middle unknown-field")),
    ] {
        let checked = check_answers(&asked, &answers(typed));
        let expected = expected.map(answers);
        let read = checked.map_err(|problems| format!("{} {}", problems[0].field, problems[0].code));
        assert_eq!(
            read.as_ref().map_err(String::as_str),
            expected.as_ref().map_err(|text| *text),
            "{typed:?}"
        );
    }
}

fn form(change: impl FnOnce(&mut Form)) -> Form {
    let mapping = |field: &str, target: &str| FieldMapping {
        field: field.to_owned(),
        salesforce_field: target.to_owned(),
    };
    let mut form = Form {
        id: Uuid::from_u128(9).into(),
        slug: "contact".to_owned(),
        title: "お問い合わせ".to_owned(),
        title_en: String::new(),
        description: String::new(),
        description_en: String::new(),
        active: true,
        version: 1,
        fields: vec![
            required("email", K::Email),
            required("name", K::Name),
            required("company", K::Company),
            question("rank", K::Radio, &["高", "中"]),
            question("count", K::Number, &[]),
        ],
        salesforce: FormSalesforce {
            object: "Lead".to_owned(),
            existing: ExistingRecord::Update,
            mappings: vec![
                mapping("email", "Email"),
                mapping("name.family", "LastName"),
                mapping("company", "Company"),
            ],
            ..FormSalesforce::default()
        },
        confirm: false,
        then: AfterSubmission::default(),
    };
    change(&mut form);
    form
}

fn object() -> ObjectDescription {
    let needed = |name: &str| domain::org::OrgField { nillable: false, ..field(name, FieldType::String) };
    let mut fields = vec![
        needed("LastName"),
        needed("Company"),
        field("Email", FieldType::Email),
        field("Rank__c", FieldType::Picklist),
        field("Count__c", FieldType::Number),
        field("Close__c", FieldType::Date),
        domain::org::OrgField { length: 32_000, ..field("Description", FieldType::LongText) },
    ];
    fields[2].length = 80;
    let kind = |id: &str, available| RecordType {
        id: id.to_owned(),
        name: "Web".to_owned(),
        available,
        master: false,
    };
    ObjectDescription {
        fields,
        record_types: vec![kind(WEB, true), kind("012000000000002AAA", false)],
        ..lead()
    }
}

#[test]
fn published_is_only_what_the_org_would_take() {
    assert_eq!(check_publishable(&form(|_| {}), &object(), TODAY), []);
    let constant = |name: &str, value: &str| ConstantValue {
        salesforce_field: name.to_owned(),
        value: value.to_owned(),
    };
    let map = |form: &mut Form, field: &str, target: &str| {
        form.salesforce
            .mappings
            .push(FieldMapping { field: field.to_owned(), salesforce_field: target.to_owned() });
    };
    let rows: Vec<(Form, &str, &str)> = vec![
        (
            form(|form| form.fields[2].required = false),
            "salesforce.mappings[2].field",
            "required-field-may-be-blank",
        ),
        (form(|form| drop(form.salesforce.mappings.pop())), "salesforce.mappings", "required-field-missing"),
        (form(|form| map(form, "rank", "Count__c")), "salesforce.mappings[3].salesforce_field", "wrong-type"),
        (
            form(|form| {
                form.fields[3].options.push("低".to_owned());
                map(form, "rank", "Rank__c");
            }),
            "salesforce.mappings[3].salesforce_field",
            "options-not-in-picklist",
        ),
        (
            form(|form| map(form, "count", "OwnerId")),
            "salesforce.mappings[3].salesforce_field",
            "no-such-field-of-object",
        ),
        (
            form(|form| form.salesforce.record_type_id = Some("012000000000002AAA".to_owned())),
            "salesforce.record_type_id",
            "record-type-not-available",
        ),
        (
            form(|form| form.salesforce.match_by = Some("Count__c".to_owned())),
            "salesforce.match_by",
            "match-field-not-mapped",
        ),
        (
            form(|form| form.salesforce.constants.push(constant("Rank__c", "旧"))),
            "salesforce.constants[0].value",
            "not-an-option",
        ),
        (
            form(|form| form.salesforce.constants.push(constant("Close__c", "tomorrow"))),
            "salesforce.constants[0].value",
            "not-a-date",
        ),
    ];
    for (form, field, code) in rows {
        let problems = check_publishable(&form, &object(), TODAY);
        assert!(
            problems.iter().any(|problem| problem.field == field && problem.code == code),
            "{field} {code}: {problems:?}"
        );
    }
    // A constant stands in for a question that may stay blank.
    let constant_for_blank = form(|form| {
        form.fields[2].required = false;
        form.salesforce.constants.push(constant("Company", "不明"));
    });
    assert_eq!(check_publishable(&constant_for_blank, &object(), TODAY), []);
}

#[test]
fn form_is_refused_that_would_harm_its_visitors() {
    let redirect = |url: &str| form(|form| form.then = AfterSubmission::Redirect { url: url.to_owned() });
    for url in
        ["javascript:alert(1)", "data:text/html,x", "/thanks", "https://", "https://user:pw@x.example", ""]
    {
        assert_eq!(check_form(&redirect(url))[0].code, "not-a-web-address", "{url}");
    }
    assert_eq!(check_form(&redirect("https://www.example.co.jp/thanks?a=b#c")), []);
    let circle = form(|form| form.fields[0].show_when = vec![when("rank", AnswerOperator::Exists, &[])]);
    assert_eq!(check_form(&circle)[0].code, "not-an-earlier-question");
    let people = form(|form| {
        form.salesforce.object = "Opportunity".to_owned();
        form.salesforce.campaign = Some(FormCampaign { id: CAMPAIGN.to_owned(), status: None });
    });
    assert_eq!(check_form(&people)[0].code, "people-only");
}

fn submission(given: &[(&str, &str)]) -> Submission {
    Submission {
        id: SubmissionId(Uuid::from_u128(4)),
        form: Uuid::from_u128(9).into(),
        form_slug: "contact".to_owned(),
        form_title: "お問い合わせ".to_owned(),
        form_version: 1,
        answers: answers(given),
        questions: Vec::new(),
        consents: Vec::new(),
        email: EmailAddress::parse("hana@forms.example").ok(),
        page_url: String::new(),
        language: Language::Japanese,
        state: SubmissionState::Accepted,
        spam_signs: Vec::new(),
        repeats: None,
        external_id: None,
        created_at: NOW,
    }
}

fn decide(
    form: &Form,
    object: &ObjectDescription,
    found: &[FoundRecord],
    delivery: &Delivery,
) -> DeliveryPlan {
    let given =
        [("email", "hana@forms.example"), ("name.family", "山田"), ("company", "見本"), ("count", "12")];
    form_record::decide(form_record::FormRecordContext {
        submission: &submission(&given),
        form,
        delivery,
        found,
        object,
        time_zone: "Asia/Tokyo",
        today: TODAY,
    })
}

fn delivery() -> Delivery {
    let subject = SubmissionId(Uuid::from_u128(4)).into();
    Delivery::new(Uuid::from_u128(5).into(), subject, DeliveryKind::Record, DeliveryState::Due, NOW)
}

fn found(number: u8, minutes_ago: i64, is_converted: bool) -> FoundRecord {
    FoundRecord {
        id: format!("00Q0000000000{number:02}AAA"),
        last_modified: NOW.plus_minutes(-minutes_ago),
        is_converted,
    }
}

fn codes(plan: &DeliveryPlan) -> Vec<&str> {
    plan.steps.iter().map(|step| step.code.as_str()).collect()
}

#[test]
fn record_is_created_updated_or_kept_as_the_form_says() {
    use ExistingRecord as E;
    let (old, new, converted) = (found(1, 60, false), found(2, 5, false), found(3, 1, true));
    for (existing, records, expected) in [
        (E::Create, vec![], Some("create")),
        (E::Update, vec![], Some("create")),
        (E::Update, vec![old.clone(), new.clone()], Some("00Q000000000002AAA")),
        (E::Update, vec![converted.clone()], Some("create")),
        (E::Update, vec![converted, old.clone()], Some("00Q000000000001AAA")),
        (E::Skip, vec![], Some("create")),
        (E::Skip, vec![old, new], None),
    ] {
        let plan =
            decide(&form(|form| form.salesforce.existing = existing), &object(), &records, &delivery());
        let written = plan.writes.first().map(|write| match &write.operation {
            domain::delivery::Operation::Update { id } => id.clone(),
            _ => "create".to_owned(),
        });
        assert_eq!(written.as_deref(), expected, "{existing:?} {records:?}: {:?}", codes(&plan));
    }
}

#[test]
fn new_record_carries_type_owner_constants_and_a_mark() {
    let form = form(|form| {
        form.salesforce.record_type_id = Some(WEB.to_owned());
        form.salesforce.owner = RecordOwner::User { id: "005000000000001".to_owned() };
        form.salesforce.constants = vec![
            ConstantValue { salesforce_field: "Close__c".to_owned(), value: "today+30".to_owned() },
            ConstantValue { salesforce_field: "Company".to_owned(), value: "不明".to_owned() },
        ];
    });
    let plan = decide(&form, &object(), &[], &delivery());
    let write = &plan.writes[0];
    for (field, value) in [
        ("RecordTypeId", WEB),
        ("OwnerId", "005000000000001AAA"),
        ("Close__c", "2026-12-30"),
        ("Company", "見本"),
        ("Email", "hana@forms.example"),
    ] {
        assert_eq!(write.fields.get(field), Some(&Value::from(value)), "{field}");
    }
    assert_eq!(write.recovery, Recovery::Marker { field: "Description".to_owned() });
    assert_eq!((write.on_duplicate, write.assignment), (OnDuplicate::UpdateSameEmail, Assignment::AsWritten));
    let mut bare = object();
    bare.fields.retain(|field| field.name != "Description");
    let plan = decide(&form, &bare, &[], &delivery());
    let Recovery::SameValues { fields } = &plan.writes[0].recovery else { panic!("{:?}", plan.writes[0]) };
    assert!(fields.contains(&"Email".to_owned()) && !fields.contains(&"Close__c".to_owned()), "{fields:?}");
    let mut refused = delivery();
    refused.dropped_fields.push("Email".to_owned());
    let plan = decide(&form, &object(), &[], &refused);
    let described = plan.writes[0].fields["Description"].as_str().unwrap();
    assert!(
        described.starts_with("hana@forms.example"),
        "whoever works on it can reach the visitor: {described}"
    );
}

#[test]
fn member_is_of_the_record_that_is_there_or_is_made() {
    let form = form(|form| {
        form.salesforce.campaign =
            Some(FormCampaign { id: CAMPAIGN.to_owned(), status: Some("Responded".to_owned()) });
    });
    let made = decide(&form, &object(), &[], &delivery());
    let reference = made.writes[1].record_of.as_ref().unwrap();
    assert_eq!((reference.field.as_str(), reference.place), ("LeadId", 0));
    assert_eq!(made.writes[1].fields["Status"], "Responded");
    let alone = made.without_dependent_writes();
    assert_eq!((alone.writes.len(), alone.follow_up), (1, domain::delivery::FollowUp::GoOn));
    let known = decide(&form, &object(), &[found(1, 5, false)], &delivery());
    assert_eq!(known.writes[1].fields["LeadId"], "00Q000000000001AAA");
    let mut written = delivery();
    written.add_record("Lead", "00Q000000000009AAA", RecordAction::Created);
    let rest = decide(&form, &object(), &[], &written);
    assert_eq!(
        (rest.writes.len(), &rest.writes[0].fields["LeadId"]),
        (1, &Value::from("00Q000000000009AAA"))
    );
    written.add_record("CampaignMember", "00v000000000001AAA", RecordAction::Created);
    assert!(decide(&form, &object(), &[], &written).writes.is_empty());
}

#[test]
fn no_single_harmless_sign_quarantines() {
    use SpamSign as S;
    for (signs, work, quarantine) in [
        (&[][..], false, false),
        (&[S::TooFast], false, false),
        (&[S::OldToken], false, false),
        (&[S::TooFast, S::OldToken], true, false),
        (&[S::ManyFromAddress], true, false),
        (&[S::ManyFromAddress, S::NoWork], true, true),
        (&[S::ManyLinks], true, false),
        (&[S::ManyLinks, S::TooFast], true, true),
        (&[S::Trap], true, true),
        (&[S::NoToken], true, true),
        (&[S::LinkInName], true, true),
    ] {
        assert_eq!((asks_for_work(signs), is_quarantined(signs)), (work, quarantine), "{signs:?}");
    }
}

proptest! {
    #[test]
    fn checked_answers_are_answers_of_shown_questions_and_stay_when_checked_again(
        plan in prop::sample::select(vec!["A", "B", "", "x"]),
        email in "[a-z]{0,4}@?[a-z]{0,3}\\.?[a-z]{0,3}",
        name in "\\PC{0,12}",
    ) {
        let mut fields = vec![
            question("plan", K::Radio, &["A", "B"]),
            question("email", K::Email, &[]),
            question("name", K::Name, &[]),
        ];
        fields[1].show_when = vec![when("plan", AnswerOperator::Equals, &["B"])];
        if let Ok(kept) = check_answers(&fields, &answers(&[("plan", plan), ("email", &email), ("name", &name)])) {
            let shown = shown_keys(&fields, &kept);
            prop_assert!(kept.keys().all(|key| fields.iter().any(|field| field.owns(key) && shown.contains(&field.key.as_str()))));
            prop_assert_eq!(check_answers(&fields, &kept), Ok(kept));
        }
    }
}

#[test]
fn decision_of_a_router_is_cut_to_its_field_and_never_guessed_into_another_kind() {
    let keeping = |target: &str| {
        form(|form| {
            let (field, salesforce_field) = ("routing".to_owned(), target.to_owned());
            form.salesforce.mappings.push(FieldMapping { field, salesforce_field });
        })
    };
    let object = || {
        let mut object = object();
        object.fields.push(field("Reason__c", FieldType::String));
        object
    };
    for (target, code) in [
        ("Reason__c", ""),
        ("Count__c", "routing-needs-text"),
        ("Rank__c", "routing-needs-text"),
        ("Gone__c", "no-such-field-of-object"),
    ] {
        assert_eq!(check_form(&keeping(target)), []);
        let problems = check_publishable(&keeping(target), &object(), TODAY);
        let codes: Vec<&str> = problems.iter().map(|problem| problem.code.as_str()).collect();
        assert_eq!(codes.join(" "), code, "{target}");
    }
    let plan = |target: &str, routing: &str| {
        let given = [
            ("email", "hana@forms.example"),
            ("name.family", "山田"),
            ("company", "見本"),
            ("routing", routing),
        ];
        let given = if routing.is_empty() { &given[..3] } else { &given };
        form_record::decide(form_record::FormRecordContext {
            submission: &submission(given),
            form: &keeping(target),
            delivery: &delivery(),
            found: &[],
            object: &object(),
            time_zone: "Asia/Tokyo",
            today: TODAY,
        })
    };
    let written = |plan: &DeliveryPlan, name: &str| plan.writes[0].written_value(name);
    let reason = "ルーター「受付」が「予約ページ」に振り分けました。";
    assert_eq!(
        written(&plan("Reason__c", reason), "Reason__c"),
        Some(reason.chars().take(20).collect::<String>())
    );
    assert_eq!(written(&plan("Reason__c", ""), "Reason__c"), None, "no router was involved");
    let wrong = plan("Count__c", reason);
    assert_eq!(written(&wrong, "Count__c"), None);
    assert!(codes(&wrong).contains(&"routing-dropped"), "{:?}", codes(&wrong));
}
