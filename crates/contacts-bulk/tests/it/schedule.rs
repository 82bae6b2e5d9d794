//! The duration of a large run, on a virtual clock.

use std::time::Duration;

use contacts_bulk::{Plan, PlanFile, Run, RunSettings};

use crate::account::jane_for;
use crate::run::{URL, noon, owner};

/// An API with a virtual clock and DigiCert's two windows: each request starts as soon as they
/// allow it.
#[derive(Default)]
struct Timed {
    begins: std::sync::Mutex<Vec<u64>>,
}

impl Timed {
    /// The start of the last request, in milliseconds.
    fn last(&self) -> u64 {
        self.begins.lock().unwrap().last().copied().unwrap_or(0)
    }

    fn request(&self) {
        let mut begins = self.begins.lock().unwrap();
        let behind = |requests: usize, window: u64| {
            let first = begins.len().checked_sub(requests);
            first.map_or(0, |first| begins[first] + window)
        };
        let begin = behind(100, 5_000).max(behind(1_000, 180_000));
        let begin = begin.max(begins.last().copied().unwrap_or(0));
        begins.push(begin);
    }
}

impl contacts_bulk::OrderApi for Timed {
    fn read(
        &self,
        _: contacts_core::OrderId,
    ) -> Result<contacts_core::Order, contacts_bulk::Failure> {
        self.request();
        Ok(contacts_core::Order::default())
    }

    fn update(
        &self,
        _: contacts_core::OrderId,
        _: &contacts_core::ContactsUpdate,
    ) -> Result<(), contacts_bulk::Failure> {
        self.request();
        Ok(())
    }
}

#[test]
fn fifty_thousand_orders_take_no_longer_than_the_windows_allow() {
    let plan = Plan::fetch(jane_for(50_000), &Timed::default(), |_| {}).unwrap();
    let plan = PlanFile::new(plan, URL, noon());
    let api = std::sync::Arc::new(Timed::default());
    let time = std::sync::Arc::clone(&api);
    let clock = move || noon() + Duration::from_millis(time.last());
    let mut run = Run::start(plan, &owner(), Vec::new(), clock).unwrap();
    let settings = RunSettings::default().skip_verification();
    let report = run.apply(&settings, &*api, |_| {});
    assert_eq!(report.summary().changed, 50_000);
    // In the fastest schedule, the last request starts after 8865 seconds.
    let seconds = api.last() / 1000;
    assert!((8_865..8_865 * 102 / 100).contains(&seconds), "{seconds}");
}
