use std::fmt;
use std::io::{self, BufReader, Cursor, Read};

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
        // A byte order mark and the first name with its quotes; they may come bit by bit.
        const BEGIN: u64 = 13;
        let mut body = body;
        let mut begin = Vec::new();
        body.by_ref().take(BEGIN).read_to_end(&mut begin)?;
        let text = begin.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&begin);
        let text = text.strip_prefix(b"\"").unwrap_or(text);
        let is_report = text.starts_with(b"order_id");
        let whole: Box<dyn Read + Send> = Box::new(Cursor::new(begin).chain(body));
        Ok(is_report.then(|| Self(BufReader::with_capacity(64 * 1024, whole))))
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
