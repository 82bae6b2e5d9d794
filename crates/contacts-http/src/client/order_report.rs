use std::fmt;
use std::io::{self, BufReader, Cursor, ErrorKind, Read};

/// The order report: CSV, read as a stream. [`Client::order_report`](crate::Client::order_report)
/// returns it.
///
/// It has one row for each order, with its technical contact in `tech_first_name`,
/// `tech_last_name`, `tech_email`, `tech_title` and `tech_telephone`; it does not include
/// organization contacts. Values are quoted and can contain line breaks, so read it with a CSV
/// library.
pub struct OrderReport(BufReader<Box<dyn Read + Send>>);

impl OrderReport {
    /// Returns the body if it is not an order report.
    pub(crate) fn new(mut body: Box<dyn Read + Send>) -> io::Result<Result<Self, impl Read>> {
        // A byte order mark, and the first column with quotes.
        const PREFIX: u64 = 13;
        let mut prefix = Vec::new();
        body.by_ref().take(PREFIX).read_to_end(&mut prefix)?;
        let header = prefix.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&prefix);
        let header = header.strip_prefix(b"\"").unwrap_or(header);
        let is_report = header.starts_with(b"order_id");
        let body = Cursor::new(prefix).chain(body);
        if !is_report {
            return Ok(Err(body));
        }
        let body: Box<dyn Read + Send> = Box::new(body);
        Ok(Ok(Self(BufReader::with_capacity(64 * 1024, body))))
    }
}

fn is_timeout(error: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    matches!(error.downcast_ref(), Some(ureq::Error::Timeout(_)))
}

/// A timeout has the kind [`ErrorKind::TimedOut`].
impl Read for OrderReport {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| match error.get_ref() {
            Some(inner) if is_timeout(inner) => {
                let why = "timed out: it paused for longer than the `timeout`, or took too long";
                io::Error::new(ErrorKind::TimedOut, why)
            }
            _ => error,
        })
    }
}

impl fmt::Debug for OrderReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrderReport").finish_non_exhaustive()
    }
}
