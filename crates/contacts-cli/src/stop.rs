use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A request to stop, shared with whoever may make it.
///
/// ```
/// use contacts_cli::Stop;
///
/// let stop = Stop::default();
/// stop.clone().request();
/// assert!(stop.requested());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// What to tell a person who asked once.
    pub const NOTICE: &str = "stopping after the request under way; once more to end at once";

    /// How soon a request is noticed by what looks for one.
    pub(crate) const POLL: Duration = Duration::from_millis(50);

    /// Asks the command to stop.
    pub fn request(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether anybody asked.
    #[must_use]
    pub fn requested(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
