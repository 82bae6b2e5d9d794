//! Starting and resuming runs, with one account and a fixed clock.

use std::io;
use std::time::{Duration, SystemTime};

use contacts_bulk::file::FileError;
use contacts_bulk::{
    AccountIdentity, JournalStorage, Plan, PlanFile, Replay, Report, Run, RunSettings,
};

use crate::account::{FakeAccount, jane_for};

pub(crate) const URL: &str = "https://www.digicert.com/services/v2";

pub(crate) fn noon() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000)
}

pub(crate) fn owner() -> AccountIdentity {
    AccountIdentity::new(URL, "key-1")
}

pub(crate) fn plan_for(orders: u64, account: &FakeAccount) -> PlanFile {
    let plan = Plan::fetch(jane_for(orders), account, |_| {}).unwrap();
    PlanFile::new(plan, URL, noon())
}

pub(crate) fn start(
    plan: PlanFile,
    account: &FakeAccount,
    to: impl JournalStorage,
) -> io::Result<Report> {
    let mut run = Run::start(plan, &owner(), to, noon)?;
    Ok(run.apply(&RunSettings::default(), account, |_| {}))
}

pub(crate) fn resume(journal: &mut Vec<u8>, account: &FakeAccount) -> Result<Report, FileError> {
    let replay = Replay::read(journal)?;
    replay.check(&owner()).unwrap();
    let mut run = Run::resume(replay, &owner(), journal, noon).unwrap();
    Ok(run.apply(&RunSettings::default(), account, |_| {}))
}

/// How often each order was sent.
pub(crate) fn sent(account: &FakeAccount, id: u64) -> usize {
    let sent = account.sent.lock().unwrap();
    sent.iter().filter(|sent| **sent == id).count()
}
