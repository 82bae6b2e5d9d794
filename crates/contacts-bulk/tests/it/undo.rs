//! Undoing a run.

use std::time::Duration;

use contacts_bulk::undo::{self, NotRestorable};
use contacts_bulk::{Failure, FailureKind, PlanFile, Replay, Run, RunSettings, UndoPlan};
use contacts_core::{ContactType, Outcome};

use crate::account::{FakeAccount, input, not_found, unavailable};
use crate::run::{noon, owner, plan_for, start};

fn undo(journal: &[u8], account: &FakeAccount) -> UndoPlan {
    UndoPlan::fetch(&Replay::read(journal).unwrap(), account, |_| {}).unwrap()
}

fn messages(left: &[NotRestorable]) -> String {
    let line = |left: &NotRestorable| {
        let contact = left
            .contact_type
            .map_or("both".to_owned(), |c| c.to_string());
        let field = left.field.map_or("all", |field| field.as_str());
        let rule = left
            .rule
            .map_or_else(String::new, |code| format!(" ({code})"));
        format!("{} {contact} {field}: {}{rule}", left.order_id, left.reason)
    };
    left.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn apply(plan: PlanFile, account: &FakeAccount) -> Vec<u8> {
    let mut journal = Vec::new();
    let mut run = Run::start(plan, &owner(), &mut journal, noon).unwrap();
    run.apply(&RunSettings::default(), account, |_| {});
    journal
}

#[test]
fn only_changed_orders_are_restored() {
    let account = FakeAccount::with(5)
        .write_fails(2, not_found())
        .write_fails(3, unavailable());
    account.set_jane(5);
    let before = account.all();
    let mut journal = Vec::new();
    start(plan_for(5, &account), &account, &mut journal).unwrap();
    let account = account.heal();
    let undo = undo(&journal, &account);
    let orders: Vec<_> = undo
        .plan()
        .orders()
        .iter()
        .map(|o| o.order().get())
        .collect();
    assert_eq!(orders, [1, 3, 4], "changed, unknown, changed");
    assert_eq!(
        undo.plan().summary().changes,
        2,
        "the unknown one is as it was"
    );
    // The job title was empty and cannot be emptied; on the order with the unknown outcome it still is.
    insta::assert_snapshot!(messages(undo.not_restorable()), @"
    1 technical_contact job_title: it was empty, and DigiCert cannot empty a field
    4 technical_contact job_title: it was empty, and DigiCert cannot empty a field
    ");
    let plan = PlanFile::new(undo.into_plan(), owner().base_url(), noon());
    apply(plan, &account);
    let mut after = account.all();
    for id in [1, 4] {
        let contact = after.get_mut(&id).unwrap()["technical_contact"]
            .as_object_mut()
            .unwrap();
        assert_eq!(contact.remove("job_title").unwrap(), "SRE");
    }
    assert_eq!(after, before);
}

#[test]
fn undoing_the_undo_restores_the_run() {
    let account = FakeAccount::with(2);
    let journal = apply(plan_for(2, &account), &account);
    let changed = account.all();
    let undo_plan = undo(&journal, &account).into_plan();
    let second = apply(
        PlanFile::new(undo_plan, owner().base_url(), noon()),
        &account,
    );
    assert_ne!(account.all(), changed);
    let again = undo(&second, &account);
    assert_eq!(again.not_restorable(), []);
    apply(
        PlanFile::new(again.into_plan(), owner().base_url(), noon()),
        &account,
    );
    assert_eq!(account.all(), changed);
}

#[test]
fn values_that_cannot_be_restored_are_listed_with_the_reason() {
    let account = FakeAccount::with(4);
    account.change_elsewhere(3, " breaks a rule ");
    let csv = input(
        "order_id,contact_type,first_name,last_name,email,telephone,language_id\n\
         1,technical_contact,Jane,Doe,jane@example.com,+1 555,2\n\
         2,organization_contact,Jane,Doe,jane@example.com,,\n\
         2,technical_contact,Jane,Doe,jane@example.com,,\n\
         3,technical_contact,Jane,Doe,jane@example.com,,\n\
         4,technical_contact,Jane,Doe,jane@example.com,,\n",
    );
    let plan = contacts_bulk::Plan::fetch(csv, &account, |_| {}).unwrap();
    let journal = apply(PlanFile::new(plan, owner().base_url(), noon()), &account);
    account.change_elsewhere(4, "Mallory");
    let undo = undo(&journal, &account);
    insta::assert_snapshot!(messages(undo.not_restorable()), @"
    1 technical_contact telephone: it was empty, and DigiCert cannot empty a field
    1 technical_contact language_id: it cannot be read, so its previous value is unknown
    2 organization_contact all: the order had none, and DigiCert cannot remove a contact
    4 both all: it was changed again after the run
    ");
    let orders: Vec<_> = undo
        .plan()
        .orders()
        .iter()
        .map(|o| o.order().get())
        .collect();
    assert_eq!(orders, [1, 2, 3]);
}

#[test]
fn an_undo_sends_the_required_fields_and_those_that_the_run_changed() {
    let account = FakeAccount::with(1);
    account.set(1, "telephone", "+1 555\u{200E} 0100");
    account.set(1, "job_title", "SRE");
    let before = account.all();
    let journal = apply(plan_for(1, &account), &account);
    assert_ne!(account.all(), before);
    let undo = undo(&journal, &account);
    assert_eq!(undo.not_restorable(), []);
    let update = undo.plan().orders()[0].update();
    let sent = update.contact(ContactType::Technical).unwrap();
    let names: Vec<_> = sent.fields().map(|(field, _)| field.as_str()).collect();
    assert_eq!(names, ["first_name", "last_name", "email"]);
    apply(
        PlanFile::new(undo.into_plan(), owner().base_url(), noon()),
        &account,
    );
    assert_eq!(account.all(), before);
}

#[test]
fn a_value_that_only_our_rules_reject_is_warned_about_and_restored() {
    let values = [
        ("first_name", "Robin "),
        ("first_name", "\u{3164}"),
        ("email", "\"jane doe\"@example.com"),
        ("email", "jane@exämple.com"),
        ("last_name", "D\u{202E}oe"),
    ];
    let account = FakeAccount::with(values.len() as u64);
    for (id, (field, value)) in (1..).zip(values) {
        account.set(id, field, value);
    }
    account.set(5, "job_title", "\u{200E}CTO");
    let before = account.all();
    let plan = plan_for(5, &account);
    let warnings = plan.plan().orders().iter().flat_map(undo::warnings);
    insta::assert_snapshot!(messages(&warnings.collect::<Vec<_>>()), @"
    1 technical_contact first_name: the value breaks a rule of ours; undo sends it, and DigiCert may reject it (surrounding-white-space)
    2 technical_contact first_name: the value breaks a rule of ours; undo sends it, and DigiCert may reject it (blank)
    3 technical_contact email: the value breaks a rule of ours; undo sends it, and DigiCert may reject it (email-format)
    4 technical_contact email: the value breaks a rule of ours; undo sends it, and DigiCert may reject it (email-format)
    5 technical_contact last_name: the value breaks a rule of ours; undo sends it, and DigiCert may reject it (bidi-control)
    5 technical_contact job_title: the value breaks a rule of ours; undo sends it, and DigiCert may reject it (surrounding-white-space)
    ");
    let journal = apply(plan, &account);
    let undo = undo(&journal, &account);
    let mut file = Vec::new();
    PlanFile::new(undo.into_plan(), owner().base_url(), noon())
        .write(&mut file)
        .unwrap();
    apply(PlanFile::read(&file).unwrap(), &account);
    let mut after = account.all();
    for id in 1..=4 {
        let contact = after.get_mut(&id).unwrap()["technical_contact"]
            .as_object_mut()
            .unwrap();
        contact.remove("job_title").unwrap();
    }
    assert_eq!(after, before);
}

#[test]
fn a_plan_warns_of_what_an_undo_cannot_restore_but_not_of_each_empty_field() {
    let account = FakeAccount::with(2);
    account.set(1, "first_name", "");
    account.clear(2);
    let plan = plan_for(2, &account);
    let warnings = plan.plan().orders().iter().flat_map(undo::warnings);
    insta::assert_snapshot!(messages(&warnings.collect::<Vec<_>>()), @"
    1 technical_contact first_name: it was empty, and DigiCert cannot empty a field
    2 technical_contact all: the order had none, and DigiCert cannot remove a contact
    ");
}

#[test]
fn a_value_that_digicert_would_reject_stays_and_the_others_are_restored() {
    let account = FakeAccount::with(1);
    account.set(1, "first_name", &"x".repeat(129));
    account.set(1, "job_title", &"x".repeat(65));
    let journal = apply(plan_for(1, &account), &account);
    let undo = undo(&journal, &account);
    insta::assert_snapshot!(messages(undo.not_restorable()), @"
    1 technical_contact first_name: the previous value breaks a rule of DigiCert, so it cannot be sent (too-long)
    1 technical_contact job_title: the previous value breaks a rule of DigiCert, so it cannot be sent (too-long)
    ");
    apply(
        PlanFile::new(undo.into_plan(), owner().base_url(), noon()),
        &account,
    );
    let after = &account.all()[&1]["technical_contact"];
    assert_eq!(
        (&after["first_name"], &after["email"]),
        (&"Jane".into(), &"john@example.com".into())
    );
}

#[test]
fn an_earlier_update_is_not_forgotten_after_a_later_rejection() {
    let rejected = || Failure::new(FailureKind::Other, Outcome::Rejected, "refused");
    let offline = || Failure::new(FailureKind::Unavailable, Outcome::NotSent, "no connection");
    let again = RunSettings::default().reuse_reads(Duration::ZERO);
    for (settings, then) in [
        (
            RunSettings::default().no_refresh(),
            FakeAccount::with(1).write_fails(1, rejected()),
        ),
        (
            RunSettings::default().no_refresh(),
            FakeAccount::with(1).write_fails(1, offline()),
        ),
        (
            again.clone(),
            FakeAccount::with(1).read_fails(1, rejected()),
        ),
        (again.clone(), FakeAccount::with(1).read_fails(1, offline())),
    ] {
        // The response is lost after the update was applied.
        let account = FakeAccount::with(1).write_fails(1, unavailable());
        let mut journal = Vec::new();
        start(plan_for(1, &account), &account, &mut journal).unwrap();
        // The read does not show the update yet.
        assert_eq!(then.technical_email(1), "john@example.com");
        let mut run = Run::resume(
            Replay::read(&journal).unwrap(),
            &owner(),
            &mut journal,
            noon,
        )
        .unwrap();
        let report = run.apply(&settings, &then, |_| {});
        assert_eq!(report.summary().changed, 0);

        let replay = Replay::read(&journal).unwrap();
        assert_eq!(replay.changed(), 1);
        let account = FakeAccount::with(1);
        account.set_jane(1);
        let plan = undo(&journal, &account).into_plan();
        apply(PlanFile::new(plan, owner().base_url(), noon()), &account);
        assert_eq!(account.technical_email(1), "john@example.com");

        // The current values come from this run, so they can be undone after it was resumed as well.
        if replay.remaining() > 0 {
            let account = FakeAccount::with(1);
            account.set_jane(1);
            let mut run = Run::resume(replay, &owner(), &mut journal, noon).unwrap();
            let report = run.apply(&again, &account, |_| {});
            assert_eq!(report.summary().changed, 1);
        }
    }
}
