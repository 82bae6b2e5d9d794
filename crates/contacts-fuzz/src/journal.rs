use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use contacts_bulk::{
    AccountIdentity, Failure, OrderApi, OrderResult, Replay, Run, RunSettings, Timeline, UndoPlan,
};
use contacts_core::{ContactsUpdate, Order, OrderId};
use serde_json::Value;
use sha2::{Digest, Sha256};

const URL: &str = "https://www.digicert.com/services/v2";
const CREATED: &str = "2027-01-15T08:00:00Z";

/// The journal of a run: as it is, and behind a first line that fits to it.
///
/// Of the latter the lines before the first empty one are the plan's. Whatever they are, it is refused or
/// it is a run: one that tells of no order as changed whose change does not stand there, that can be gone
/// on with to its end without sending such an order again, and that can be undone.
pub fn journal(bytes: &[u8]) {
    follow(bytes);
    follow(&with_head(bytes));
}

/// A digest keeps any other line from being read, so it is made here, a second time and without the
/// code that checks it.
fn with_head(bytes: &[u8]) -> Vec<u8> {
    let at = bytes.windows(2).position(|two| two == b"\n\n");
    let (plan, run) = at.map_or((bytes, &[][..]), |at| (&bytes[..at], &bytes[at + 2..]));
    let mut digest = Sha256::new();
    digest.update(format!("digicert-contacts-plan 1\n{URL}\n{CREATED}\n"));
    let lines: Vec<_> = plan
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .collect();
    for line in &lines {
        digest.update(line);
        digest.update(b"\n");
    }
    let digest = digest
        .finalize()
        .iter()
        .fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
    let head = format!(
        "{{\"format\":\"digicert-contacts-journal\",\"version\":1,\"created\":\"{CREATED}\",\
         \"base_url\":\"{URL}\",\"key\":\"0\",\"plan\":{{\"digest\":\"sha256:{digest}\",\
         \"created\":\"{CREATED}\",\"orders\":{}}}}}\n",
        lines.len()
    );
    let plan = lines
        .iter()
        .flat_map(|line| [line, &b"\n"[..]])
        .flatten()
        .copied();
    head.bytes()
        .chain(plan)
        .chain(run.iter().copied())
        .collect()
}

fn follow(journal: &[u8]) {
    let _ = Timeline::read(journal).ends().count();
    let replay = match Replay::read(journal) {
        Ok(replay) => replay,
        Err(error) => return crate::assert_printable(&error.to_string()),
    };
    assert!(replay.length() <= journal.len());
    let told = Told::by(&journal[..replay.length()]);
    let mut changed = HashSet::new();
    for (order, result) in replay.orders() {
        match result {
            Some(OrderResult::Changed(_)) => drop(changed.insert(order)),
            None => assert!(told.begun.contains(&order), "{order} was never begun"),
            Some(_) => {}
        }
    }
    assert_eq!(changed, told.changed);
    assert!(replay.changed() <= told.begun.len());
    // What was read before may be of any kind; it is only looked into where it is needed.
    if replay.plan().base_url() == URL && replay.plan().created() == CREATED {
        crate::plan::reads_back(replay.plan());
    }
    go_on(replay, journal, &changed);
}

fn go_on(replay: Replay, journal: &[u8], changed: &HashSet<OrderId>) {
    let account = AccountIdentity::new(replay.plan().base_url(), "key");
    let api = Api::default();
    let mut journal = journal[..replay.length()].to_vec();
    let clock = || SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    let mut run = Run::resume(replay, &account, &mut journal, clock).expect("memory");
    let report = run.apply(&RunSettings::default(), &api, |_| {});
    assert!(report.stopped().is_none(), "nothing failed");
    let sent = api
        .sent
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    let again = sent.iter().find(|order| changed.contains(order));
    assert_eq!(again, None, "it had been changed before");
    let once: HashSet<_> = sent.iter().collect();
    assert_eq!(once.len(), sent.len(), "nothing is sent twice");

    let finished = Replay::read(&journal).expect("a run wrote it");
    assert_eq!(finished.open(), 0);
    let undo = UndoPlan::new(&finished, &Api::default(), |_| {}).expect("nothing fails");
    assert!(undo.plan().orders().len() <= finished.changed());
}

/// What the lines of a journal say, whichever of them are the plan's.
#[derive(Default)]
struct Told {
    begun: HashSet<OrderId>,
    changed: HashSet<OrderId>,
}

impl Told {
    fn by(journal: &[u8]) -> Self {
        let mut told = Self::default();
        for line in journal.split(|byte| *byte == b'\n') {
            let line: Value = serde_json::from_slice(line).unwrap_or_default();
            // Version 1, as in the seeds, has other names.
            let entry = |name: &str, version_1: &str| match &line[name] {
                Value::Null => line[version_1].clone(),
                entry => entry.clone(),
            };
            let id = |entry: &Value| OrderId::parse(entry["order_id"].as_str()?).ok();
            let started = entry("started", "begin");
            let finished = entry("finished", "end");
            if let Some(order) = id(&started) {
                told.begun.insert(order);
            }
            let changed = finished["result"] == "changed";
            if let Some(order) = id(&finished).filter(|order| changed && told.begun.contains(order))
            {
                told.changed.insert(order);
            }
        }
        told
    }
}

/// An account in which every request succeeds.
#[derive(Default)]
struct Api {
    orders: Mutex<HashMap<OrderId, Order>>,
    sent: Mutex<Vec<OrderId>>,
}

impl OrderApi for Api {
    fn read(&self, order: OrderId) -> Result<Order, Failure> {
        let orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(orders.get(&order).cloned().unwrap_or_default())
    }

    fn update(&self, order: OrderId, update: &ContactsUpdate) -> Result<(), Failure> {
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.push(order);
        drop(sent);
        let mut orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        let now = orders.entry(order).or_default();
        for (kind, contact) in update.contacts() {
            let fields = serde_json::to_value(contact).unwrap_or_default();
            let whole = serde_json::json!({ kind.as_str(): fields });
            let read = Order::from_json(whole.to_string().as_bytes()).unwrap_or_default();
            let contact = read.contact(kind).cloned();
            match kind {
                contacts_core::ContactType::Organization => now.organization_contact = contact,
                contacts_core::ContactType::Technical => now.technical_contact = contact,
            }
        }
        Ok(())
    }
}
