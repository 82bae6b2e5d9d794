use std::time::Duration;

/// At most so many requests in any stretch of time this long.
///
/// DigiCert's page names two that hold at once, per API key: 100 in 5 seconds and 1000 in 3
/// minutes.
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

const YEAR: u64 = 365 * 24 * 3600;

impl RateLimit {
    /// The limits on DigiCert's current page.
    pub const DIGICERT: [Self; 2] = [
        Self::new(100, Duration::from_secs(5)),
        Self::new(1000, Duration::from_secs(180)),
    ];

    /// A limit of `requests` in any stretch of `window`. Zero requests count as one: nothing could
    /// ever be sent otherwise; and a window of more than a year counts as a year.
    #[must_use]
    pub const fn new(requests: u32, window: Duration) -> Self {
        Self {
            requests: if requests == 0 { 1 } else { requests },
            window: if window.as_secs() < YEAR {
                window
            } else {
                Duration::from_secs(YEAR)
            },
        }
    }

    /// How many requests.
    #[must_use]
    pub const fn requests(self) -> u32 {
        self.requests
    }

    /// In how long a time.
    #[must_use]
    pub const fn window(self) -> Duration {
        self.window
    }
}
