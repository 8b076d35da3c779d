//! What Slack's answers to a message mean.

use super::*;
use domain::value::Language;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;
use url::Url;

/// Answers one request with this and gives its body; no answer at all when it is empty.
fn stand_in(answer: String) -> (SlackWebhook, thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}/", listener.local_addr().unwrap());
    let allowed = [Url::parse(&origin).unwrap()];
    let webhook = SlackWebhook::parse(&format!("{origin}services/himitsu"), &allowed).unwrap();
    let talk = move || {
        let mut peer = listener.accept().unwrap().0;
        let mut request = BufReader::new(peer.try_clone().unwrap());
        let (mut line, mut length) = (String::new(), 0);
        while request.read_line(&mut line).unwrap() > 2 {
            let told = line.to_ascii_lowercase();
            length = told.strip_prefix("content-length:").map_or(length, |told| told.trim().parse().unwrap());
            line.clear();
        }
        let mut body = vec![0; length];
        request.read_exact(&mut body).unwrap();
        peer.write_all(answer.as_bytes()).unwrap();
        String::from_utf8(body).unwrap()
    };
    (webhook, thread::spawn(talk))
}

async fn posted(answer: &str) -> (Result<String, SendError>, String) {
    let (webhook, stand_in) = stand_in(answer.to_owned());
    let wording = MessageText {
        language: Language::Japanese,
        subject: "【つぎて】書き込めませんでした".to_owned(),
        paragraphs: vec!["<!channel> 予約を確認してください。".to_owned()],
        link: "https://tsugite.example.co.jp/inbox".to_owned(),
        link_label: "受信箱".to_owned(),
        closing: "お知らせの設定".to_owned(),
    };
    let patience = Duration::from_secs(5);
    let http = salesforce::http_client("engine-test", patience, patience).unwrap();
    (post(&http, &webhook, &wording).await, stand_in.join().unwrap())
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n{body}", body.len())
}

#[tokio::test]
async fn message_that_is_taken_is_plain_text_without_previews() {
    let (said, body) = posted(&answer("200 OK", "", "ok")).await;
    assert_eq!(said.unwrap(), "200 ok");
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["unfurl_links"], false);
    let text = body["text"].as_str().unwrap();
    assert!(text.starts_with("*【つぎて】書き込めませんでした*") && !text.contains("<!channel>"), "{text}");
}

#[tokio::test]
async fn refusal_is_tried_again_after_the_pause_that_was_asked_for() {
    for (status, headers, body, said, pause) in [
        ("404 Not Found", "", "no_service", "404 no_service", None),
        ("403 Forbidden", "", "action_prohibited\n", "403 action_prohibited", None),
        ("429 Too Many Requests", "Retry-After: 30\r\n", "rate_limited", "429 rate_limited", Some(30)),
        ("429 Too Many Requests", "Retry-After: Fri, 22 May 2026 09:00:00 GMT\r\n", "", "429", None),
        ("500 Internal Server Error", "", "", "500", None),
        ("204 No Content", "", "", "204", None),
    ] {
        let error = posted(&answer(status, headers, body)).await.0.unwrap_err();
        let SendError::Refused { said: told, for_good: false, pause: asked } = error else {
            panic!("{status}: {error}");
        };
        assert_eq!((told.as_str(), asked), (said, pause), "{status}");
    }
}

#[tokio::test]
async fn missing_answer_is_told_without_the_address() {
    let error = posted("").await.0.unwrap_err();
    let SendError::Unreachable(text) = error else { panic!("{error}") };
    assert!(!text.is_empty() && !text.contains("himitsu") && !text.contains("127.0.0.1"), "{text}");
}
