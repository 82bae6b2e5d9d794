//! Files that version 0.1 wrote still load. The fixtures are its real output.

use contacts_bulk::export::{Export, ExportFilter};
use contacts_bulk::{
    AccountIdentity, FailureKind, OrderResult, PlanFile, Replay, State, Verification,
};

const PLAN: &[u8] = include_bytes!("../fixtures/version-1/plan.json");
const JOURNAL: &[u8] = include_bytes!("../fixtures/version-1/journal.jsonl");
const EXPORT: &[u8] = include_bytes!("../fixtures/version-1/export.jsonl");

fn account() -> AccountIdentity {
    AccountIdentity::new("http://127.0.0.1:18080/services/v2", "sandbox-demo-key")
}

#[test]
fn a_plan_file_of_version_1_loads_with_every_state() {
    let plan = PlanFile::read(PLAN).unwrap();
    plan.check(&account()).unwrap();
    let states = plan
        .plan()
        .orders()
        .iter()
        .map(|order| match order.state() {
            State::Changes(_) => "changes",
            State::Unchanged => "unchanged",
            State::Blocked(_) => "blocked",
            State::ReadFailed(_) => "read failed",
            _ => "unexpected",
        });
    let expected = [
        "changes",
        "blocked",
        "read failed",
        "unchanged",
        "changes",
        "changes",
        "changes",
        "changes",
    ];
    assert_eq!(states.collect::<Vec<_>>(), expected);
}

#[test]
fn an_edited_plan_file_of_version_1_is_rejected() {
    let changed = String::from_utf8_lossy(PLAN).replacen("Ferreira", "Ferrari", 1);
    PlanFile::read(changed.as_bytes()).unwrap_err();
}

#[test]
fn a_journal_of_version_1_replays_with_every_result() {
    let replay = Replay::read(JOURNAL).unwrap();
    replay.check(&account()).unwrap();
    let results: Vec<_> = replay.orders().map(|(_, result)| result.unwrap()).collect();
    let verified = OrderResult::Changed(Verification::Verified);
    assert_eq!((&results[0], &results[7]), (&verified, &verified));
    assert!(matches!(results[1], OrderResult::Blocked(_)));
    assert!(matches!(&results[2], OrderResult::ReadFailed(f) if f.kind() == FailureKind::NotFound));
    assert_eq!(results[3], OrderResult::Unchanged);
    assert!(matches!(&results[4], OrderResult::Failed(f) if f.kind() == FailureKind::Unavailable));
    assert_eq!(results[5], OrderResult::Conflict(Vec::new()));
    assert_eq!(results[6], OrderResult::Unchanged);
    assert_eq!(replay.length(), JOURNAL.len());
}

#[test]
fn an_interrupted_export_of_version_1_resumes() {
    let (export, length) = Export::resume(EXPORT, &account(), &ExportFilter::default()).unwrap();
    assert_eq!((export.read(), length), (2, EXPORT.len() as u64));
}
