//! The connection page: the preflight's result, and disconnecting, which only admins may do (C5, C8).

use crate::signed_in::fill;
use crate::support::Server;
use axum::http::StatusCode;
use domain::delivery::{Check, DeliveryState, Verdict};
use domain::value::{Language, Step};
use domain::workspace::Role;
use storage::delivery::deliveries;
use storage::org::connections;
use storage::org_request::{OrgRequest, OrgResponse};

const PAGE: &str = "/console/connection";

#[tokio::test]
async fn preflight_leads_to_its_result_or_reason() {
    let server = Server::start().await;
    fill(&server).await;
    let checks = vec![Check::new(Verdict::Failed, Step::new("object-hidden").with("object", "Lead"))];
    for language in [Language::Japanese, Language::English] {
        let browser = server.browser(Role::Admin, language).await;
        for (answer, expected) in [
            (OrgResponse::Preflight { checks: checks.clone() }, "done=checked"),
            (OrgResponse::NotConnected, "failure=not-connected"),
            (OrgResponse::Failed { reason: Step::new("unavailable") }, "failure=unavailable"),
        ] {
            let ask = |question: &OrgRequest| {
                assert_eq!(*question, OrgRequest::Preflight);
                answer.clone()
            };
            let reply = browser.post_answered(&format!("{PAGE}/preflight"), &[], ask).await;
            assert_eq!(reply.location(), format!("{PAGE}?{expected}#preflight"));
            let page = browser.get(&format!("{PAGE}?{expected}")).await;
            assert_eq!(page.status, StatusCode::OK);
            if expected.starts_with("failure") {
                assert!(page.body.contains("role=\"alert\""), "{expected}: {}", page.body);
            }
        }
    }
}

#[tokio::test]
async fn disconnecting_asks_first_and_holds_deliveries() {
    let server = Server::start().await;
    let booking = fill(&server).await;
    let editor = server.browser(Role::Editor, Language::Japanese).await;
    assert_eq!(editor.post(&format!("{PAGE}/disconnect"), &[]).await.status, StatusCode::FORBIDDEN);
    let browser = server.browser(Role::Admin, Language::English).await;
    let question = browser.get(&format!("{PAGE}/disconnect")).await;
    assert!(question.body.contains("<form") && !question.body.contains("Org <script>"), "{}", question.body);
    let read = server.state.database.read();
    assert!(connections::find(&read, server.workspace).await.unwrap().is_some(), "asking ends nothing");
    let done = browser.post(&format!("{PAGE}/disconnect"), &[]).await;
    assert_eq!(done.location(), format!("{PAGE}?done=disconnected"), "{}", done.body);
    assert_eq!(connections::find(&read, server.workspace).await.unwrap(), None);
    let all = deliveries::of_subjects(&read, server.workspace, &[booking.into()]).await.unwrap();
    assert!(
        all.iter().all(|one| one.state != DeliveryState::Due),
        "what was due waits for the next connection"
    );
    let again = browser.post(&format!("{PAGE}/disconnect"), &[]).await;
    assert!(again.status.is_redirection(), "a second time changes nothing: {}", again.body);
    assert!(browser.get(PAGE).await.body.contains("Not connected"));
}
