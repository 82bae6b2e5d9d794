use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::snapshot::Snapshot;
use super::state::State;
use crate::clock::Clock;
use crate::lock::lock;

/// The state that the listeners share.
#[derive(Clone)]
pub(crate) struct SharedState {
    state: Arc<Mutex<State>>,
    pub(crate) clock: Clock,
}

impl SharedState {
    pub(crate) fn new(state: State, clock: Clock) -> Self {
        let state = Arc::new(Mutex::new(state));
        Self { state, clock }
    }

    /// Reads or changes the state at the current time.
    pub(crate) fn with<T>(&self, access: impl FnOnce(&mut State, Duration) -> T) -> T {
        let mut state = lock(&self.state);
        let now = self.clock.now();
        access(&mut state, now)
    }

    pub(crate) fn restore(&self, snapshot: Snapshot) {
        self.with(|state, _| {
            state.account = snapshot.account;
            state.changes = snapshot.changes;
            state.windows.clear();
        });
    }
}
