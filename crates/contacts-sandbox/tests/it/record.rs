//! Recorded requests and changes, snapshots and generated accounts.

use contacts_sandbox::{Account, Sandbox};
use serde_json::Value;

use crate::client::{get, put, raw, send};

fn body(first_name: &str) -> String {
    format!(
        r#"{{"contacts":[{{"first_name":"{first_name}","last_name":"Doe","email":"j@example.com","contact_type":"technical_contact","language_id":"1"}}]}}"#
    )
}

#[test]
fn every_change_of_an_order_is_recorded() {
    let sandbox = Sandbox::start().unwrap();
    for (order, name) in [
        (100_000_005, "One"),
        (100_000_001, "Two"),
        (100_000_005, "Three"),
    ] {
        assert_eq!(put(&sandbox, order, &body(name)).status, 204);
    }
    assert_eq!(put(&sandbox, 100_000_005, "{}").status, 400);
    let numbers: Vec<_> = sandbox
        .changes()
        .iter()
        .map(|c| (c.number, c.order_id))
        .collect();
    assert_eq!(
        numbers,
        [(1, 100_000_005), (2, 100_000_001), (3, 100_000_005)]
    );
    let history = sandbox.history(100_000_005);
    assert_eq!(history[0].before, None, "it had no technical contact");
    assert_eq!(history[1].before.as_deref(), Some(&*history[0].after));
    assert_eq!(history[1].after["first_name"], "Three");
    assert_eq!(history[1].contact_type, "technical_contact");
}

#[test]
fn requests_are_recorded_without_their_keys() {
    let sandbox = Sandbox::start().unwrap();
    get(&sandbox, "user/me");
    send(&sandbox, "a-real-key-by-mistake", "GET", "user/me", "");
    send(&sandbox, "", "GET", "user/me", "");
    let recorded: Vec<_> = sandbox
        .requests()
        .into_iter()
        .map(|r| (r.number, r.key, r.status))
        .collect();
    let expected = [(1, "sand****", 200), (2, "unknown", 403), (3, "none", 403)];
    assert_eq!(
        recorded,
        expected.map(|(n, key, status)| (n, key.to_owned(), status))
    );
    assert!(!format!("{:?}", sandbox.requests()).contains("real-key"));
    assert!(
        !format!("{sandbox:?}").contains("Leaver"),
        "no contact in Debug"
    );
    assert!(!sandbox.state().to_string().contains(Account::DEMO_KEY));
}

#[test]
fn a_long_method_and_target_are_truncated_between_characters() {
    let sandbox = Sandbox::start().unwrap();
    let (method, target) = ("M".repeat(50), "é".repeat(2000));
    let request = format!("{method} {target} HTTP/1.1\r\nconnection: close\r\n\r\n");
    raw(&sandbox, request.as_bytes());
    let recorded = &sandbox.requests()[0];
    assert_eq!(recorded.method, "M".repeat(32));
    assert_eq!(recorded.target, "é".repeat(1000));
}

#[test]
fn a_snapshot_restores_account_and_changes() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("snapshot");
    let sandbox = Sandbox::start().unwrap();
    put(&sandbox, 100_000_001, &body("Jane"));
    sandbox.save(&file).unwrap();
    put(&sandbox, 100_000_001, &body("Other"));
    sandbox.restore(&file).unwrap();
    let restarted = Sandbox::builder().snapshot(&file).unwrap().start().unwrap();
    for sandbox in [&sandbox, &restarted] {
        let order = sandbox.order(100_000_001).unwrap();
        assert_eq!(order["technical_contact"]["first_name"], "Jane");
        assert_eq!(order["technical_contact"]["language_id"], "1");
        assert_eq!(sandbox.history(100_000_001).len(), 1);
        assert!(sandbox.order(200_000_001).is_some());
        let by_thumbprint = "order/certificate/7D3A0C5E9B1F42866D4E0A17C2B95F3380E6D1A4";
        assert_eq!(get(sandbox, by_thumbprint).status, 200);
        assert_eq!(sandbox.state()["leavers"][0], "robin.leaver@example.com");
    }
    let again = directory.path().join("again");
    restarted.save(&again).unwrap();
    let read = |file| std::fs::read_to_string(file).unwrap();
    assert_eq!(read(&again), read(&file));
    put(&restarted, 100_000_001, &body("Later"));
    assert_eq!(restarted.changes()[1].number, 2, "numbering continues");
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_a_snapshot_that_replaces_a_readable_file() {
    use std::os::unix::fs::{MetadataExt, symlink};
    let directory = tempfile::tempdir().unwrap();
    let path = |name| directory.path().join(name);
    std::fs::write(path("elsewhere"), "untouched").unwrap();
    symlink(path("elsewhere"), path("snapshot.part")).unwrap();
    std::fs::write(path("snapshot"), "readable by others").unwrap();
    Sandbox::start().unwrap().save(path("snapshot")).unwrap();
    let mode = std::fs::metadata(path("snapshot")).unwrap().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(!path("snapshot.part").exists());
    let elsewhere = std::fs::read_to_string(path("elsewhere")).unwrap();
    assert_eq!(elsewhere, "untouched");
}

#[test]
fn an_invalid_snapshot_changes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("snapshot");
    let sandbox = Sandbox::start().unwrap();
    sandbox.save(&file).unwrap();
    let valid = std::fs::read_to_string(&file).unwrap();
    let truncated = &valid[..valid.len() - 20];
    let without_the_last_line = &valid[..=valid.trim_end().rfind('\n').unwrap()];
    for invalid in [
        "",
        "{}",
        "nonsense\n",
        truncated,
        without_the_last_line,
        &valid.replace("\"order\"", "\"odor\""),
    ] {
        std::fs::write(&file, invalid).unwrap();
        let error = sandbox.restore(&file).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidData, "{error}");
    }
    assert!(sandbox.order(100_000_001).is_some());
    let error = sandbox
        .save(directory.path().join("missing/snapshot"))
        .unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
}

#[test]
fn a_seed_generates_the_same_account() {
    let account = |seed| {
        let sandbox = Sandbox::builder()
            .account(Account::seeded(300, seed))
            .start()
            .unwrap();
        (1..=300)
            .map(|n| sandbox.order(100_000_000 + n).unwrap())
            .collect::<Vec<Value>>()
    };
    let orders = account(7);
    assert_eq!(orders, account(7));
    assert_ne!(orders, account(8));
    // This must not change: tests of users depend on the account of a seed.
    insta::assert_json_snapshot!(orders[0]);
}

#[test]
fn a_seeded_account_resembles_a_real_one() {
    let account = Account::seeded(3000, 7);
    let leavers = account.leavers().to_vec();
    let sandbox = Sandbox::builder().account(account).start().unwrap();
    let orders: Vec<_> = (1..=3000)
        .map(|n| sandbox.order(100_000_000 + n).unwrap())
        .collect();
    let count = |test: &dyn Fn(&Value) -> bool| orders.iter().filter(|order| test(order)).count();
    let dv = count(&|o| o["product"]["validation_type"] == "dv");
    assert!((300..900).contains(&dv), "{dv}");
    assert_eq!(
        count(
            &|o| o["product"]["validation_type"] == "dv" && o.get("organization_contact").is_some()
        ),
        0
    );
    assert!(count(&|o| o["status"] == "issued") > 1500);
    assert!(count(&|o| o["technical_contact"] == o["organization_contact"]) > 100);
    assert!(count(&|o| o.get("technical_contact").is_none()) > 10);
    let left = count(&|o| {
        leavers
            .iter()
            .any(|leaver| o["technical_contact"]["email"] == leaver.as_str())
    });
    assert!((5..600).contains(&left), "{left} orders name a leaver");
    for script in ["ü", "Ł", "Ш", "Π", "石", "김", "王", "ح", "श", "Ọ"] {
        assert!(count(&|o| o.to_string().contains(script)) > 0, "{script}");
    }
    // Every contact is valid: it can be written back.
    for order in orders.iter().take(200) {
        let mut contact = order["technical_contact"].clone();
        if contact.is_null() {
            continue;
        }
        contact["contact_type"] = "technical_contact".into();
        let body = serde_json::json!({ "contacts": [contact] }).to_string();
        let id = order["id"].as_u64().unwrap();
        if sandbox.requests().len() < 100 {
            assert_eq!(put(&sandbox, id, &body).code(), "204", "{body}");
        }
    }
}
