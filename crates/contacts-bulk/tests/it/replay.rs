//! Reading journals.

use contacts_bulk::file::FileErrorKind;
use contacts_bulk::{AccountIdentity, Replay};

use crate::account::{FakeAccount, not_found, unavailable};
use crate::run::{URL, plan_for, start};

#[test]
fn the_journal_of_a_run() {
    let account = FakeAccount::with(2).write_fails(2, unavailable());
    let mut journal = Vec::new();
    start(plan_for(2, &account), &account, &mut journal).unwrap();
    insta::assert_snapshot!(String::from_utf8(journal).unwrap());
}

#[test]
fn changes_are_counted_and_debug_shows_only_counts() {
    let account = FakeAccount::with(4).write_fails(3, not_found());
    let mut journal = Vec::new();
    start(plan_for(4, &account), &account, &mut journal).unwrap();
    let replay = Replay::read(&journal).unwrap();
    assert_eq!(replay.changed(), 3);
    insta::assert_snapshot!(format!("{replay:?}"), @r#"Replay { orders: 4, created: "2027-01-15T08:00:00.000Z", .. }"#);
}

#[test]
fn a_damaged_line_is_reported() {
    let account = FakeAccount::with(3);
    let mut whole = Vec::new();
    start(plan_for(3, &account), &account, &mut whole).unwrap();
    let text = String::from_utf8(whole).unwrap();
    let lines: Vec<_> = text.lines().collect();
    let with = |at: usize, line: &str| {
        let mut lines = lines.clone();
        lines[at] = line;
        let text = lines.join("\n") + "\n";
        Replay::read(text.as_bytes()).unwrap_err()
    };
    let other_name = lines[1].replace("Jane", "Joan");
    let messages = [
        with(0, "{"),
        with(0, &lines[0].replace("\"version\":2", "\"version\":7")),
        with(0, &lines[0].replace("-journal", "-plan")),
        with(1, &other_name),
        with(1, "{}"),
        with(2, "{"),
        with(2, &lines[2].replace("\"changes\"", "\"blocked\"")),
        with(2, lines[1]),
        with(4, "\u{0}\u{0}"),
        with(4, lines[5]),
        with(4, &lines[4].replace("\"1\"", "\"7\"")),
        with(7, &lines[7].replace("started", "jane@example.com")),
        with(7, lines[4]),
        with(2, &lines[2].replace("\"changes\"", "\"on-hold\"")),
        with(7, &lines[7].replace("started", "paused")),
    ];
    let messages: Vec<_> = messages.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(messages.join("\n"));
    assert!(!messages.join("").contains("jane@"));
    for no_journal in ["", "{", "x\n", "order_id,contact_type\n1,2\n"] {
        let error = Replay::read(no_journal.as_bytes()).unwrap_err();
        assert!(
            matches!(
                error.kind,
                FileErrorKind::Format | FileErrorKind::NothingSent
            ),
            "{no_journal:?}: {error}"
        );
    }
}

#[test]
fn every_changed_byte_of_the_plan_is_noticed() {
    let account = FakeAccount::with(2);
    let mut whole = Vec::new();
    start(plan_for(2, &account), &account, &mut whole).unwrap();
    let text = String::from_utf8(whole.clone()).unwrap();
    let (first, last) = (
        text.find('\n').unwrap() + 1,
        text.find("{\"started\"").unwrap(),
    );
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1 << (at % 8);
        // Whatever the byte is, reading returns a result and does not panic.
        let read = Replay::read(&changed);
        assert!(!(first..last).contains(&at) || read.is_err(), "byte {at}");
    }
}

#[test]
fn a_run_of_another_base_url_or_key_is_rejected() {
    let account = FakeAccount::with(1);
    let mut journal = Vec::new();
    start(plan_for(1, &account), &account, &mut journal).unwrap();
    let replay = Replay::read(&journal).unwrap();
    let other = |url: &str, key: &str| replay.check(&AccountIdentity::new(url, key)).unwrap_err();
    let europe = "https://certcentral.digicert.eu/services/v2";
    insta::assert_snapshot!(other(europe, "key-1"), @"it belongs to https://www.digicert.com/services/v2, and the base URL is https://certcentral.digicert.eu/services/v2");
    insta::assert_snapshot!(other(URL, "key-2"), @"it was started with another API key");
    replay
        .check_base_url(&AccountIdentity::new(URL, "key-2"))
        .unwrap();
    assert!(
        replay
            .check_base_url(&AccountIdentity::new(europe, "key-2"))
            .is_err()
    );
    let text = String::from_utf8(journal).unwrap();
    assert!(!text.contains("key-1"));
}

#[test]
fn two_journals_do_not_show_that_they_have_the_same_key() {
    let account = FakeAccount::with(2);
    let key = |orders| {
        let mut journal = Vec::new();
        start(plan_for(orders, &account), &account, &mut journal).unwrap();
        let text = String::from_utf8(journal).unwrap();
        let head: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        head["key"].as_str().unwrap().to_owned()
    };
    assert_ne!(key(1), key(2));
}
