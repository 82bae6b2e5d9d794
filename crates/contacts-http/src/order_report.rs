use std::fmt;
use std::io::{self, BufRead, BufReader, Read};

/// The order report: CSV, read bit by bit. [`Client::order_report`](crate::Client::order_report)
/// makes it.
///
/// One row for each order, with its technical contact in `tech_first_name`, `tech_last_name`,
/// `tech_email`, `tech_title` and `tech_telephone`; organization contacts are not in it. Values are
/// quoted and may hold line breaks, so read it with a CSV library.
pub struct OrderReport(BufReader<Box<dyn Read + Send>>);

impl OrderReport {
    /// `None` where it does not begin as the report does.
    pub(crate) fn new(body: Box<dyn Read + Send>) -> io::Result<Option<Self>> {
        let mut reader = BufReader::with_capacity(64 * 1024, body);
        let begin = reader.fill_buf()?;
        let begin = begin.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(begin);
        let is_report = begin.starts_with(b"order_id,") || begin.starts_with(b"\"order_id\"");
        Ok(is_report.then_some(Self(reader)))
    }
}

impl Read for OrderReport {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl fmt::Debug for OrderReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrderReport").finish_non_exhaustive()
    }
}
