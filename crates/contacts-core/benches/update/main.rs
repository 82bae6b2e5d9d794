//! The cost of parsing and validating an update, compared with serde alone and with a plain use of
//! `validator`'s derive.
//!
//! `cargo bench -p contacts-core` prints medians and ratios. The candidates take turns within one run.
//! `make bench-core` adds instruction counts: it runs one candidate at a time under callgrind, as
//! `update CANDIDATE COUNT`.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed benchmark")]

mod data;
mod plain;

use std::fmt;
use std::hint::black_box;
use std::time::{Duration, Instant};

use contacts_core::ContactsUpdate;

/// Parses one update. Returns whether it is valid.
type Candidate = fn(&[u8]) -> bool;

const CANDIDATES: [(&str, Candidate); 3] = [
    ("parse alone", plain::parses),
    ("plain derive", plain::is_valid),
    ("contacts-core", |json| {
        ContactsUpdate::from_json(json).is_ok()
    }),
];

const UPDATES: u32 = 1000;
const ROUNDS: usize = 200;

fn main() {
    let arguments: Vec<_> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    match arguments.as_slice() {
        [name, count] => repeat(name, count.parse().unwrap()),
        _ => compare(),
    }
}

/// Runs one candidate on the mixed data, for callgrind.
fn repeat(name: &str, count: usize) {
    let (_, candidate) = *CANDIDATES.iter().find(|c| c.0 == name).unwrap();
    let data = data::mixed(UPDATES);
    for json in data.iter().cycle().take(count) {
        black_box(candidate(black_box(json)));
    }
}

fn compare() {
    let mixed = data::mixed(UPDATES);
    println!("one update with two contacts, 70 % of them valid, a third of the names not ASCII");
    println!("median of {ROUNDS} rounds over {UPDATES} updates, candidates take turns;");
    println!("half of all rounds are within the spread\n");
    let costs = costs(&CANDIDATES.map(|(_, candidate)| (candidate, mixed.as_slice())));
    for ((name, _), cost) in CANDIDATES.iter().zip(&costs) {
        let ratio = cost.median / costs[2].median;
        println!("{name:<22} {cost}   {ratio:>5.2} x contacts-core");
    }

    let ours = CANDIDATES[2].1;
    let (good, bad) = (data::all_valid(UPDATES), data::all_invalid(UPDATES));
    let by_validity = self::costs(&[(ours, &good), (ours, &bad)]);
    let ratio = by_validity[1].median / by_validity[0].median;
    println!("\ncontacts-core, valid   {}", by_validity[0]);
    println!(
        "contacts-core, invalid {}   {ratio:>5.2} x valid",
        by_validity[1]
    );
}

/// Microseconds for one update.
struct Cost {
    median: f64,
    /// Half of the distance between the quartiles.
    spread: f64,
}

impl Cost {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let quartile = |quarter: usize| {
            let time = times[times.len() * quarter / 4];
            time.as_secs_f64() * 1e6 / f64::from(UPDATES)
        };
        Self {
            median: quartile(2),
            spread: (quartile(3) - quartile(1)) / 2.0,
        }
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = self.spread / self.median * 100.0;
        write!(f, "{:>6.3} us ±{percent:>2.0} %", self.median)
    }
}

/// The cost of one update, for each candidate with its data.
fn costs(candidates: &[(Candidate, &[Vec<u8>])]) -> Vec<Cost> {
    let mut times = vec![Vec::with_capacity(ROUNDS); candidates.len()];
    for _ in 0..ROUNDS {
        for ((candidate, data), times) in candidates.iter().zip(&mut times) {
            let start = Instant::now();
            for json in *data {
                black_box(candidate(black_box(json)));
            }
            times.push(start.elapsed());
        }
    }
    times.into_iter().map(Cost::of).collect()
}
