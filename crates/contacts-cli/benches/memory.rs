//! The memory that a run over 50,000 orders takes, against a sandbox in a process of its own:
//! `make bench-bulk`. On Linux, which tells a process how much it had at most.
#![expect(clippy::print_stdout, reason = "it is what a benchmark does")]

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use contacts_bulk::input::{Format, ReadOptions};
use contacts_bulk::report::write_rejects;
use contacts_bulk::{AccountIdentity, Input, JournalStorage, Plan, PlanFile, Run, RunSettings};
use contacts_http::{ApiKey, BaseUrl, RateLimit};

const ORDERS: usize = 50_000;
const MOST_MEGABYTES: u64 = 150;

/// Waiting for a disk takes no memory.
struct NotSynced(File);

impl JournalStorage for NotSynced {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.0.set_len(length)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut sandbox = Command::new(env!("CARGO_BIN_EXE_digicert-contacts"))
        .args(["sandbox", "--json", "--rate-limit", "off", "--orders"])
        .arg(ORDERS.to_string())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    let stdout = sandbox.stdout.take().ok_or("no output")?;
    BufReader::new(stdout).read_line(&mut line)?;
    let ran = run(&serde_json::from_str(&line)?);
    sandbox.kill()?;
    sandbox.wait()?;
    ran
}

fn run(sandbox: &serde_json::Value) -> Result<(), Box<dyn Error>> {
    let text = |name: &str| sandbox[name].as_str().unwrap_or_default();
    let wide = RateLimit::new(10_000_000, Duration::from_secs(1));
    let client = contacts_http::Client::builder(ApiKey::parse(text("api_key"))?)
        .base_url(BaseUrl::parse(text("base_url"))?)
        .rate_limits([wide])
        .build()?;
    let folder = tempfile::tempdir()?;
    let row =
        |id: u64| format!("{id},technical_contact,Jane,Doe,jane.doe@example.com,+1 555 0101\n");
    let rows: String = (100_000_001..).take(ORDERS).map(row).collect();
    let csv = format!("order_id,contact_type,first_name,last_name,email,telephone\n{rows}");
    let before = peak()?;

    let begun = Instant::now();
    let input = Input::from_bytes(csv.as_bytes(), Format::Csv, &ReadOptions::default())
        .map_err(|p| p.to_string())?;
    let plan = Plan::fetch(input, &client, |_| {}).map_err(|stopped| stopped.to_string())?;
    let account = AccountIdentity::new(text("base_url"), text("api_key"));
    let plan = PlanFile::new(plan, account.base_url(), SystemTime::now());
    let journal = NotSynced(File::create(folder.path().join("run.jsonl"))?);
    let mut run = Run::start(plan, &account, journal, SystemTime::now)?;
    let report = run.apply(&RunSettings::default(), &client, |_| {});
    write_rejects(run.plan(), &report, io::sink())?;
    let summary = report.summary();
    let peak = peak()?;
    println!(
        "{} orders, {} changed, {} verified",
        summary.orders, summary.changed, summary.verified
    );
    println!(
        "in {:.1} s, without a disk and without a rate limit",
        begun.elapsed().as_secs_f64()
    );
    println!(
        "at most {peak} MB, {before} MB of it before the run; the limit is {MOST_MEGABYTES} MB"
    );
    if summary.orders != ORDERS || peak > MOST_MEGABYTES {
        return Err("it is not as it should be".into());
    }
    Ok(())
}

/// The most memory that this process had so far, in megabytes.
fn peak() -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next());
    Ok(kilobytes.ok_or("no VmHWM")?.parse::<u64>()? / 1000)
}
