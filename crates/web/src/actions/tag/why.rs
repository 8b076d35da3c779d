//! Why a dialog does or does not open for someone on a page (E6): what is known, put together.

use crate::actions::router::after_visit;
use crate::actions::tag::site::Site;
use crate::actions::tag::visits::{facts, path_of};
use crate::actions::tag::{routed_visit, visitors};
use crate::state::AppState;
use domain::engagement::{EngagementLists, ListVerdict, first_rule};
use domain::tag::{
    Case, ConversionFacts, Finding, PageFacts, PersonFacts, RoutedFacts, RouterVerdict, SiteOrigin,
    TagSettings, Then, VisitFacts, diagnose, is_allowed, matches_url,
};
use domain::value::{EmailAddress, FieldProblem, Language, Timestamp, WorkspaceId};
use storage::engagement::members;
use storage::router::routers;
use storage::tag::visitors::Visitor;
use storage::tag::{conversions, forms_seen, keys, pages_seen};
use storage::workspace::settings;
use storage::{Session, StorageError};

/// About whom and what is asked, as it is typed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Question {
    pub(crate) email: String,
    pub(crate) visitor: String,
    pub(crate) url: String,
}

/// About whom and what is asked.
struct Asked {
    email_key: String,
    hash: String,
    page: Option<(SiteOrigin, String)>,
}

/// The person who was asked about, with what a router goes by.
struct Person {
    facts: PersonFacts,
    email_key: String,
    hash: String,
}

/// Conversions and browsers of a person that are looked at.
const MOST: u32 = 20;

/// The answers to all questions.
pub(crate) async fn answer(
    state: &AppState,
    workspace: WorkspaceId,
    question: &Question,
) -> Result<Result<Vec<Finding>, Vec<FieldProblem>>, StorageError> {
    let asked = match read(question) {
        Ok(asked) => asked,
        Err(problems) => return Ok(Err(problems)),
    };
    let now = state.clock.now();
    let on = state.database.read();
    let tags = keys::find(&on, workspace).await?;
    let site = Site {
        workspace,
        key: tags.as_ref().map(|tags| tags.key.clone()).unwrap_or_default(),
        origin: asked.page.as_ref().map(|(origin, _)| origin.clone()),
        settings: settings::find::<TagSettings>(&on, workspace).await?,
        active: tags.and_then(|tags| tags.active),
    };
    let lists = settings::find::<EngagementLists>(&on, workspace).await?;
    let person = person(&on, &site, &lists, &asked, now).await?;
    let mut page = page(&on, &site, &asked).await?;
    if let Some(page) = &mut page {
        page.routed = routed(state, &site, question.url.trim(), page.rule, person.as_ref()).await?;
    }
    let case = Case {
        tag: site.active,
        page,
        person: person.map(|person| person.facts),
        lists_on: lists.enabled,
        lists_kept: are_kept(&on, workspace, &lists).await?,
        strict: site.settings.strict,
    };
    Ok(Ok(diagnose(&case)))
}

fn read(question: &Question) -> Result<Asked, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let (email, visitor, url) = (question.email.trim(), question.visitor.trim(), question.url.trim());
    if email.is_empty() && visitor.is_empty() && url.is_empty() {
        problems.push(FieldProblem::new("email", "nothing-asked"));
    }
    let email_key = if email.is_empty() {
        String::new()
    } else {
        let read = EmailAddress::parse(email).map(EmailAddress::into_key);
        read.unwrap_or_else(|_| {
            problems.push(FieldProblem::new("email", "not-an-email"));
            String::new()
        })
    };
    let hash = if visitor.is_empty() {
        String::new()
    } else {
        visitors::hash(visitor).unwrap_or_else(|| {
            problems.push(FieldProblem::new("visitor", "not-a-visitor"));
            String::new()
        })
    };
    let page = SiteOrigin::parse(url).map(|origin| (origin, path_of(url)));
    if page.is_none() && !url.is_empty() {
        problems.push(FieldProblem::new("url", "not-a-site").with("value", url));
    }
    if problems.is_empty() { Ok(Asked { email_key, hash, page }) } else { Err(problems) }
}

async fn page(on: &impl Session, site: &Site, asked: &Asked) -> Result<Option<PageFacts>, StorageError> {
    let Some((origin, path_and_query)) = &asked.page else { return Ok(None) };
    let path = path_and_query.split('?').next().unwrap_or_default();
    let forms = forms_seen::list(on, site.workspace).await?;
    let here: Vec<_> =
        forms.iter().filter(|form| form.origin == origin.as_str() && form.path == path).collect();
    // The latest shape of each form counts: a form that changed is a new one.
    let mut missing = Vec::new();
    for mapped in site.settings.forms.iter().filter(|form| form.on && matches_url(&form.url, origin, path)) {
        let latest = here.iter().find(|form| form.form_id == mapped.id);
        let has =
            |input: &String| latest.is_none_or(|form| form.fields.iter().any(|field| field.name == *input));
        missing.extend(
            mapped.fields.iter().filter(|(_, input)| !has(input)).map(|(property, _)| property.clone()),
        );
    }
    Ok(Some(PageFacts {
        origin: origin.to_string(),
        is_allowed: is_allowed(&site.settings.origins, origin),
        seen_at: pages_seen::last_seen(on, site.workspace, origin.as_str(), path).await?,
        forms: here.len(),
        only_attempts: match here.iter().any(|form| form.successes > 0) {
            true => 0,
            false => here.iter().map(|form| form.submissions).sum(),
        },
        missing,
        rule: site.settings.visitor_rule(origin, path_and_query).map(|(place, _)| place),
        routed: None,
    }))
}

/// What the router of the page's rule makes of the person; `None` if the rule names no router.
async fn routed(
    state: &AppState,
    site: &Site,
    url: &str,
    rule: Option<usize>,
    person: Option<&Person>,
) -> Result<Option<RoutedFacts>, StorageError> {
    let rule = rule.and_then(|place| site.settings.rules.get(place));
    let Some(Then::Router { router }) = rule.map(|rule| rule.then) else { return Ok(None) };
    let found = routers::find(&state.database.read(), site.workspace, router).await?;
    let Some(router) = found else {
        return Ok(Some(RoutedFacts { router: String::new(), verdict: RouterVerdict::Closed }));
    };
    let visit = person.and_then(|person| person.facts.visit.as_ref());
    let who = person.map_or(("", ""), |person| (person.email_key.as_str(), person.hash.as_str()));
    let facts = routed_visit::facts(visit, &site.clean_url(url), who, Language::default());
    let verdict = after_visit::foretell(state, site.workspace, &router, facts).await?;
    Ok(Some(RoutedFacts { router: router.name, verdict }))
}

async fn person(
    on: &impl Session,
    site: &Site,
    lists: &EngagementLists,
    asked: &Asked,
    now: Timestamp,
) -> Result<Option<Person>, StorageError> {
    if asked.email_key.is_empty() && asked.hash.is_empty() {
        return Ok(None);
    }
    let found = conversions::of_person(on, site.workspace, &asked.email_key, &asked.hash, MOST).await?;
    let browser = browser(on, site.workspace, asked).await?;
    let email_key = match (&asked.email_key, &browser) {
        (typed, _) if !typed.is_empty() => typed.clone(),
        (_, Some(browser)) => browser.email_key.clone(),
        (_, None) => String::new(),
    };
    let memberships = members::memberships(on, site.workspace, &email_key).await?;
    let verdict = first_rule(&lists.rules, &lists.business_unit_id, memberships.as_ref());
    let visit: Option<VisitFacts> = match &browser {
        Some(browser) => Some(facts(on, site, lists, &browser.hash, Some(browser), (now, now)).await?),
        None => None,
    };
    let conversion = |stored: &conversions::StoredConversion| {
        let form = site.settings.forms.iter().find(|form| form.id == stored.form_id);
        ConversionFacts {
            grade: stored.conversion.grade,
            least: site.settings.follows(form).0,
            waits: stored.quarantine.is_some(),
            has_visitor: !stored.visitor_hash.is_empty(),
        }
    };
    let facts = PersonFacts {
        conversions: found.iter().map(conversion).collect(),
        visit,
        last_seen_at: browser.as_ref().map(|browser| browser.last_seen_at),
        verdict: if lists.enabled { verdict } else { ListVerdict::Unknown },
        has_address: !email_key.is_empty(),
    };
    let hash = browser.map_or_else(|| asked.hash.clone(), |browser| browser.hash);
    Ok(Some(Person { facts, email_key, hash }))
}

/// The browser that was named, or the one of the address that was seen last.
async fn browser(
    on: &impl Session,
    workspace: WorkspaceId,
    asked: &Asked,
) -> Result<Option<Visitor>, StorageError> {
    if !asked.hash.is_empty() {
        return storage::tag::visitors::find(on, workspace, &asked.hash).await;
    }
    let known = storage::tag::visitors::of_address(on, workspace, &asked.email_key, 1).await?;
    Ok(known.into_iter().next())
}

async fn are_kept(
    on: &impl Session,
    workspace: WorkspaceId,
    lists: &EngagementLists,
) -> Result<bool, StorageError> {
    let kept = members::find(on, workspace).await?;
    Ok(kept.is_some_and(|kept| {
        let has = |id: u64| kept.body.lists.iter().any(|list| list.id == id);
        kept.body.business_unit_id == lists.business_unit_id
            && lists.rules.iter().all(|rule| rule.list_id.is_some_and(has))
    }))
}
