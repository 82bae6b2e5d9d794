//! Where the windows are kept: in memory, or in a file that several processes of one machine share.

mod file;

use std::io;
use std::time::Duration;

use crate::rate_limit::RateLimit;
use crate::window::{Ended, Next, Windows};

pub(crate) use file::SharedFile;

pub(crate) enum Ledger {
    Memory(Windows),
    Shared(SharedFile),
}

/// A request that was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ticket {
    /// Tells it from others in a file.
    id: u64,
    /// On the clock of the ledger.
    begun: Duration,
}

/// When to try again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Later {
    In(Duration),
    /// After a 429 nobody sends anything for so long.
    Closed(Duration),
    AfterAnswer,
}

/// Begins a request, if it may begin now.
fn begin(windows: &mut Windows, limits: &[RateLimit], now: Duration) -> Result<(), Later> {
    match windows.next(limits, now) {
        Next::Now => {
            windows.begin();
            Ok(())
        }
        Next::At(at) => Err(Later::In(at.saturating_sub(now))),
        Next::Closed(until) => Err(Later::Closed(until.saturating_sub(now))),
        Next::AfterAnswer => Err(Later::AfterAnswer),
    }
}

impl Ledger {
    pub(crate) fn in_memory() -> Self {
        Self::Memory(Windows::default())
    }

    /// Begins a request, or says when it may begin. `now` is for the ledger in memory; the file
    /// has to use a clock that all processes share.
    pub(crate) fn try_begin(
        &mut self,
        limits: &[RateLimit],
        now: Duration,
    ) -> io::Result<Result<Ticket, Later>> {
        match self {
            Self::Shared(file) => file.try_begin(limits),
            Self::Memory(windows) => {
                Ok(begin(windows, limits, now).map(|()| Ticket { id: 0, begun: now }))
            }
        }
    }

    pub(crate) fn end(&mut self, ticket: Ticket, now: Duration, ended: Ended) {
        match self {
            // What can't be written now is made good by the lease.
            Self::Shared(file) => drop(file.end(ticket, ended)),
            Self::Memory(windows) => windows.end(ticket.begun, now, ended),
        }
    }
}
