use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::account::Account;
use crate::clock::Clock;
use crate::history::History;
use crate::lock::lock;
use crate::state::State;

/// What the listeners share.
#[derive(Clone)]
pub(crate) struct Inside {
    state: Arc<Mutex<State>>,
    pub(crate) clock: Clock,
}

impl Inside {
    pub(crate) fn new(state: State, clock: Clock) -> Self {
        Self {
            state: Arc::new(Mutex::new(state)),
            clock,
        }
    }

    /// Looks at the state, or changes it, at the clock's time.
    pub(crate) fn with<T>(&self, look: impl FnOnce(&mut State, Duration) -> T) -> T {
        let mut state = lock(&self.state);
        let now = self.clock.now();
        look(&mut state, now)
    }

    pub(crate) fn replace(&self, (account, history): (Account, History)) {
        self.with(|state, _| {
            state.account = account;
            state.history = history;
            state.windows.clear();
        });
    }
}
