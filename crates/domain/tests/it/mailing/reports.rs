//! Reports of mail servers, as they come and as they might.

use domain::mailing::{BounceKind, SuppressionReason, is_suppressed_after, parse_dsn};
use domain::value::Timestamp;
use proptest::prelude::*;

const NOW: Timestamp = Timestamp::from_seconds(1_779_440_400);

fn notification(fields: &str, message_id: &str) -> String {
    format!(
        "From: MAILER-DAEMON@relay.example\r\nMessage-ID: <own@relay.example>\r\nContent-Type: multipart/report;\r\n \
        report-type=delivery-status; boundary=\"b\"\r\n\r\n--b\r\n\r\nIt failed.\r\n\r\n--b\r\nContent-Type: \
        message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\n{fields}\r\n\r\n--b\r\nContent-Type: \
        text/rfc822-headers\r\n\r\nSubject: x\r\nMessage-ID: {message_id}\r\n\r\n--b--\r\n"
    )
}

#[test]
fn failed_recipients_are_told_with_the_mail_that_came_back() {
    for (fields, told) in [
        (
            "Final-Recipient: rfc822; taro@one.example\r\nAction: failed\r\nStatus: 5.1.1",
            Some(("taro@one.example", "5.1.1", BounceKind::Hard)),
        ),
        (
            "final-recipient: RFC822;\r\n <taro@one.example>\r\naction: Failed\r\nSTATUS: 4.2.2 (mailbox full)",
            Some(("taro@one.example", "4.2.2", BounceKind::Soft)),
        ),
        (
            "Original-Recipient: rfc822; alias@one.example\r\nStatus: 5.0.0",
            Some(("alias@one.example", "5.0.0", BounceKind::Hard)),
        ),
        ("Final-Recipient: rfc822; taro@one.example\r\nAction: delayed\r\nStatus: 4.4.1", None),
        ("Final-Recipient: rfc822; taro@one.example\r\nAction: relayed\r\nStatus: 2.0.0", None),
        ("Final-Recipient: rfc822; taro@one.example\r\nAction: failed", None),
        ("Final-Recipient: rfc822; taro@one.example\r\nAction: failed\r\nStatus: five", None),
        ("Action: failed\r\nStatus: 5.1.1", None),
    ] {
        for raw in [
            notification(fields, "<m.r@t.example>"),
            notification(fields, "<m.r@t.example>").replace("\r\n", "\n"),
        ] {
            let found = parse_dsn(&raw);
            let shown: Vec<_> =
                found.iter().map(|one| (one.recipient.as_str(), one.status.as_str(), one.kind)).collect();
            assert_eq!(shown, told.into_iter().collect::<Vec<_>>(), "{fields}");
            assert!(found.iter().all(|one| one.message_id == "m.r@t.example"), "{found:#?}");
        }
    }
}

#[test]
fn report_without_the_mail_has_no_message_id() {
    let raw = "Message-ID: <own@relay.example>\n\nFinal-Recipient: rfc822; a@b.example\nStatus: 5.1.1\n";
    assert_eq!(parse_dsn(raw)[0].message_id, "");
}

#[test]
fn one_hard_or_three_soft_bounces_within_two_weeks_leave_an_address_alone() {
    use BounceKind::{Complaint, Hard, Soft};
    let ago = |kind, days: i64| (kind, NOW.plus_minutes(-days * 24 * 60));
    for (came_back, reason) in [
        (vec![], None),
        (vec![ago(Soft, 0), ago(Soft, 13)], None),
        (vec![ago(Soft, 0), ago(Soft, 13), ago(Soft, 15)], None),
        (vec![ago(Soft, 0), ago(Soft, 7), ago(Soft, 14)], Some(SuppressionReason::Bounced)),
        (vec![ago(Hard, 400)], Some(SuppressionReason::Bounced)),
        (vec![ago(Hard, 1), ago(Complaint, 400)], Some(SuppressionReason::Complained)),
    ] {
        assert_eq!(is_suppressed_after(&came_back, NOW), reason, "{came_back:?}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic_and_within_bounds(raw in "\\PC{0,400}") {
        prop_assert!(parse_dsn(&raw).len() <= 20);
    }

    #[test]
    fn what_a_server_writes_is_read_back(
        local in "[a-z0-9.+-]{1,20}",
        class in 4_u8..=5,
        subject in 0_u16..1000,
        detail in 0_u16..1000,
        id in "[a-f0-9]{8}\\.[a-f0-9]{8}",
    ) {
        let status = format!("{class}.{subject}.{detail}");
        let fields = format!("Final-Recipient: rfc822; {local}@one.example\r\nAction: failed\r\nStatus: {status}");
        let found = parse_dsn(&notification(&fields, &format!("<{id}@t.example>")));
        prop_assert_eq!(found.len(), 1);
        prop_assert_eq!(&found[0].recipient, &format!("{local}@one.example"));
        prop_assert_eq!(&found[0].message_id, &format!("{id}@t.example"));
        prop_assert_eq!(found[0].kind, if class == 5 { BounceKind::Hard } else { BounceKind::Soft });
    }
}
