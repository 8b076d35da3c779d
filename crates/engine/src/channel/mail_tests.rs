//! How the operator's mail server is addressed, and what its answers mean.

use super::*;
use domain::value::Language;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

const TIMEOUT: Duration = Duration::from_secs(5);

fn server(address: &str, from: Option<&str>) -> Result<MailServer, MailServerError> {
    MailServer::new(&SecretString::from(address.to_owned()), from, TIMEOUT)
}

#[test]
fn sender_is_the_one_given_or_the_user_of_the_address() {
    for (address, from, sender) in [
        ("smtp://mail.example.co.jp", Some("tsugite@example.co.jp"), "tsugite@example.co.jp"),
        ("smtp://mail.example.co.jp", Some("つぎて <tsugite@example.co.jp>"), "tsugite@example.co.jp"),
        ("smtps://user%40example.co.jp:pw@mail.example.co.jp", None, "user@example.co.jp"),
        ("smtps://user%40example.co.jp:pw@mail.example.co.jp", Some("a@example.co.jp"), "a@example.co.jp"),
        ("smtps://taro+news%40example.co.jp:pw@mail.example.co.jp", None, "taro+news@example.co.jp"),
        ("smtps://r&d%40example.co.jp:pw@mail.example.co.jp", None, "r&d@example.co.jp"),
    ] {
        assert_eq!(server(address, from).unwrap().from(), sender, "{address}");
    }
}

#[test]
fn address_that_cannot_be_used_is_refused_without_being_shown() {
    use MailServerError::{Address, NoSender, Sender};
    for (address, from, error) in [
        ("mail.example.co.jp", Some("a@example.co.jp"), Address),
        ("", Some("a@example.co.jp"), Address),
        ("https://mail.example.co.jp", Some("a@example.co.jp"), Address),
        ("smtp:mail", Some("a@example.co.jp"), Address),
        ("smtps://mail.example.co.jp?tls=none", Some("a@example.co.jp"), Address),
        ("smtp://mail.example.co.jp?tls=maybe", Some("a@example.co.jp"), Address),
        ("smtp://mail.example.co.jp", Some("だれか"), Sender),
        ("smtp://mail.example.co.jp", Some(""), Sender),
        ("smtp://mail.example.co.jp", None, NoSender),
        ("smtp://user:himitsu@mail.example.co.jp", None, NoSender),
    ] {
        assert_eq!(server(address, from).err(), Some(error), "{address} {from:?}");
    }
    let shown =
        format!("{:?}", server("smtps://user%40example.co.jp:himitsu@mail.example.co.jp", None).unwrap());
    assert_eq!(shown, "MailServer(from user@example.co.jp)");
}

#[test]
fn password_travels_only_under_tls_unless_the_server_is_near() {
    for (address, tls) in [
        ("smtps://a:pw@mail.example.co.jp", Some(None)),
        ("smtp://mail.example.co.jp", Some(Some("tls=opportunistic"))),
        ("smtp://a@mail.example.co.jp", Some(Some("tls=opportunistic"))),
        ("smtp://a:pw@mail.example.co.jp", Some(Some("tls=required"))),
        ("smtp://a:pw@192.0.2.1:587", Some(Some("tls=required"))),
        ("smtp://a:pw@localhost:2525", Some(Some("tls=opportunistic"))),
        ("smtp://a:pw@127.0.0.1:2525", Some(Some("tls=opportunistic"))),
        ("smtp://a:pw@[::1]:2525", Some(Some("tls=opportunistic"))),
        ("smtp://a:pw@mail.example.co.jp?tls=none", Some(None)),
        ("smtp://a:pw@mail.example.co.jp?tls=opportunistic", Some(Some("tls=opportunistic"))),
        ("smtp://mail.example.co.jp?tls=required", Some(Some("tls=required"))),
        ("smtps://mail.example.co.jp?tls=required", None),
        ("http://mail.example.co.jp", None),
    ] {
        let url = with_tls(Url::parse(address).unwrap());
        assert_eq!(url.as_ref().map(Url::query), tls, "{address}");
    }
}

/// What the stand-in answers to a command; anything else is taken.
type Refusing = (&'static str, &'static str);

/// A mail server that takes one mail, or refuses one of its commands. It gives the lines that it read.
fn stand_in(refusing: Option<Refusing>) -> (String, thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("smtp://{}?tls=none", listener.local_addr().unwrap());
    (address, thread::spawn(move || talk(&listener.accept().unwrap().0, refusing)))
}

fn talk(mut peer: &TcpStream, refusing: Option<Refusing>) -> Vec<String> {
    let mut lines = Vec::new();
    let mut in_mail = false;
    peer.write_all(b"220 ready\r\n").unwrap();
    for line in BufReader::new(peer).lines().map_while(Result::ok) {
        let refusal = refusing.filter(|(command, _)| !in_mail && line.starts_with(command));
        let answer = match (line.as_str(), in_mail) {
            (".", true) => "250 2.0.0 queued as 42",
            (_, true) => "",
            ("DATA", false) => "354 go on",
            ("QUIT", false) => "221 bye",
            _ => "250 ok",
        };
        let answer = refusal.map_or(answer, |(_, answer)| answer);
        in_mail = (in_mail && line != ".") || answer.starts_with("354");
        lines.push(line);
        if !answer.is_empty() && peer.write_all(format!("{answer}\r\n").as_bytes()).is_err() {
            break;
        }
    }
    lines
}

async fn sent(address: &str, to: &str) -> Result<String, SendError> {
    let wording = MessageText {
        language: Language::Japanese,
        subject: "【つぎて】書き込めませんでした".to_owned(),
        paragraphs: vec!["予約を確認してください。".to_owned()],
        link: "https://tsugite.example.co.jp/inbox".to_owned(),
        link_label: "受信箱".to_owned(),
        closing: "お知らせの設定".to_owned(),
    };
    let server = server(address, Some("tsugite@example.co.jp")).unwrap();
    server.send(to, "ref-1", &wording, Timestamp::from_seconds(1_779_440_400)).await
}

#[tokio::test]
async fn mail_is_taken_and_is_the_same_when_it_is_sent_again() {
    let (address, stand_in) = stand_in(None);
    assert_eq!(sent(&address, "taro@example.co.jp").await.unwrap(), "250 2.0.0 queued as 42");
    let lines = stand_in.join().unwrap();
    for line in [
        "MAIL FROM:<tsugite@example.co.jp>",
        "RCPT TO:<taro@example.co.jp>",
        "Message-ID: <ref-1@example.co.jp>",
        "Date: Fri, 22 May 2026 09:00:00 +0000",
        "Auto-Submitted: auto-generated",
        "Content-Language: ja",
    ] {
        assert!(lines.iter().any(|told| told.starts_with(line)), "{line}: {lines:#?}");
    }
}

#[tokio::test]
async fn refusal_of_the_mail_itself_is_for_good() {
    for (command, answer, is_for_good) in [
        ("RCPT", "550 5.1.1 そのような宛先はありません", true),
        ("RCPT", "551 elsewhere", true),
        ("RCPT", "450 4.2.0 greylisted", false),
        ("MAIL", "553 sender not allowed", true),
        ("MAIL", "530 5.7.0 authentication required", false),
        ("DATA", "452 4.3.1 no space", false),
        ("DATA", "552 5.3.4 too big", true),
    ] {
        let (address, stand_in) = stand_in(Some((command, answer)));
        let error = sent(&address, "taro@example.co.jp").await.unwrap_err();
        let SendError::Refused { said, for_good, pause: None } = error else { panic!("{answer}: {error}") };
        assert_eq!(for_good, is_for_good, "{answer}");
        assert!(said.starts_with(&answer[..3]), "{said}");
        stand_in.join().unwrap();
    }
}

#[tokio::test]
async fn recipient_that_is_no_address_is_for_good() {
    let error = sent("smtp://127.0.0.1:1?tls=none", "だれか").await.unwrap_err();
    assert!(matches!(error, SendError::Refused { for_good: true, .. }), "{error}");
}

#[tokio::test]
async fn server_that_does_not_answer_is_unreachable() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = sent(&format!("smtp://a:himitsu@{free}?tls=none"), "taro@example.co.jp").await.unwrap_err();
    let SendError::Unreachable(text) = error else { panic!("{error}") };
    assert!(!text.is_empty() && !text.contains("himitsu"), "{text}");
}
