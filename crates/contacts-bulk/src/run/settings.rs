use std::num::NonZeroUsize;

/// The settings of a run. By default it sends one request at a time, for all orders, and verifies
/// each changed order.
///
/// ```
/// use std::num::NonZeroUsize;
/// use contacts_bulk::RunSettings;
///
/// let canary = RunSettings::default().limit(5);
/// let fast = RunSettings::default()
///     .concurrency(NonZeroUsize::new(4).unwrap())
///     .skip_verification()
///     .stop_after_failures(NonZeroUsize::new(10).unwrap());
/// # let _ = (canary, fast);
/// ```
#[derive(Clone, Debug)]
pub struct RunSettings {
    pub(crate) concurrency: NonZeroUsize,
    pub(crate) limit: Option<usize>,
    pub(crate) max_failed: Option<NonZeroUsize>,
    pub(crate) check_again: bool,
    pub(crate) verify: bool,
}

impl Default for RunSettings {
    fn default() -> Self {
        Self {
            concurrency: NonZeroUsize::MIN,
            limit: None,
            max_failed: None,
            check_again: false,
            verify: true,
        }
    }
}

impl RunSettings {
    /// The number of concurrent requests; 1 by default, as DigiCert's best practices recommend. With
    /// more, orders may finish in another order than the plan has.
    #[must_use]
    pub const fn concurrency(mut self, requests: NonZeroUsize) -> Self {
        self.concurrency = requests;
        self
    }

    /// Updates at most this number of orders. The others are skipped, and the run does not count as
    /// stopped.
    #[must_use]
    pub const fn limit(mut self, orders: usize) -> Self {
        self.limit = Some(orders);
        self
    }

    /// Stops the run once this number of orders has failed. By default, failures of single orders do
    /// not stop a run.
    #[must_use]
    pub const fn stop_after_failures(mut self, orders: NonZeroUsize) -> Self {
        self.max_failed = Some(orders);
        self
    }

    /// Reads each order again before its update, and reports a conflict if its contacts are no longer
    /// those of the plan. A [`Run`](crate::Run) always does so for a plan that is older than an hour
    /// when it starts.
    #[must_use]
    pub const fn check_again(mut self) -> Self {
        self.check_again = true;
        self
    }

    /// Does not read changed orders to compare them with their update.
    #[must_use]
    pub const fn skip_verification(mut self) -> Self {
        self.verify = false;
        self
    }
}
