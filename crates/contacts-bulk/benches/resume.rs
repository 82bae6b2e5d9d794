//! What it costs to go on with a run whose journal has a million lines: `make bench-bulk`.
#![expect(clippy::print_stdout, reason = "it is what a benchmark does")]

use std::error::Error;
use std::time::{Instant, SystemTime};

use contacts_bulk::input::{Format, ReadOptions};
use contacts_bulk::{
    AccountIdentity, Failure, Input, OrderApi, Plan, PlanFile, Replay, Run, RunSettings,
};
use contacts_core::{ContactsUpdate, Order, OrderId};

struct Api;

impl OrderApi for Api {
    fn read(&self, _: OrderId) -> Result<Order, Failure> {
        let json = br#"{"status": "issued", "certificate": {"common_name": "www.example.com"},
            "technical_contact": {"first_name": "Robin", "last_name": "Leaver",
            "email": "robin.leaver@example.com", "job_title": "Engineer", "telephone": "+1 555 0100"}}"#;
        Ok(Order::from_json(json).unwrap_or_default())
    }

    fn update(&self, _: OrderId, _: &ContactsUpdate) -> Result<(), Failure> {
        Ok(())
    }
}

/// Each has a line of the plan, one before its request and one behind it.
const ORDERS: u64 = 333_333;

fn main() -> Result<(), Box<dyn Error>> {
    let row = |id: u64| {
        let id = 100_000_000 + id;
        format!("{id},technical_contact,Jane,Doe,jane.doe@example.com,Engineer,+1 555 0101\n")
    };
    let rows: String = (0..ORDERS).map(row).collect();
    let csv =
        format!("order_id,contact_type,first_name,last_name,email,job_title,telephone\n{rows}");
    let input = Input::from_bytes(csv.as_bytes(), Format::Csv, &ReadOptions::default())
        .map_err(|p| p.to_string())?;
    let plan = Plan::fetch(input, &Api, |_| {}).map_err(|stopped| stopped.to_string())?;
    let account = AccountIdentity::new("https://www.digicert.com/services/v2", "key");
    let plan = PlanFile::new(plan, account.base_url(), SystemTime::now());

    let mut journal = Vec::new();
    let mut run = Run::start(plan, &account, &mut journal, SystemTime::now)?;
    let settings = RunSettings::default().skip_verification();
    let started = Instant::now();
    // One is left, so that something remains to resume.
    run.apply(&settings.clone().limit(333_332), &Api, |_| {});
    drop(run);
    let applied = started.elapsed();
    let lines = memchr::memchr_iter(b'\n', &journal).count();

    let (started, on_cpu) = (Instant::now(), cpu_seconds());
    let replay = Replay::read(&journal)?;
    replay.check(&account)?;
    let read = started.elapsed();
    let mut run = Run::resume(replay, &account, &mut journal, SystemTime::now)?;
    let report = run.apply(&settings, &Api, |_| {});
    let resumed = started.elapsed();
    let changed = report.summary().changed;
    println!("a journal of {lines} lines, {changed} orders changed");
    println!(
        "written in    {:.2} s, without a disk",
        applied.as_secs_f64()
    );
    println!("read in       {:.2} s", read.as_secs_f64());
    let resumed = resumed.as_secs_f64();
    println!("resumed in    {resumed:.2} s, reading included");
    // On a busy machine, only the CPU time is meaningful.
    let counted = match (on_cpu, cpu_seconds()) {
        (Some(before), Some(after)) => after - before,
        _ => resumed,
    };
    println!("on the CPU    {counted:.2} s of it; at most 2 s");
    if counted > 2.0 {
        return Err("it took more than 2 s".into());
    }
    Ok(())
}

/// How long this process was on a processor so far, where Linux tells it: the 14th and 15th value,
/// in hundredths of a second.
fn cpu_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The second value is a name in parentheses, which may hold anything.
    let (_, values) = text.rsplit_once(')')?;
    let ticks = values.split_whitespace().skip(11).take(2);
    let ticks: Option<Vec<f64>> = ticks.map(|value| value.parse().ok()).collect();
    Some(ticks?.iter().sum::<f64>() / 100.0)
}
