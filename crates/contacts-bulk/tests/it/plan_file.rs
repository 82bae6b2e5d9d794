//! Plan files.

use contacts_bulk::{PlanFile, State};

use crate::account::{FakeAccount, not_found};
use crate::run::plan_for;

fn written(plan: &PlanFile) -> String {
    let mut bytes = Vec::new();
    plan.write(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_plan_survives_a_round_trip() {
    let account = FakeAccount::with(3).dv(2).read_fails(3, not_found());
    account.set_jane(2);
    let plan = plan_for(3, &account);
    let text = written(&plan);
    insta::assert_snapshot!(text);
    let again = PlanFile::read(text.as_bytes()).unwrap();
    assert_eq!(written(&again), text);
    assert_eq!(again.digest(), plan.digest());
    let states = |plan: &PlanFile| -> Vec<State> {
        plan.plan()
            .orders()
            .iter()
            .map(|o| o.state().clone())
            .collect()
    };
    assert_eq!(states(&again), states(&plan));
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let pretty = serde_json::to_string_pretty(&value).unwrap();
    assert!(
        PlanFile::read(pretty.as_bytes()).is_ok(),
        "its layout does not count"
    );
}

#[test]
fn an_invalid_plan_is_reported_without_values() {
    let text = written(&plan_for(2, &FakeAccount::with(2)));
    let with = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        PlanFile::read(text.replacen(from, to, 1).as_bytes())
            .unwrap_err()
            .to_string()
    };
    let messages = [
        PlanFile::read(b"order_id,contact_type\n")
            .unwrap_err()
            .to_string(),
        PlanFile::read(b"{}").unwrap_err().to_string(),
        PlanFile::read(&text.as_bytes()[..300])
            .unwrap_err()
            .to_string(),
        with("\"version\":2", "\"version\":3"),
        with("-plan", "-journal"),
        with("Jane", "Joan"),
        with("www.digicert.com", "www.digicert.example"),
        with("2027", "2028"),
        with("2027-", "27-"),
        with("\"order_id\":\"2\"", "\"order_id\":\"1\""),
        with("\"order_id\":\"2\"", "\"order_id\":\"../2\""),
        with("\"Jane\"", "\"\""),
        with("\"changes\"", "\"blocked\""),
        with("\"state\"", "\"jane@example.com\""),
        with("\"changes\"", "\"on-hold\""),
        with("\"changes\"", "\"Jane Doe\""),
        with("\"before\":{", "\"before\":{\"billing_contact\":null,"),
        with(
            "\"technical_contact\":{",
            "\"technical_contact\":{\"fax\":null,",
        ),
        with(
            "\"state\":\"changes\"",
            "\"state\":\"blocked\",\"blocked\":\"on-hold\"",
        ),
    ];
    insta::assert_snapshot!(messages.join("\n"));
    assert!(!messages.join("").contains("jane@"));
}

#[test]
fn no_changed_byte_results_in_another_plan() {
    let text = written(&plan_for(2, &FakeAccount::with(2)));
    for at in 0..text.len() {
        let mut changed = text.clone().into_bytes();
        changed[at] ^= 1 << (at % 8);
        if let Ok(read) = PlanFile::read(&changed) {
            assert_eq!(written(&read), text, "byte {at}");
        }
    }
}
