use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Cancels a command from another thread. Clones share one state.
///
/// ```
/// use contacts_cli::CancelToken;
///
/// let token = CancelToken::default();
/// token.clone().cancel();
/// assert!(token.is_cancelled());
/// ```
#[derive(Clone, Debug, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// The message to show after the first interrupt.
    pub const NOTICE: &str =
        "stopping, after the current request if there is one; press Ctrl-C again to quit now";

    /// How often a waiting command checks for cancellation.
    pub(crate) const POLL: Duration = Duration::from_millis(50);

    /// Cancels the command.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether the command is cancelled.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
