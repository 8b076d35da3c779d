//! A visitor comes to a page: whether a meeting is offered (E2).
//!
//! Known and unknown visitors cost the same: everything is looked up before anything is decided.

use crate::actions::tag::offer::{Wanted, make};
use crate::actions::tag::site::Site;
use crate::actions::tag::{page_token, routed_visit, visitors};
use crate::http::client_address::ClientAddress;
use crate::state::AppState;
use domain::engagement::{EngagementLists, ListVerdict, first_rule};
use domain::tag::{NEVER_DAYS, OfferSource, Tag, Then, VisitFacts, list_popup, may_open};
use domain::value::{Language, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use storage::engagement::members;
use storage::tag::offers;
use storage::tag::visitors::Visitor;
use storage::workspace::attempts::AttemptLimit;
use storage::workspace::{attempts, settings};
use storage::{Session, StorageError};
use url::Url;

/// A visit as it travels.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Visit {
    pub(crate) visitor: String,
    pub(crate) token: String,
    pub(crate) url: String,
    pub(crate) seconds: u32,
    pub(crate) language: String,
}

/// Visits of one network; those beyond are offered nothing.
const PER_ADDRESS: AttemptLimit = AttemptLimit { free: 3_000, pause_seconds: 1, window_minutes: 60 };
/// Days in which dialogs are counted.
const MONTH: i64 = 30 * 24 * 60;

/// The offer for a visit; `None` if nothing is offered.
pub(crate) async fn visit(
    state: &AppState,
    site: &Site,
    client: ClientAddress,
    visit: &Visit,
) -> Result<Option<Value>, StorageError> {
    let has_token = page_token::is_good(state, &site.key, site.origin.as_ref(), &visit.token);
    let (Some(hash), Some(active), true, true) =
        (visitors::hash(&visit.visitor), site.active, site.is_allowed(), has_token)
    else {
        return Ok(None);
    };
    let now = state.clock.now();
    let url = site.clean_url(&visit.url);
    let write = state.database.write().await?;
    let name = format!("tag visit {} {}", site.workspace, client.block());
    let is_too_often = attempts::take(&write, &name, PER_ADDRESS, now).await?.is_some();
    if !is_too_often {
        storage::tag::visitors::see(&write, site.workspace, &hash, &url, now).await?;
    }
    write.commit().await?;
    let read = state.database.read();
    let visitor = storage::tag::visitors::find(&read, site.workspace, &hash).await?;
    let began = now.plus_seconds(-i64::from(visit.seconds));
    let lists = settings::find::<EngagementLists>(&read, site.workspace).await?;
    let facts = facts(&read, site, &lists, &hash, visitor.as_ref(), (began, now)).await?;
    let target = match active {
        Tag::List => list_popup(&facts).ok().and_then(|place| {
            let rule = lists.rules.get(place).filter(|_| lists.enabled)?;
            Some((OfferSource::List, place, Then::Page { page: rule.meeting_type }))
        }),
        Tag::Visitor => may_open(&facts).ok().and_then(|()| {
            let origin = site.origin.as_ref()?;
            let (place, rule) = site.settings.visitor_rule(origin, &path_of(&visit.url))?;
            Some((OfferSource::Visitor, place, rule.then))
        }),
    };
    let Some((source, rule, then)) = target.filter(|_| !is_too_often) else { return Ok(None) };
    let wanted = Wanted {
        source,
        rule,
        conversion: None,
        visitor_hash: hash,
        email_key: visitor.map(|visitor| visitor.email_key).unwrap_or_default(),
        language: Language::from_tag(&visit.language).unwrap_or_default(),
    };
    match then {
        Then::Nothing => Ok(None),
        Then::Page { page } => make(state, site, (page, None), &wanted).await,
        Then::Router { router } => routed_visit::offer(state, site, router, (&facts, &url), &wanted).await,
    }
}

/// The path of an address with its parameters.
pub(crate) fn path_of(url: &str) -> String {
    Url::parse(url).map_or_else(
        |_| url.to_owned(),
        |url| url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path())),
    )
}

/// What is known of a visitor who comes to a page; the same questions for known and unknown ones.
pub(crate) async fn facts(
    on: &impl Session,
    site: &Site,
    lists: &EngagementLists,
    hash: &str,
    visitor: Option<&Visitor>,
    (session_began, now): (Timestamp, Timestamp),
) -> Result<VisitFacts, StorageError> {
    let email_key = visitor.map(|visitor| visitor.email_key.as_str()).filter(|key| !key.is_empty());
    let memberships = members::memberships(on, site.workspace, email_key.unwrap_or("-")).await?;
    let verdict = first_rule(&lists.rules, &lists.business_unit_id, memberships.as_ref());
    let since = (now.plus_minutes(-MONTH), now.plus_minutes(-NEVER_DAYS * 24 * 60));
    let (shown, said_never) = offers::shown_since(on, site.workspace, hash, since.0, since.1).await?;
    Ok(VisitFacts {
        level: email_key.and(visitor).map_or(0, |visitor| visitor.level),
        identified_at: visitor.map_or(now, |visitor| visitor.identified_at),
        session_began,
        now,
        strict: site.settings.strict,
        verdict: if lists.enabled { verdict } else { ListVerdict::NotListed },
        shown,
        most_shown: i64::from(site.settings.caps.month),
        said_never,
    })
}
