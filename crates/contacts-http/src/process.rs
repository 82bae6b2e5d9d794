//! What belongs to one process: after a fork, the child must use none of its parent's connections.

use std::process;
use std::sync::{Arc, Mutex, PoisonError};

use crate::attempt::Calls;
use crate::builder::Settings;
use crate::clock::System;
use crate::exchange::Transport;
use crate::ledger::{Ledger, SharedFile};
use crate::limiter::Limiter;

pub(crate) struct Process {
    id: u32,
    pub(crate) transport: Transport,
    pub(crate) calls: Calls<System>,
}

/// The parts of the process that asks; they are made anew after a fork. A child in which the rate
/// limit is kept in memory counts from nothing, as any other process does.
pub(crate) struct PerProcess(Mutex<Arc<Process>>);

impl Process {
    fn new(settings: &Settings) -> Self {
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
                waits: settings.waits,
                random: fastrand::f64,
            },
        }
    }
}

impl PerProcess {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self(Mutex::new(Arc::new(Process::new(settings))))
    }

    pub(crate) fn current(&self, settings: &Settings) -> Arc<Process> {
        let mut process = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if process.id != process::id() {
            // Dropping the parent's would close its connections with a farewell on the wire.
            std::mem::forget(std::mem::replace(
                &mut *process,
                Arc::new(Process::new(settings)),
            ));
        }
        Arc::clone(&process)
    }
}
