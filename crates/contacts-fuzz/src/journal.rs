use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use contacts_bulk::journal::Timeline;
use contacts_bulk::{
    AccountIdentity, Failure, OrderApi, OrderResult, Replay, Run, RunSettings, UndoPlan,
};
use contacts_core::{ContactType, ContactsUpdate, Order, OrderContact, OrderId};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::lock;

const URL: &str = "https://www.digicert.com/services/v2";
const CREATED: &str = "2027-01-15T08:00:00Z";

/// The journal of a run: as it is, and after a valid header, where the lines before the first empty line
/// are the plan.
///
/// A valid journal reports an order as changed only if it has the entries of the change. The run can
/// resume and finish without another update of a changed order, and it can be undone.
///
/// # Panics
/// Panics if a property is violated.
pub fn journal(bytes: &[u8]) {
    check(bytes);
    check(&with_header(bytes));
}

/// The digest in the header protects the plan, so it is computed here, without the code under test.
fn with_header(bytes: &[u8]) -> Vec<u8> {
    let end = bytes.windows(2).position(|pair| pair == b"\n\n");
    let (plan, entries) = end.map_or((bytes, &[][..]), |end| (&bytes[..end], &bytes[end + 2..]));
    let mut lines: Vec<_> = plan.split(|byte| *byte == b'\n').collect();
    lines.retain(|line| !line.is_empty());
    let plan: Vec<u8> = lines
        .iter()
        .flat_map(|line| [line, &b"\n"[..]].concat())
        .collect();
    let digest = Sha256::new()
        .chain_update(format!("digicert-contacts-plan 1\n{URL}\n{CREATED}\n"))
        .chain_update(&plan)
        .finalize();
    let digest: Vec<_> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let digest = format!("sha256:{}", digest.concat());
    let header = serde_json::json!({
        "format": "digicert-contacts-journal",
        "version": 1,
        "created": CREATED,
        "base_url": URL,
        "key": "0",
        "plan": {"digest": digest, "created": CREATED, "orders": lines.len()},
    });
    [header.to_string().as_bytes(), b"\n", &plan, entries].concat()
}

fn check(journal: &[u8]) {
    let _ = Timeline::read(journal).finished().count();
    let replay = match Replay::read(journal) {
        Ok(replay) => replay,
        Err(error) => return crate::assert_printable(&error.to_string()),
    };
    assert!(replay.length() <= journal.len());
    let (started, expected) = started_and_changed(&journal[..replay.length()]);
    let mut changed = HashSet::new();
    for (order, result) in replay.orders() {
        match result {
            Some(OrderResult::Changed(_)) => drop(changed.insert(order)),
            None => assert!(started.contains(&order), "{order} was not started"),
            Some(_) => {}
        }
    }
    assert_eq!(changed, expected);
    assert!(replay.changed() <= started.len());
    // A plan from any bytes may have other values here, which its writer would reject.
    if replay.plan().base_url() == URL && replay.plan().created() == CREATED {
        crate::plan::assert_round_trip(replay.plan());
    }
    resume(replay, journal, &changed);
}

fn resume(replay: Replay, journal: &[u8], changed: &HashSet<OrderId>) {
    let account = AccountIdentity::new(replay.plan().base_url(), "key");
    let api = Api::default();
    let mut journal = journal.to_vec();
    let clock = || SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    let mut run = Run::resume(replay, &account, &mut journal, clock).expect("a write to memory");
    let report = run.apply(&RunSettings::default(), &api, |_| {});
    assert!(report.stopped().is_none(), "no request failed");
    let updated = lock(&api.updated);
    let repeated = updated.iter().find(|order| changed.contains(order));
    assert_eq!(repeated, None, "the order was changed before");
    let distinct: HashSet<_> = updated.iter().collect();
    assert_eq!(distinct.len(), updated.len(), "an order was updated twice");

    let finished = Replay::read(&journal).expect("a written journal");
    assert_eq!(finished.remaining(), 0);
    let undo = UndoPlan::fetch(&finished, &Api::default(), |_| {}).expect("no failure");
    assert!(undo.plan().orders().len() <= finished.changed());
}

/// The orders with a started entry, and those of them with a finished entry that says `changed`.
fn started_and_changed(journal: &[u8]) -> (HashSet<OrderId>, HashSet<OrderId>) {
    let (mut started, mut changed) = (HashSet::new(), HashSet::new());
    for line in journal.split(|byte| *byte == b'\n') {
        let line: Value = serde_json::from_slice(line).unwrap_or_default();
        // Version 1, as in the seeds, has other names.
        let entry = |name: &str, version_1: &str| line.get(name).or(line.get(version_1)).cloned();
        let id = |entry: &Value| serde_json::from_value(entry["order_id"].clone()).ok();
        started.extend(entry("started", "begin").as_ref().and_then(id));
        let finished = entry("finished", "end").filter(|entry| entry["result"] == "changed");
        let order = finished.as_ref().and_then(id);
        changed.extend(order.filter(|order| started.contains(order)));
    }
    (started, changed)
}

/// An account in which every request succeeds.
#[derive(Default)]
struct Api {
    orders: Mutex<HashMap<OrderId, Order>>,
    updated: Mutex<Vec<OrderId>>,
}

impl OrderApi for Api {
    fn read(&self, order: OrderId) -> Result<Order, Failure> {
        Ok(lock(&self.orders).get(&order).cloned().unwrap_or_default())
    }

    fn update(&self, order: OrderId, update: &ContactsUpdate) -> Result<(), Failure> {
        lock(&self.updated).push(order);
        let mut orders = lock(&self.orders);
        let order = orders.entry(order).or_default();
        for (contact_type, contact) in update.contacts() {
            let json = serde_json::to_vec(contact).unwrap_or_default();
            let contact = OrderContact::from_json(&json).ok();
            match contact_type {
                ContactType::Organization => order.organization_contact = contact,
                ContactType::Technical => order.technical_contact = contact,
            }
        }
        Ok(())
    }
}
