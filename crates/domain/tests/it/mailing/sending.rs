//! What answers mean, how fast mails go out, and when a mailing stops by itself.

use domain::mailing::{
    BounceKind, Health, MAX_ATTEMPTS, MailingAction, MailingState, Pace, PauseReason, RefusalStage, Reply,
    SendOutcome, after_reply, judge,
};
use domain::value::Timestamp;

const NOW: Timestamp = Timestamp::from_seconds(1_779_440_400);

fn refused(code: u16, stage: RefusalStage, status: &str) -> Reply {
    Reply::Refused { code, stage, status: status.to_owned() }
}

#[test]
fn answer_decides_what_becomes_of_a_mail() {
    use RefusalStage::{Content, Recipient, Session};
    let until = |seconds| NOW.plus_seconds(seconds);
    for (reply, attempts, outcome) in [
        (Reply::Accepted, 1, SendOutcome::Sent),
        (Reply::Lost, 1, SendOutcome::Unknown),
        (Reply::NotSent, 1, SendOutcome::Again { until: until(15) }),
        (refused(454, Recipient, "4.7.0"), 1, SendOutcome::Deferred { until: until(60) }),
        (refused(454, Recipient, "4.7.0"), 4, SendOutcome::Deferred { until: until(480) }),
        (refused(450, Content, ""), 11, SendOutcome::Deferred { until: until(7_200) }),
        (refused(450, Recipient, ""), MAX_ATTEMPTS, SendOutcome::Failed { bounce: Some(BounceKind::Soft) }),
        (refused(550, Recipient, "5.1.1"), 1, SendOutcome::Failed { bounce: Some(BounceKind::Hard) }),
        (refused(550, Recipient, "No"), 1, SendOutcome::Failed { bounce: Some(BounceKind::Hard) }),
        (refused(552, Recipient, "5.2.2"), 1, SendOutcome::Failed { bounce: Some(BounceKind::Soft) }),
        (refused(550, Recipient, "5.7.1"), 1, SendOutcome::Failed { bounce: Some(BounceKind::Soft) }),
        (refused(554, Content, "5.7.1"), 1, SendOutcome::Failed { bounce: None }),
        (refused(535, Session, "5.7.8"), MAX_ATTEMPTS, SendOutcome::Again { until: until(60) }),
        (refused(421, Session, ""), 1, SendOutcome::Deferred { until: until(60) }),
    ] {
        assert_eq!(after_reply(&reply, attempts, NOW), outcome, "{reply:?} {attempts}");
    }
}

#[test]
fn mailing_stops_above_five_percent_bounces_or_a_thousandth_of_complaints() {
    let health = |tried, bounced, complained| Health { tried, bounced, complained };
    for (now, before, reason) in [
        (health(99, 99, 99), health(0, 0, 0), None),
        (health(100, 5, 0), health(0, 0, 0), None),
        (health(100, 6, 0), health(0, 0, 0), Some(PauseReason::Bounces)),
        (health(1_000, 0, 1), health(0, 0, 0), None),
        (health(1_000, 50, 2), health(0, 0, 0), Some(PauseReason::Complaints)),
        (health(300, 20, 0), health(200, 18, 0), None),
        (health(300, 30, 0), health(200, 18, 0), Some(PauseReason::Bounces)),
    ] {
        assert_eq!(judge(now, before), reason, "{now:?} {before:?}");
    }
}

#[test]
fn pace_is_kept_for_all_and_for_each_domain() {
    let mut pace = Pace::new(40, 4, 0.0);
    let mut sent = 0;
    let mut at = 0.0;
    for _ in 0..100 {
        at += 0.05;
        for _ in 0..pace.allowed(at) {
            if pace.take(&format!("{}.example", sent % 20), at) {
                sent += 1;
            }
        }
    }
    assert!((195..=210).contains(&sent), "40 a second for five seconds: {sent}");

    let mut pace = Pace::new(1_000, 4, 0.0);
    let one = (0..100).filter(|n| {
        let at = f64::from(*n) * 0.05;
        pace.allowed(at);
        pace.take("one.example", at)
    });
    assert!((20..=25).contains(&one.count()), "4 a second for five seconds");
}

#[test]
fn pace_halves_when_the_server_asks_and_recovers() {
    let mut pace = Pace::new(100, 1_000, 0.0);
    let in_a_second = |pace: &mut Pace, from: f64| {
        let mut sent = 0;
        for step in 1..=20 {
            let at = from + f64::from(step) * 0.05;
            for _ in 0..pace.allowed(at) {
                sent += i32::from(pace.take("x", at));
            }
        }
        sent
    };
    assert!((98..=101).contains(&in_a_second(&mut pace, 0.0)));
    pace.slow_down();
    pace.slow_down();
    assert!((23..=28).contains(&in_a_second(&mut pace, 1.0)));
    for _ in 0..100 {
        pace.slow_down();
    }
    assert!(in_a_second(&mut pace, 2.0) >= 1, "it never stands still");
    pace.allowed(1_000.0);
    assert!((98..=126).contains(&in_a_second(&mut pace, 1_000.0)));
}

#[test]
fn action_is_possible_in_its_states_only() {
    use MailingAction::{Cancel, Edit, Pause, Resume, Start};
    use MailingState::{Canceled, Draft, Finished, Paused, Scheduled, Sending};
    for (action, states) in [
        (Edit, vec![Draft]),
        (Start, vec![Draft]),
        (Pause, vec![Scheduled, Sending]),
        (Resume, vec![Paused]),
        (Cancel, vec![Scheduled, Sending, Paused]),
    ] {
        for state in [Draft, Scheduled, Sending, Paused, Finished, Canceled] {
            assert_eq!(state.allows(action), states.contains(&state), "{action:?} {state:?}");
        }
    }
}
