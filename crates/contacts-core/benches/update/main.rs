//! What reading and checking an update costs, beside the parts it is made of and beside
//! `validator`'s derive as it comes.
//!
//! `cargo bench -p contacts-core` prints the median of each candidate and the ratios, all of one
//! run in which the candidates take turns. `make bench-core` adds instruction counts, for which it
//! runs one candidate at a time under callgrind: `update CANDIDATE COUNT`.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark has nobody to report an error to"
)]

mod data;
mod plain;

use std::fmt;
use std::hint::black_box;
use std::time::{Duration, Instant};

use contacts_core::ContactsUpdate;

/// Reads one update; says whether it was valid.
type Candidate = fn(&[u8]) -> bool;

const CANDIDATES: [(&str, Candidate); 3] = [
    ("parse alone", plain::parses),
    ("derive as it comes", plain::is_valid),
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

/// One candidate on the mixed data, for callgrind.
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
    println!("median of {ROUNDS} rounds over {UPDATES} updates, candidates taking turns;");
    println!("half of all rounds are within the spread\n");
    let costs = costs(&CANDIDATES.map(|(_, candidate)| (candidate, mixed.as_slice())));
    for ((name, _), cost) in CANDIDATES.iter().zip(&costs) {
        let ratio = cost.median / costs[2].median;
        println!("{name:<22} {cost}   {ratio:>5.2} x contacts-core");
    }

    let ours = CANDIDATES[2].1;
    let (good, bad) = (data::all_valid(UPDATES), data::all_invalid(UPDATES));
    let by_kind = self::costs(&[(ours, &good), (ours, &bad)]);
    let ratio = by_kind[1].median / by_kind[0].median;
    println!("\ncontacts-core, valid   {}", by_kind[0]);
    println!(
        "contacts-core, invalid {}   {ratio:>5.2} x valid",
        by_kind[1]
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
        let at = |quarter: usize| {
            let time = times[times.len() * quarter / 4];
            time.as_secs_f64() * 1e6 / f64::from(UPDATES)
        };
        Self {
            median: at(2),
            spread: (at(3) - at(1)) / 2.0,
        }
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = self.spread / self.median * 100.0;
        write!(f, "{:>6.3} us ±{percent:>2.0} %", self.median)
    }
}

/// What one update costs, for each candidate with its data.
fn costs(candidates: &[(Candidate, &[Vec<u8>])]) -> Vec<Cost> {
    let mut times = vec![Vec::with_capacity(ROUNDS); candidates.len()];
    for _ in 0..ROUNDS {
        for ((candidate, data), times) in candidates.iter().zip(&mut times) {
            let begin = Instant::now();
            for json in *data {
                black_box(candidate(black_box(json)));
            }
            times.push(begin.elapsed());
        }
    }
    times.into_iter().map(Cost::of).collect()
}
