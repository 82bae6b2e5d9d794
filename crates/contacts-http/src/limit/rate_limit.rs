use std::time::Duration;

/// A rolling window: the largest number of requests in any period of this length.
///
/// DigiCert documents two that apply together, per API key: 100 requests in 5 seconds and 1000 in
/// 3 minutes.
///
/// ```
/// use contacts_http::RateLimit;
/// use std::time::Duration;
///
/// let five_seconds = RateLimit::DIGICERT[0];
/// assert_eq!(five_seconds, RateLimit::new(100, Duration::from_secs(5)));
/// assert_eq!((five_seconds.requests(), five_seconds.window()), (100, Duration::from_secs(5)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    requests: u32,
    window: Duration,
}

impl RateLimit {
    /// The limits on DigiCert's current page.
    pub const DIGICERT: [Self; 2] = [
        Self::new(100, Duration::from_secs(5)),
        Self::new(1000, Duration::from_secs(180)),
    ];

    /// At most `requests` in any period of `window`. [`Builder::build`](crate::Builder::build)
    /// rejects a limit of no requests, and a window longer than 365 days.
    #[must_use]
    pub const fn new(requests: u32, window: Duration) -> Self {
        Self { requests, window }
    }

    /// The largest number of requests in one window.
    #[must_use]
    pub const fn requests(self) -> u32 {
        self.requests
    }

    /// The length of the window.
    #[must_use]
    pub const fn window(self) -> Duration {
        self.window
    }

    pub(crate) fn longest_window(limits: &[Self]) -> Duration {
        let windows = limits.iter().map(|limit| limit.window);
        windows.max().unwrap_or_default()
    }

    /// The shortest time in which `limits` permit this number of requests.
    ///
    /// ```
    /// use contacts_http::RateLimit;
    ///
    /// let time = |requests| RateLimit::shortest_time(&RateLimit::DIGICERT, requests).as_secs();
    /// assert_eq!((time(100), time(101), time(50_000)), (0, 5, 8865));
    /// ```
    #[must_use]
    pub fn shortest_time(limits: &[Self], requests: usize) -> Duration {
        let mut starts: Vec<Duration> = Vec::with_capacity(requests);
        for request in 0..requests {
            let first_of = |limit: &Self| request.checked_sub(limit.requests as usize);
            let after = limits
                .iter()
                .filter_map(|limit| Some(*starts.get(first_of(limit)?)? + limit.window));
            starts.push(after.max().unwrap_or_default());
        }
        starts.last().copied().unwrap_or_default()
    }
}

/// What a call does when the rate limit or a 429 makes it wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OnRateLimit {
    /// Waits.
    #[default]
    Wait,
    /// Fails at once. [`Error::is_rate_limited`](crate::Error::is_rate_limited) is true, and
    /// [`Error::retry_after`](crate::Error::retry_after) returns the wait. Use it with a task queue
    /// that schedules retries itself.
    Fail,
    /// Waits at most this long for each request, and fails as [`Fail`](Self::Fail) does if the wait
    /// would be longer.
    WaitAtMost(Duration),
}
