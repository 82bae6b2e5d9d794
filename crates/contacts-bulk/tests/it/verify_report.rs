//! Verification by the account's reports.

use std::sync::atomic::Ordering;

use contacts_bulk::journal::Timeline;
use contacts_bulk::report::html_report;
use contacts_bulk::{
    FailureKind, OrderApi, OrderResult, Plan, PlanFile, PlanSummary, Replay, Report, Run, RunEvent,
    RunSettings, RunSummary, Verify,
};
use contacts_core::ContactsUpdate;

use crate::account::{FakeAccount, input};
use crate::reporting::{Answer, Emails, HEADER, Reporting, id, with_ann};
use crate::run::{URL, noon, owner, plan_for, sent};

/// What happens to the order report, and how many orders it then proves.
type AlteredReport = (
    &'static str,
    usize,
    Box<dyn Fn(String) -> Answer<String> + Send + Sync>,
);
type AlteredEmails = fn(Emails) -> Answer<Emails>;

fn by_report() -> RunSettings {
    RunSettings::default().verify(Verify::Report)
}

/// Applies a plan. Returns the report and the reads that it took.
fn apply(account: &Reporting, plan: PlanFile, journal: &mut Vec<u8>) -> (Report, usize) {
    let mut run = Run::start(plan, &owner(), journal, noon).unwrap();
    let reads = account.account.reads();
    let report = run.apply(&by_report(), account, |_| {});
    (report, account.account.reads() - reads)
}

fn resume(account: &Reporting, journal: &mut Vec<u8>, settings: &RunSettings) -> RunSummary {
    let replay = Replay::read(journal).unwrap();
    let mut run = Run::resume(replay, &owner(), journal, noon).unwrap();
    run.apply(settings, account, |_| {}).summary()
}

/// How many orders were verified by the reports and by reading.
fn how(summary: &RunSummary) -> (usize, usize) {
    let by_report = summary.verified_by_report;
    (by_report, summary.verified - by_report)
}

#[test]
fn orders_that_the_report_proves_are_not_read() {
    let account = Reporting::new(FakeAccount::with(30));
    let plan = plan_for(30, &account.account);
    let mut journal = Vec::new();
    let mut run = Run::start(plan, &owner(), &mut journal, noon).unwrap();
    let reads = account.account.reads();
    let (mut finished, mut verified, mut asked) = (0, Vec::new(), Vec::new());
    let report = run.apply(&by_report(), &account, |event| match event {
        RunEvent::Finished(_) => finished += 1,
        RunEvent::Asked { source, changed } => {
            assert_eq!(finished, 30, "all updates come first");
            asked.push((source.source.to_string(), source.orders, changed));
        }
        RunEvent::Verified(order) => verified.push(order.order().get()),
        _ => {}
    });
    assert_eq!(account.account.reads(), reads);
    assert_eq!(asked, [("order report".to_owned(), 30, 30)]);
    assert!(verified.into_iter().eq(1..=30));
    let summary = report.summary();
    assert_eq!((summary.changed, how(&summary)), (30, (30, 0)));
    assert_eq!(report.orders()[0].result().name(), "changed");
    let text = String::from_utf8(journal.clone()).unwrap();
    let last: Vec<_> = text.lines().rev().take(2).collect();
    insta::assert_snapshot!(last.join("\n"), @r#"
    {"reported":{"at":"2027-01-15T08:00:00.000Z","orders":30,"changed":30}}
    {"verified":{"order_id":"30","at":"2027-01-15T08:00:00.000Z","result":"verified-by-report"}}
    "#);
    // Nothing remains for a resumed run.
    let summary = resume(&account, &mut journal, &RunSettings::default());
    assert_eq!((how(&summary), account.account.reads()), ((30, 0), reads));
    assert_eq!(account.asked.load(Ordering::Relaxed), 1);
}

#[test]
fn orders_that_the_report_does_not_prove_are_read() {
    let old = Reporting::new(FakeAccount::with(30)).rows();
    let twice = |text: String| text.clone() + &text.replace(HEADER, "").replace("Jane", "John");
    let cases: Vec<AlteredReport> = vec![
        ("missing", 0, Box::new(|_| Ok(None))),
        ("failed", 0, Box::new(|_| Err(FailureKind::Unavailable))),
        ("forbidden", 0, Box::new(|_| Err(FailureKind::KeyRejected))),
        ("behind", 0, Box::new(move |_| Ok(Some(old.clone())))),
        (
            "contradictory",
            0,
            Box::new(move |text| Ok(Some(twice(text)))),
        ),
        (
            "no report",
            0,
            Box::new(|text| Ok(Some(text.replace("tech_email", "email")))),
        ),
        ("a web page", 0, Box::new(|_| Ok(Some("<html>".to_owned())))),
        ("folded", 0, Box::new(|text| Ok(Some(text.to_lowercase())))),
        (
            "without titles",
            0,
            Box::new(|text| Ok(Some(text.replace("SRE", "")))),
        ),
        (
            "shifted",
            0,
            Box::new(|text| Ok(Some(text.replace("\"Jane\",", "")))),
        ),
        (
            "cut in row 15",
            14,
            Box::new(|text| {
                let end = text.find("\"15\"").unwrap() + 40;
                Ok(Some(text[..end].to_owned()))
            }),
        ),
        (
            "other orders",
            29,
            Box::new(|text| Ok(Some(text.replace("\n\"7\"", "\n\"99\"")))),
        ),
    ];
    for (name, proven, altered) in cases {
        let account = Reporting::new(FakeAccount::with(30)).report(altered);
        let plan = plan_for(30, &account.account);
        let (report, reads) = apply(&account, plan, &mut Vec::new());
        let summary = report.summary();
        assert!(summary.all_done() && report.stopped().is_none(), "{name}");
        assert_eq!(how(&summary), (proven, 30 - proven), "{name}");
        assert_eq!(reads, 30 - proven, "{name}");
    }
}

#[test]
fn a_mismatch_is_found_by_reading() {
    let account = Reporting::new(FakeAccount::with(30).lossy());
    let plan = plan_for(30, &account.account);
    let mut journal = Vec::new();
    let (report, reads) = apply(&account, plan, &mut journal);
    assert_eq!((report.summary().mismatch, reads), (30, 30));
    let summary = resume(&account, &mut journal, &by_report());
    assert_eq!(summary.mismatch, 30, "and is looked for again");
}

fn plan_of(rows: &[&str], account: &Reporting) -> PlanFile {
    let header = "order_id,contact_type,first_name,last_name,email,telephone,language_id\n";
    let input = input(&(header.to_owned() + &rows.join("\n")));
    let plan = Plan::fetch(input, &account.account, |_| {}).unwrap();
    PlanFile::new(plan, URL, noon())
}

const ORGANIZATION: [&str; 6] = [
    "1,organization_contact,Ann,Lee,lee@example.com,,",
    "2,organization_contact,Ann,Lee,lee@example.com,1,1",
    "3,organization_contact,Anna,Lee,lee@example.com,,",
    "4,organization_contact,Ann,Lee,lee@example.com,2,",
    "5,organization_contact,Ann,Lee,lee@example.com,,",
    "5,technical_contact,Jane,Doe,jane@example.com,,",
];

#[test]
fn the_reports_query_proves_an_organization_contact_of_which_only_the_address_changes() {
    let account = with_ann(5);
    let (report, reads) = apply(&account, plan_of(&ORGANIZATION, &account), &mut Vec::new());
    let names = report.orders().iter().map(|order| match order.result() {
        OrderResult::Changed(verification) => verification.name().unwrap(),
        result => result.name(),
    });
    let verified: Vec<_> = names.collect();
    let [by_report, read] = ["verified-by-report", "verified"];
    assert_eq!(verified, [by_report, by_report, read, read, by_report]);
    assert_eq!((reads, account.asked.load(Ordering::Relaxed)), (2, 2));
}

#[test]
fn an_update_of_both_contacts_needs_both_reports() {
    for (account, asked) in [
        (with_ann(5).emails(|_| Ok(None)), 2),
        (with_ann(5).report(|_| Ok(None)), 1),
    ] {
        let (report, reads) = apply(
            &account,
            plan_of(&ORGANIZATION[4..], &account),
            &mut Vec::new(),
        );
        assert_eq!((how(&report.summary()), reads), ((0, 1), 1));
        assert_eq!(account.asked.load(Ordering::Relaxed), asked);
    }
}

#[test]
fn an_address_that_occurs_twice_or_beside_another_proves_nothing() {
    let cases: [AlteredEmails; 3] = [
        |emails| {
            let old = emails
                .iter()
                .map(|(id, _)| (*id, Some("ann@example.com".to_owned())));
            Ok(Some(old.chain(emails.clone()).collect()))
        },
        |emails| {
            let both = |email: String| email + ",ann@example.com";
            Ok(Some(
                emails
                    .into_iter()
                    .map(|(id, email)| (id, email.map(both)))
                    .collect(),
            ))
        },
        |_| Ok(Some(Vec::new())),
    ];
    for emails in cases {
        let account = with_ann(2).emails(emails);
        let plan = plan_of(&ORGANIZATION[..2], &account);
        let (report, _) = apply(&account, plan, &mut Vec::new());
        assert_eq!(how(&report.summary()), (0, 2));
    }
}

#[test]
fn what_a_vouched_plan_says_of_the_names_before_proves_nothing() {
    let account = with_ann(2);
    let plan = plan_of(&ORGANIZATION[..2], &account);
    let mut journal = Vec::new();
    let mut run = Run::start(plan, &owner(), &mut journal, noon).unwrap();
    let vouched = by_report().no_refresh();
    assert_eq!(
        how(&run.apply(&vouched, &account, |_| {}).summary()),
        (0, 2)
    );
    assert_eq!(account.asked.load(Ordering::Relaxed), 0);
}

#[test]
fn a_run_that_is_cancelled_while_it_asks_can_be_resumed() {
    for kind in [FailureKind::Cancelled, FailureKind::RateLimited] {
        let account = with_ann(5).report(move |_| Err(kind));
        let mut journal = Vec::new();
        let (report, reads) = apply(&account, plan_of(&ORGANIZATION, &account), &mut journal);
        assert_eq!(report.stopped().unwrap().kind(), kind);
        assert_eq!(
            (report.summary().changed, report.summary().verified, reads),
            (5, 0, 0)
        );
        for (settings, expected) in [
            (by_report(), (3, 2)),
            (RunSettings::default(), (0, 5)),
            (RunSettings::default().skip_verification(), (0, 0)),
        ] {
            let account = Reporting::new(FakeAccount::with(5));
            for (order, value) in account_orders(&ORGANIZATION) {
                account.account.update(id(order), &value).unwrap();
            }
            let summary = resume(&account, &mut journal.clone(), &settings);
            assert_eq!(how(&summary), expected);
        }
    }
}

/// The updates of a plan.
fn account_orders(rows: &[&str]) -> Vec<(u64, ContactsUpdate)> {
    let plan = plan_of(rows, &with_ann(5));
    let orders = plan.plan().orders().iter();
    orders
        .map(|order| (order.order().get(), order.update().clone()))
        .collect()
}

#[test]
fn a_journal_that_ends_anywhere_in_the_verification_loses_nothing() {
    let cut = |text: String| {
        let end = text.find("\"5\"").unwrap();
        Ok(Some(text[..end].to_owned()))
    };
    let account = Reporting::new(FakeAccount::with(8)).report(cut);
    let mut journal = Vec::new();
    apply(&account, plan_for(8, &account.account), &mut journal);
    let start = String::from_utf8(journal.clone())
        .unwrap()
        .find("{\"verified")
        .unwrap();
    for end in start..=journal.len() {
        let mut journal = journal[..end].to_vec();
        let summary = resume(&account, &mut journal, &by_report());
        assert_eq!((how(&summary), summary.changed), ((4, 4), 8), "{end}");
        assert!((1..=8).all(|order| sent(&account.account, order) == 1));
    }
}

#[test]
fn the_page_says_how_orders_were_verified() {
    let account = with_ann(5);
    let mut journal = Vec::new();
    apply(&account, plan_of(&ORGANIZATION, &account), &mut journal);
    let page = html_report(&Replay::read(&journal).unwrap(), &Timeline::default(), None);
    assert!(
        page.contains("<dt>Verified</dt><dd>5 of 5 changed (3 by report, 2 by reading)</dd>"),
        "{page}"
    );
    assert!(page.contains("changed, verified by report"), "{page}");
}

#[test]
fn the_number_of_requests_depends_on_what_the_reports_prove() {
    let mut plan = PlanSummary::default();
    (plan.changes, plan.unread) = (100, 20);
    let settings = by_report();
    assert_eq!(settings.requests(&plan), 242..=362);
    let settings = settings.limit(10).no_refresh();
    plan.unread = 0;
    assert_eq!(settings.requests(&plan), 12..=22);
    assert_eq!(settings.max_requests(&PlanSummary::default()), 0);
}

#[test]
fn the_requests_of_a_resumed_run_include_orders_that_are_not_verified() {
    let account = Reporting::new(FakeAccount::with(10));
    let mut journal = Vec::new();
    let plan = plan_for(10, &account.account);
    let mut run = Run::start(plan, &owner(), &mut journal, noon).unwrap();
    let settings = RunSettings::default().skip_verification().limit(4);
    run.apply(&settings, &account, |_| {});
    drop(run);
    let replay = Replay::read(&journal).unwrap();
    assert_eq!(replay.requests(&settings), 8..=8);
    assert_eq!(replay.requests(&RunSettings::default()), 22..=22);
    assert_eq!(replay.requests(&by_report()), 14..=24);
    let reads = account.account.reads();
    resume(&account, &mut journal, &by_report());
    assert_eq!(account.account.reads() - reads, 6, "and as many updates");
    let replay = Replay::read(&journal).unwrap();
    assert_eq!(replay.requests(&by_report()), 0..=0);
}
