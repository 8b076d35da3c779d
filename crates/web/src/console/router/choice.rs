//! A router as a choice of other pages, such as what follows a form.

use crate::text::translator::Translator;
use domain::router::Router;

/// Its name; a draft says that it decides nothing yet.
pub fn router_name(t: &Translator, router: &Router) -> String {
    if router.decides() { router.name.clone() } else { t.fill("router-choice-draft", "router", &router.name) }
}
