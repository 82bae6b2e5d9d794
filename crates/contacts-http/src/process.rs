//! What belongs to one process: after a fork, the child must use none of its parent's connections.

use std::process;
use std::sync::OnceLock;

use crate::attempt::Calls;
use crate::clock::System;
use crate::exchange::Transport;
use crate::ledger::{Ledger, SharedFile};
use crate::limiter::Limiter;
use crate::rate_limit::OnRateLimit;
use crate::settings::Settings;

/// The parts of one process; they are made anew after a fork. A child in which the rate limit is kept
/// in memory counts from nothing, as any other process does.
pub(crate) struct Process {
    id: u32,
    pub(crate) transport: Transport,
    pub(crate) calls: Calls<System>,
    /// The parts of a child.
    child: OnceLock<Box<Process>>,
}

impl Process {
    pub(crate) fn new(settings: &Settings) -> Self {
        let ledger = match &settings.rate_limit_file {
            Some(file) => {
                // No request is under way for longer; a second more for what surrounds it.
                let lease = settings.connections.timeout + std::time::Duration::from_secs(1);
                Ledger::Shared(SharedFile::new(file.clone(), lease))
            }
            None => Ledger::in_memory(),
        };
        Self {
            id: process::id(),
            transport: Transport::new(&settings.connections),
            calls: Calls {
                limiter: Limiter::new(settings.rate_limits.clone(), ledger, System::new()),
                retry: settings.retry,
                waits: settings.on_rate_limit == OnRateLimit::Wait,
                random: fastrand::f64,
            },
            child: OnceLock::new(),
        }
    }

    /// The parts of the process that asks.
    ///
    /// Without a lock: a fork copies one that another thread holds, and nobody in the child would ever
    /// give it back. A parent never makes the parts of its children, so that a child finds that place
    /// untouched.
    pub(crate) fn current(&self, settings: &Settings) -> &Self {
        let id = process::id();
        let mut process = self;
        while process.id != id {
            process = process.child.get_or_init(|| Box::new(Self::new(settings)));
        }
        process
    }
}
