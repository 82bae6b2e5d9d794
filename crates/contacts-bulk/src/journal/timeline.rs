use std::time::{Duration, SystemTime};

use contacts_core::OrderId;
use serde::Deserialize;

use crate::journal::entry::Entry;

/// The times at which the orders of a run finished, for a chart of its progress.
///
/// [`Replay`](crate::Replay) validates the journal and returns the results.
///
/// ```
/// use contacts_bulk::journal::Timeline;
///
/// let journal = br#"{"format":"digicert-contacts-journal","version":2,"plan":{"orders":0}}
/// {"started":{"order_id":"7","at":"2027-01-15T08:00:00.000Z"}}
/// {"finished":{"order_id":"7","at":"2027-01-15T08:00:01.250Z","result":"changed"}}
/// "#;
/// let timeline = Timeline::read(journal);
/// let (order, elapsed) = timeline.finished().next().unwrap();
/// assert_eq!((order.get(), elapsed.as_millis()), (7, 1250));
/// assert_eq!(timeline.last(), Some("2027-01-15T08:00:01.250Z"));
/// ```
#[derive(Debug, Default)]
pub struct Timeline {
    start: Option<SystemTime>,
    finished: Vec<(OrderId, SystemTime)>,
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
    /// Reads a journal. Invalid lines are skipped.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let mut timeline = Self::default();
        let mut lines = bytes.split(|byte| *byte == b'\n');
        let head = lines.next().unwrap_or_default();
        if let Ok(head) = serde_json::from_slice::<Head>(head) {
            for line in lines.skip(head.plan.orders) {
                if let Ok(entry) = serde_json::from_slice(line) {
                    timeline.add(&entry);
                }
            }
        }
        timeline
    }

    fn add(&mut self, entry: &Entry<'_>) {
        let (Entry::Started { at, .. }
        | Entry::Finished { at, .. }
        | Entry::Verified { at, .. }
        | Entry::Sampled { at, .. }
        | Entry::Reported { at, .. }
        | Entry::Resumed { at, .. }) = entry;
        let Ok(time) = humantime::parse_rfc3339(at) else {
            return;
        };
        // The clock may have been set back.
        self.start = Some(self.start.map_or(time, |start| start.min(time)));
        self.last = Some(at.to_string());
        if let Entry::Finished { order_id, .. } = entry {
            self.finished.push((*order_id, time));
        }
    }

    /// The orders in the sequence in which they finished, with the time since the first entry. An
    /// order that was retried occurs more than once. Pauses before a run was resumed are included.
    pub fn finished(&self) -> impl Iterator<Item = (OrderId, Duration)> {
        let start = self.start.unwrap_or(SystemTime::UNIX_EPOCH);
        let finished = self.finished.iter();
        finished.map(move |(order, time)| (*order, time.duration_since(start).unwrap_or_default()))
    }

    /// The time of the last entry, in RFC 3339.
    #[must_use]
    pub fn last(&self) -> Option<&str> {
        self.last.as_deref()
    }
}
