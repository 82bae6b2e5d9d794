use std::num::NonZeroUsize;

/// How a run goes about its orders. The default is one request at a time over all orders, each read
/// back.
///
/// ```
/// use contacts_bulk::RunSettings;
///
/// let canary = RunSettings::default().limit(5);
/// let in_a_hurry = RunSettings::default().verify(false).stop_after_failures(10);
/// # let _ = (canary, in_a_hurry);
/// ```
#[derive(Clone, Debug)]
pub struct RunSettings {
    pub(crate) concurrency: NonZeroUsize,
    pub(crate) limit: Option<usize>,
    pub(crate) stop_after_failures: Option<NonZeroUsize>,
    pub(crate) check_again: bool,
    pub(crate) verify: bool,
}

impl Default for RunSettings {
    fn default() -> Self {
        Self {
            concurrency: NonZeroUsize::MIN,
            limit: None,
            stop_after_failures: None,
            check_again: false,
            verify: true,
        }
    }
}

impl RunSettings {
    /// How many orders are worked on at the same time; 1 by default, as DigiCert's best practices
    /// ask. Orders may then end in another order than the plan has.
    #[must_use]
    pub const fn concurrency(mut self, orders: NonZeroUsize) -> Self {
        self.concurrency = orders;
        self
    }

    /// Sends requests for so many orders at most; those left are counted as not tried, and the run
    /// does not count as stopped.
    #[must_use]
    pub const fn limit(mut self, orders: usize) -> Self {
        self.limit = Some(orders);
        self
    }

    /// Stops once so many orders failed; 0 is taken for 1. By default failures of single orders
    /// don't stop a run.
    #[must_use]
    pub fn stop_after_failures(mut self, orders: usize) -> Self {
        self.stop_after_failures = NonZeroUsize::new(orders.max(1));
        self
    }

    /// Whether each order is read again before its request and left alone where its contacts are no
    /// longer those that the plan saw. A [`Run`](crate::Run) does so anyway for a plan that is
    /// older than an hour when it begins.
    #[must_use]
    pub const fn check_again(mut self, check: bool) -> Self {
        self.check_again = check;
        self
    }

    /// Whether each changed order is read again and compared with what was sent; yes by default.
    #[must_use]
    pub const fn verify(mut self, verify: bool) -> Self {
        self.verify = verify;
        self
    }
}
