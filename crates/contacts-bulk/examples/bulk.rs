//! `bulk FILE` changes the orders of a file. Ctrl-C stops it, and the same command resumes it.
#![expect(clippy::print_stdout, reason = "an example prints its result")]

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::{env, error::Error, path::Path, time::SystemTime};

use contacts_bulk::{AccountIdentity, Input, JournalFile, Plan, PlanFile, Replay};
use contacts_bulk::{Run, RunEvent, RunSettings, input::ReadOptions};
use contacts_http::{ApiKey, BaseUrl, Client};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

fn main() -> Result<(), Box<dyn Error>> {
    ctrlc::set_handler(|| INTERRUPTED.store(true, SeqCst))?;
    let client = Client::builder(ApiKey::parse(env::var("DIGICERT_API_KEY")?)?)
        .base_url(BaseUrl::parse(&env::var("DIGICERT_BASE_URL")?)?)
        .cancelled(|| INTERRUPTED.load(SeqCst))
        .build()?;
    let (account, now) = (AccountIdentity::from(&client), SystemTime::now);
    let file = env::args().nth(1).ok_or("usage: bulk FILE")?;
    let journal = format!("{file}.journal");
    let mut run = if Path::new(&journal).exists() {
        let (journal, bytes) = JournalFile::open(journal)?;
        let replay = Replay::read(&bytes)?;
        replay.check(&account)?;
        Run::resume(replay, &account, journal, now)?
    } else {
        let input = Input::from_path(file, &ReadOptions::default())?;
        let plan = Plan::fetch(input, &client, |order| println!("read {}", order.order()))?;
        let plan = PlanFile::new(plan, account.base_url(), now());
        Run::start(plan, &account, JournalFile::create(journal)?, now)?
    };
    let report = run.apply(&RunSettings::default(), &client, |event| {
        if let RunEvent::Finished(order) = event {
            println!("{}: {}", order.order(), order.result().name());
        }
    });
    println!("{:?}", report.summary());
    Ok(report.stopped().cloned().map_or(Ok(()), Err)?)
}
