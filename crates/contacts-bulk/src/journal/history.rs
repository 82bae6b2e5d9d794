use std::time::{Duration, SystemTime};

use contacts_core::OrderId;
use serde::Deserialize;

use crate::journal::line::Line;

/// When the orders of a run came to their end, by its journal: for a chart of its progress.
///
/// It tells times alone; what became of the orders is for [`Replay`](crate::Replay) to say, which
/// also finds out whether the journal is sound.
///
/// ```
/// use contacts_bulk::Timeline;
///
/// let journal = br#"{"format":"digicert-contacts-journal","version":1,"plan":{"orders":0}}
/// {"started":{"order_id":"7","at":"2027-01-15T08:00:00.000Z"}}
/// {"finished":{"order_id":"7","at":"2027-01-15T08:00:01.250Z","result":"changed"}}
/// "#;
/// let history = Timeline::read(journal);
/// let (order, passed) = history.ends().next().unwrap();
/// assert_eq!((order.get(), passed.as_millis()), (7, 1250));
/// assert_eq!(history.last(), Some("2027-01-15T08:00:01.250Z"));
/// ```
#[derive(Debug, Default)]
pub struct Timeline {
    begin: Option<SystemTime>,
    ends: Vec<(OrderId, SystemTime)>,
    last: Option<String>,
}

#[derive(Deserialize)]
struct Head {
    plan: Plan,
}

#[derive(Deserialize)]
struct Plan {
    orders: usize,
}

impl Timeline {
    /// Reads a journal; lines that can't be read are passed over.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let mut history = Self::default();
        let mut lines = bytes.split(|byte| *byte == b'\n');
        let head = lines.next().unwrap_or_default();
        let Ok(head) = serde_json::from_slice::<Head>(head) else {
            return history;
        };
        for line in lines.skip(head.plan.orders) {
            if let Ok(line) = serde_json::from_slice::<Line<'_>>(line) {
                history.take(&line);
            }
        }
        history
    }

    fn take(&mut self, line: &Line<'_>) {
        let (Line::Started { at, .. }
        | Line::Finished { at, .. }
        | Line::Verified { at, .. }
        | Line::Resumed { at, .. }) = line;
        let Ok(time) = humantime::parse_rfc3339(at) else {
            return;
        };
        // The clock may have been set back, which must not hide anything.
        self.begin = Some(self.begin.map_or(time, |begin| begin.min(time)));
        self.last = Some(at.to_string());
        if let Line::Finished { order_id, .. } = line {
            self.ends.push((order_id.0, time));
        }
    }

    /// The orders in the sequence in which they ended, with the time since the first line; an order
    /// that was tried again ended more than once. Pauses between a run and the one that went on with
    /// it are part of the time.
    pub fn ends(&self) -> impl Iterator<Item = (OrderId, Duration)> {
        let begin = self.begin.unwrap_or(SystemTime::UNIX_EPOCH);
        let passed = move |time: SystemTime| time.duration_since(begin).unwrap_or_default();
        self.ends
            .iter()
            .map(move |(order, time)| (*order, passed(*time)))
    }

    /// The time of the last line, as RFC 3339 has it.
    #[must_use]
    pub fn last(&self) -> Option<&str> {
        self.last.as_deref()
    }
}
