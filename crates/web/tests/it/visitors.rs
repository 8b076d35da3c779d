//! What visitors meet: times in their own zone, nothing typed is lost, and the workspace's own look.

use crate::support::{Reply, Server};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base64::Engine as _;
use domain::value::Language;
use domain::workspace::Role;

fn hidden(reply: &Reply, name: &str) -> String {
    let start = reply.body.find(&format!("type=\"hidden\" name=\"{name}\" value=\"")).unwrap_or_else(|| {
        panic!("{name} is not carried: {}", reply.body);
    });
    let rest = &reply.body[start..];
    rest.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn times_are_shown_in_the_zone_of_the_address_through_all_steps() {
    let server = Server::start().await;
    let start = server.open_start(0);
    let clock = |zone: &str| domain::booking::local(start, zone).strftime("%H:%M").to_string();
    let (tokyo, york) = (clock("Asia/Tokyo"), clock("America/New_York"));
    let days = server.get("/b/sales/demo?language=en&zone=America%2FNew_York").await;
    assert!(
        days.body.contains(&format!(">{york}</time>")) && !days.body.contains(&format!("{start}\">{tokyo}<"))
    );
    assert!(days.body.contains("<option value=\"America/New_York\" selected>UTC−0"), "{}", days.body);
    let link = format!("/b/sales/demo/{start}?language=en&#38;zone=America%2FNew_York");
    assert!(days.body.contains(&link), "{}", days.body);
    let form = server.get(&format!("/b/sales/demo/{start}?language=en&zone=America%2FNew_York")).await;
    assert!(form.body.contains(&format!("<b>{york}</b>")), "{}", form.body);
    assert!(
        form.body.contains(&format!("{tokyo} in Japan time")),
        "the host's time beside it: {}",
        form.body
    );
    let token = form.input("token");
    let typed = [
        ("token", token.as_str()),
        ("attendee.family_name", "Doe"),
        ("attendee.given_name", "Jane"),
        ("attendee.email", "jane@visitor.example"),
        ("answers.topic", "A demo"),
        ("answers.size", "1-10"),
    ];
    let booked =
        server.post(&format!("/b/sales/demo/{start}?language=en&zone=America%2FNew_York"), &typed).await;
    assert_eq!(booked.status, StatusCode::SEE_OTHER, "{}", booked.body);
    assert!(booked.location().ends_with("zone=America%2FNew_York"), "{}", booked.location());
    let done = server.get(booked.location()).await;
    assert!(done.body.contains(&format!("<b>{york}</b>")) && done.body.contains("in Japan time"));
    for unknown in ["Mars%2FBase", "%00", "..%2F..%2Fetc", ""] {
        let days = server.get(&format!("/b/sales/demo?language=en&zone={unknown}")).await;
        assert_eq!(days.status, StatusCode::OK);
        assert!(days.body.contains("<option value=\"Asia/Tokyo\" selected>"), "{unknown}");
    }
}

#[tokio::test]
async fn what_was_typed_comes_back_after_another_time_or_language() {
    let server = Server::start().await;
    let start = server.open_start(0);
    let typed = [
        ("token", "x.y"),
        ("attendee.family_name", "山田"),
        ("attendee.email", "taro@visitor.example"),
        ("answers.topic", "<b>相談"),
        ("answers.interests", "A"),
        ("answers.interests", "C"),
        ("guests", "a@b.example"),
        ("evil", "1"),
    ];
    let days = server.post("/b/sales/demo?language=ja", &typed).await;
    assert_eq!(days.status, StatusCode::OK);
    assert_eq!(hidden(&days, "attendee.family_name"), "山田");
    assert_eq!(hidden(&days, "answers.topic"), "&#60;b&#62;相談");
    assert_eq!(days.body.matches("name=\"answers.interests\"").count(), 2);
    assert!(!days.body.contains("evil") && !days.body.contains("x.y"), "only the form's own values");
    let other = server.open_start(3);
    assert!(days.body.contains(&format!("name=\"do\" value=\"show\" formaction=\"/b/sales/demo/{other}?")));
    let sent: Vec<(&str, &str)> = typed.into_iter().chain([("do", "show")]).collect();
    for language in ["ja", "en"] {
        let form = server.post(&format!("/b/sales/demo/{other}?language={language}"), &sent).await;
        assert_eq!(form.status, StatusCode::OK, "nothing is booked and nothing refused");
        assert!(form.body.contains("value=\"山田\"") && form.body.contains("a@b.example"), "{}", form.body);
        assert!(form.body.contains("value=\"C\" checked"), "{}", form.body);
    }
    let gone = server.post("/b/sales/demo/2020-01-01T00:00:00Z?language=ja", &sent).await;
    assert_eq!(gone.status, StatusCode::CONFLICT);
    assert_eq!(hidden(&gone, "attendee.email"), "taro@visitor.example", "a refused time loses nothing");
    assert_eq!(server.get(&format!("/b/sales/demo/{start}")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn pages_are_compressed_but_those_with_tokens_of_a_session_are_not() {
    let server = Server::start().await;
    let ask =
        |path: &str| Request::get(path).header(header::ACCEPT_ENCODING, "gzip").body(Body::empty()).unwrap();
    let public = server.open(ask("/b/sales/demo")).await;
    assert_eq!(public.headers()[header::CONTENT_ENCODING], "gzip");
    assert!(server.open(ask("/sign-in")).await.headers().get(header::CONTENT_ENCODING).is_none());
}

#[tokio::test]
async fn faults_lead_visitors_back_to_the_booking_page_and_never_to_the_sign_in() {
    let server = Server::start().await;
    for (path, leads_back) in [
        ("/b/sales/demo/done/x.y", true),
        ("/b/sales/nothing", false),
        ("/cancel/x.y", false),
        ("/brand/x/y", false),
    ] {
        let reply = server.get(path).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!reply.body.contains("href=\"/\"") && !reply.body.contains("sign-in"), "{path}");
        assert_eq!(reply.body.contains("href=\"/b/sales/demo\""), leads_back, "{path}: {}", reply.body);
    }
}

fn multipart(csrf: &str, file: &[u8]) -> Vec<u8> {
    let part = |name: &str, more: &str, value: &[u8]| {
        let head = format!("--xyz\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n");
        [head.as_bytes(), value, b"\r\n"].concat()
    };
    [
        part("csrf", "", csrf.as_bytes()),
        part("logo", "; filename=\"logo.png\"", file),
        b"--xyz--\r\n".to_vec(),
    ]
    .concat()
}

#[tokio::test]
async fn own_name_colour_and_logo_are_checked_and_shown_to_visitors() {
    let server = Server::start().await;
    let browser = server.browser(Role::Admin, Language::English).await;
    let pale = browser.post("/console/brand", &[("name", "Acme"), ("color", "#ffee00")]).await;
    assert_eq!(pale.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(pale.body.contains("hard to read on this color"), "{}", pale.body);
    let saved = browser.post("/console/brand", &[("name", "Acme <b>Inc"), ("color", "#0a5c36")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let page = server.get("/b/sales/demo").await.body;
    assert!(page.contains("Acme &#60;b&#62;Inc"), "{page}");
    let style = page.split("href=\"/brand/").nth(1).unwrap().split('"').next().unwrap();
    let style = server.get(&format!("/brand/{style}")).await;
    assert!(style.body.contains("--indigo: #0a5c36") && style.body.contains("prefers-color-scheme: dark"));
    let send = async |csrf: &str, file: &[u8]| {
        let request = Request::post("/console/brand/logo")
            .header(header::COOKIE, &browser.cookie)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=xyz");
        server.send(request.body(Body::from(multipart(csrf, file))).unwrap()).await
    };
    let png = base64::engine::general_purpose::STANDARD
        .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
        .unwrap();
    assert_eq!(send("wrong", &png).await.status, StatusCode::FORBIDDEN, "the form's token is needed");
    let drawing = send(&browser.csrf, b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>").await;
    assert_eq!(drawing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(drawing.body.contains("SVG can’t be used"));
    assert_eq!(send(&browser.csrf, &png).await.status, StatusCode::SEE_OTHER);
    let page = server.get("/b/sales/demo").await.body;
    let logo = page.split("<img src=\"").nth(1).unwrap().split('"').next().unwrap();
    let file = server.get(logo).await;
    assert_eq!(file.headers[header::CONTENT_TYPE], "image/png");
    assert_eq!(file.headers["x-content-type-options"], "nosniff");
    let reader = server.browser(Role::Editor, Language::English).await;
    assert_eq!(reader.post("/console/brand", &[("name", "X")]).await.status, StatusCode::FORBIDDEN);
}
