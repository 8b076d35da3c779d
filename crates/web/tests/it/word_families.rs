//! Every value that becomes a part of a catalogue's key has its text, in both languages.
//!
//! A page that shows a value of an enum as a word takes it from a family of keys. The table has every family that the
//! sources name, so that neither a value nor a family can be forgotten.

use crate::catalogue::{catalogue, literals, read_all};
use domain::booking::{BookingState, MeetingOutcome};
use domain::company::{CompanyFieldKind, CompanyObject, OnRemoval};
use domain::condition::{Operator, RelativeDay};
use domain::delivery::{
    DeliveryKind, DeliveryState, ExternalIdState, NEW_LEAD, NEW_LEAD_OWNER, RecordAction,
};
use domain::form::{AnswerOperator, ExistingRecord, FieldKind, RecordOwner, SpamSign, SubmissionState};
use domain::list::{Filter, FilterKind};
use domain::mailing::{BounceKind, MailingState, PauseReason, RecipientState, SkipReason};
use domain::mirror::RecordState;
use domain::notification::{Channel, NoticeKind, NotificationEvent, NotificationState};
use domain::org::FieldType;
use domain::people::{
    ChangeOrigin, ConflictRule, ConsentSource, Direction, FilterOperator, LinkState, ListeningState,
    PersonFieldKind, PreviewAction, STANDARD_PERSON_FIELDS, SYNC_CAUSES, VALUE_REFUSALS,
};
use domain::router::{
    FindKey, LedgerReason, ListKey, ListKind, LookupFailure, NodePart, NotPossible, Outcome, PreferredOrder,
    RouteOperator,
};
use domain::run::{ApiFeature, RunKind, RunState, RunTrigger};
use domain::segment::FactKind;
use domain::tag::{Certainty, ConsentMode, Grade, OfferSource};
use domain::value::Language;
use domain::workspace::{ApiScope, Role};
use std::collections::BTreeMap;
use storage::tag::conversions::Quarantine;
use web::console::company::import::wizard::WizardStep;
use web::console::views::LISTS;
use web::text::inspector_text::{EVIDENCE, INSPECTOR_TEXTS};
use web::ui::frame::DONE;
use web::ui::navigation::{MENU, ON_TOP};

const TAG_LINES: [&str; 10] = [
    "gtm",
    "pinned",
    "csp",
    "nginx",
    "apache",
    "vercel",
    "first-party",
    "consent",
    "consent-tcf",
    "consent-google",
];
/// The questions of the tag's check.
const WHY: [&str; 14] = [
    "tag-on",
    "tag-seen",
    "site-allowed",
    "form-recognised",
    "converted",
    "grade",
    "consent",
    "list-fetched",
    "listed",
    "rule",
    "ration",
    "later-visit",
    "targeting",
    "limit",
];

/// The kinds of a chart's nodes.
const ROUTE_NODES: [&str; 5] = ["condition", "list", "find", "split", "outcome"];

type Names = Vec<String>;

fn names<T: ToString>(all: impl IntoIterator<Item = T>) -> Names {
    all.into_iter().map(|name| name.to_string()).collect()
}

fn of_domain() -> Vec<(&'static str, Names)> {
    let objects = ["Lead", "Contact", "Task", "Event", "Campaign", "CampaignMember", "User"];
    vec![
        ("booking-state", names(BookingState::ALL.map(BookingState::name))),
        ("meeting-outcome", names(MeetingOutcome::ALL.map(MeetingOutcome::name))),
        ("company-kind", names(CompanyFieldKind::ALL.map(CompanyFieldKind::name))),
        ("object", names(CompanyObject::ALL.map(CompanyObject::name).into_iter().chain(objects))),
        ("when-gone", names(OnRemoval::ALL.map(OnRemoval::name))),
        ("operator", names(Operator::ALL.map(Operator::name))),
        ("relative", names(RelativeDay::PLAIN.into_iter().chain(RelativeDay::COUNTED))),
        ("external-id", names(ExternalIdState::ALL.map(ExternalIdState::name))),
        ("delivery-kind", names(DeliveryKind::ALL.map(DeliveryKind::name))),
        ("delivery-short", names(DeliveryKind::ALL.map(DeliveryKind::name))),
        ("delivery-state", names(DeliveryState::ALL.map(DeliveryState::name))),
        ("record-action", names(RecordAction::ALL.map(RecordAction::name))),
        ("csv-list-kind", names(ListKind::ALL.map(ListKind::name))),
        ("csv-list-kind-text", names(ListKind::ALL.map(ListKind::name))),
        ("route-key", names(ListKey::ALL.map(ListKey::name))),
        ("kind", names(FieldKind::ALL.map(FieldKind::name))),
        ("answer-operator", names(AnswerOperator::ALL.map(AnswerOperator::name))),
        ("existing-record", names(ExistingRecord::ALL.map(ExistingRecord::name))),
        ("record-owner", names(RecordOwner::NAMES)),
        ("after-submission", names(["message", "redirect", "page"])),
        ("submission-state", names(SubmissionState::ALL.map(SubmissionState::name))),
        ("spam-sign", names(SpamSign::ALL.map(SpamSign::name))),
        ("hidden-source", names(["parameter", "referrer", "page", "fixed"])),
        (
            "question",
            names(["target", "target_family", "target_given", "target_family_kana", "target_given_kana"]),
        ),
        ("field-type", names(FieldType::ALL.map(FieldType::name))),
        ("kept-state", names(RecordState::ALL.map(RecordState::name))),
        ("notice", names(NoticeKind::all().map(NoticeKind::name))),
        ("notification-channel", names(Channel::ALL.map(Channel::name).into_iter().chain(["in-app"]))),
        ("notification-state", names(NotificationState::ALL.map(NotificationState::name))),
        ("feature", names(ApiFeature::all().map(ApiFeature::name))),
        ("run-kind", names(RunKind::ALL.map(RunKind::name))),
        ("run-state", names(RunState::ALL.map(RunState::name))),
        ("run-progress", names(["waiting", "running"])),
        ("run-origin", names(RunTrigger::ALL.map(RunTrigger::name))),
        ("language-name", names(Language::ALL.map(Language::tag))),
        ("notification-language", names(Language::ALL.map(Language::tag))),
        ("role", names(Role::ALL.map(Role::name))),
        ("api-key-scope", names(ApiScope::ALL.map(ApiScope::name))),
        ("api-key-status", names(["works", "expired", "maker-gone", "maker-demoted"])),
        ("role-choice", names(Role::ALL.map(Role::name))),
        ("verdict", names(["passed", "failed", "warning", "unknown"])),
        ("search-order", names(["lead_first", "contact_first"])),
        ("ledger-reason", names(LedgerReason::ALL.map(LedgerReason::name))),
        ("attendance", names(["any", "turn", "all"])),
        ("grade", names(Grade::ALL.map(Grade::name))),
        ("grade-meaning", names(Grade::ALL.map(Grade::name))),
        ("tag-least", names(Grade::LEAST.map(Grade::name))),
        ("sheet-from-visitor", names(ConsentMode::ALL.map(ConsentMode::name))),
        ("tag-consent", names(ConsentMode::ALL.map(ConsentMode::name))),
        ("certainty", names([Certainty::Yes, Certainty::No, Certainty::Unknown].map(Certainty::name))),
        ("why-opens", names([Certainty::Yes, Certainty::No, Certainty::Unknown].map(Certainty::name))),
        ("dialog-heading", names(OfferSource::ALL.map(OfferSource::name))),
        ("tag-wording", names(OfferSource::ALL.map(OfferSource::name))),
        ("offer-outcome", names(["offered", "closed", "never", "not_me", "booked"])),
        ("evidence", names(EVIDENCE.into_iter().chain(["vendor"]))),
        ("inspector", names(INSPECTOR_TEXTS.map(|name| name.replace('_', "-")))),
        ("step-people", names(VALUE_REFUSALS)),
        ("step-people", names(SYNC_CAUSES)),
        ("people-cause", names(VALUE_REFUSALS)),
        ("people-cause", names(SYNC_CAUSES)),
        ("people-preview-count", names(PreviewAction::ALL.map(PreviewAction::name))),
        ("filter-preview", names(PreviewAction::ALL.map(PreviewAction::name))),
        ("people-filter-operator", names(FilterOperator::ALL.map(FilterOperator::name))),
        ("person-field-kind", names(PersonFieldKind::ALL.map(PersonFieldKind::name))),
        ("consent-source", names(ConsentSource::ALL.map(ConsentSource::name))),
        ("people-listening", names(ListeningState::ALL.map(ListeningState::name))),
        ("person-direction", names(Direction::ALL.map(Direction::name))),
        ("person-conflict-rule", names(ConflictRule::ALL.map(ConflictRule::name))),
        ("person-field-state", names(["suspended", "failed", "skipped"])),
        ("person-sync", names(LinkState::ALL.map(LinkState::name))),
        ("segment-fact", [names(FactKind::ALL.map(FactKind::name)), names(["yes", "no"])].concat()),
        (
            "segment-which",
            names(FactKind::ALL.into_iter().filter(|kind| *kind != FactKind::Visit).map(FactKind::name)),
        ),
        ("person-change-origin", names(ChangeOrigin::ALL.map(ChangeOrigin::name))),
        ("person-field", names(STANDARD_PERSON_FIELDS)),
        ("mailing-sample", names(STANDARD_PERSON_FIELDS)),
        ("mailing-audience", names(["everyone"])),
        ("mailing-state", names(MailingState::ALL.map(MailingState::name))),
        ("mailing-recipient", names(RecipientState::ALL.map(RecipientState::name))),
        ("mailing-skip", names(SkipReason::ALL.map(SkipReason::name))),
        ("mailing-bounce", names(BounceKind::ALL.map(BounceKind::name))),
        ("mailing-pause", names(PauseReason::ALL.map(PauseReason::name))),
        ("property", names(domain::tag::STANDARD_PROPERTIES.map(|name| name.replace('_', "-")))),
        ("quarantine", names(Quarantine::ALL.map(Quarantine::name))),
        ("quarantine-text", names(Quarantine::ALL.map(Quarantine::name))),
        ("tag-mode", names(["off", "list", "visitor"])),
        ("tag-first", names(["slots", "message"])),
        ("tag-line", names(TAG_LINES.into_iter().chain(["tag"]))),
        ("tag-line-hint", names(TAG_LINES)),
        ("why", names(WHY)),
        ("route-kind", names(ROUTE_NODES)),
        ("node-about", names(ROUTE_NODES)),
        ("node-new", names(ROUTE_NODES)),
        ("route-outcome", names(Outcome::KINDS)),
        ("route-operator", names(RouteOperator::ALL.map(RouteOperator::name))),
        ("route-order", names(PreferredOrder::ALL.map(PreferredOrder::name))),
        (
            "step-route-preferred",
            names(
                PreferredOrder::ALL
                    .map(PreferredOrder::name)
                    .into_iter()
                    .chain(["last_changed", "record_id"]),
            ),
        ),
        ("route-test", names(RouteOperator::ALL.map(RouteOperator::name))),
        (
            "route-key",
            names(ListKey::ALL.map(ListKey::name).into_iter().chain(FindKey::ALL.map(FindKey::name))),
        ),
        ("route-reason", names(LookupFailure::ALL.map(LookupFailure::name))),
        ("route-not-possible", names(NotPossible::ALL.map(NotPossible::name))),
        (
            "route-exit",
            names([
                "match",
                "otherwise",
                "error",
                "list-match",
                "list-otherwise",
                "find-match",
                "find-otherwise",
            ]),
        ),
        (
            "route-fact",
            names(["email", "email-domain", "email-free-mail", "url", "url-path", "referrer", "language"]),
        ),
        ("router-template", names(["usual", "empty"])),
        ("router-difference", names(["added", "removed", "changed"])),
        ("router-part", names(NodePart::ALL.map(NodePart::name))),
        ("node-join", names(["all", "any"])),
        ("node-outcome", names(["page", "owner", "member", "assigned", "message", "redirect", "nothing"])),
        ("placeholder", names(domain::booking::template::PLACEHOLDERS)),
        ("weekday", names(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])),
    ]
}

fn of_pages() -> Vec<(&'static str, Names)> {
    let events = NotificationEvent::ALL.map(NotificationEvent::name);
    let entries = || MENU.iter().flat_map(|group| group.entries.iter()).chain(&ON_TOP);
    let faults = std::fs::read_to_string("src/http/page_error.rs").unwrap();
    let faults: Vec<&str> = literals(&faults, "code: \"").chain(literals(&faults, "=> \"")).collect();
    assert!(faults.len() > 8, "{faults:?}");
    vec![
        ("actor", names(["api", "system", "attendee"])),
        ("environment", names(["production", "sandbox", "my_domain"])),
        ("dry-run", names([NEW_LEAD, NEW_LEAD_OWNER])),
        ("copy", names(["app-name", "callback", "scopes", "egress-ip"])),
        ("done", names(DONE)),
        ("fault", names(&faults)),
        ("fault-remedy", names(&faults)),
        ("import-step", names(WizardStep::ALL.map(WizardStep::name))),
        ("nav", names(entries().map(|entry| entry.key))),
        ("nav-words", names(entries().map(|entry| entry.key))),
        ("nav-group", names(MENU.iter().map(|group| group.key).filter(|key| !key.is_empty()))),
        ("next", names(["connect", "page", "settings", "book"])),
        ("notification-event", names(events.into_iter().chain(["test"]))),
        ("notification-meaning", names(events.into_iter().chain(["test"]))),
        ("notification-remedy", names(events.into_iter().chain(["test"]))),
        ("notification-test", names(["passed", "failed"])),
        ("page-does", names(["lead", "event", "fields"])),
        ("problem", names(["not-a-time", "slot-taken", "slot-too-soon"])),
        ("column", names(LISTS.iter().flat_map(|list| list.columns).map(|column| column.key))),
        ("tab", names(LISTS.iter().flat_map(|list| list.tabs))),
        ("filter", names(LISTS.iter().flat_map(|list| list.filters).flat_map(filter_words))),
        ("list-none", names(LISTS.map(|list| list.name))),
        ("list-none-text", names(LISTS.map(|list| list.name))),
        ("list-search", names(LISTS.iter().filter(|list| list.searches).map(|list| list.name))),
    ]
}

fn filter_words(filter: &Filter) -> Names {
    let words = match filter.kind {
        FilterKind::Words(words) => names(words.iter().map(|word| format!("{}-{word}", filter.key))),
        FilterKind::Things | FilterKind::Days => Vec::new(),
    };
    words.into_iter().chain([filter.key.to_owned()]).collect()
}

#[test]
fn every_value_that_becomes_a_key_has_its_text_in_both_languages() {
    let families: BTreeMap<&str, Names> = of_domain().into_iter().chain(of_pages()).collect();
    let mut missing = Vec::new();
    for language in ["ja", "en"] {
        let keys = catalogue(language);
        for (family, names) in &families {
            assert!(!names.is_empty(), "{family} has no values");
            let keys_of = names.iter().map(|name| format!("{family}-{name}"));
            missing.extend(
                keys_of.filter(|key| !keys.contains_key(key)).map(|key| format!("{language}: {key}")),
            );
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn every_family_that_the_sources_name_is_tried() {
    let families: Vec<&str> = of_domain().into_iter().chain(of_pages()).map(|(family, _)| family).collect();
    let sources = read_all("src", "rs") + &read_all("templates", "html");
    // Codes of errors have a test of their own.
    let named = literals(&sources, ".word(\"").filter(|family| *family != "connect");
    let unknown: Vec<&str> = named.filter(|family| !families.contains(family)).collect();
    assert_eq!(unknown, Vec::<&str>::new(), "add the family with every value that it takes");
}
