use std::collections::VecDeque;
use std::time::Duration;

use serde_json::{Value, json};

use crate::history::seconds;

/// A request that was answered, or not answered because of a fault. Its body and its headers, and so
/// its key, are not kept. Of one that was refused before its head was read to the end (400, 431),
/// method and target may be empty, and its key counts as none.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// Counts the requests of a sandbox, from 1 on.
    pub number: u64,
    /// When, after the sandbox's start.
    pub at: Duration,
    /// Such as `PUT`, at most 32 characters.
    pub method: String,
    /// The path with its query, as it was sent; the first 1000 characters.
    pub target: String,
    /// The status it was answered with; 0 if a fault closed the connection instead.
    pub status: u16,
    /// The first four characters of a key of this account. Of any other key nothing is kept: it may
    /// be a real one.
    pub key: String,
    /// The fault that acted on it, such as `close`.
    pub fault: Option<String>,
}

impl RecordedRequest {
    /// As an object, in the form that the admin address tells.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "number": self.number,
            "at": seconds(self.at),
            "method": self.method,
            "target": self.target,
            "status": self.status,
            "key": self.key,
            "fault": self.fault,
        })
    }
}

/// The latest requests.
#[derive(Debug, Default)]
pub(crate) struct Log {
    requests: VecDeque<RecordedRequest>,
    count: u64,
}

impl Log {
    /// Older requests are dropped.
    pub(crate) const MOST: usize = 100_000;
    const MAX_TARGET: usize = 1000;
    const MAX_METHOD: usize = 32;

    pub(crate) fn push(&mut self, mut request: RecordedRequest) {
        cut(&mut request.target, Self::MAX_TARGET);
        cut(&mut request.method, Self::MAX_METHOD);
        self.count += 1;
        request.number = self.count;
        if self.requests.len() == Self::MOST {
            self.requests.pop_front();
        }
        self.requests.push_back(request);
    }

    /// Oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &RecordedRequest> {
        self.requests.iter()
    }

    pub(crate) const fn count(&self) -> u64 {
        self.count
    }
}

fn cut(text: &mut String, longest: usize) {
    if let Some((at, _)) = text.char_indices().nth(longest) {
        text.truncate(at);
    }
}

/// What of a key may be shown.
pub(crate) fn masked(key: Option<&str>, known: bool) -> String {
    match key {
        None | Some("") => "none".to_owned(),
        Some(_) if !known => "unknown".to_owned(),
        // Of a shorter key, four characters would be too much.
        Some(key) if key.chars().count() < 12 => "****".to_owned(),
        Some(key) => key.chars().take(4).chain("****".chars()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_never_shown() {
        assert_eq!(masked(None, false), "none");
        assert_eq!(masked(Some("a-real-key-of-digicert"), false), "unknown");
        assert_eq!(masked(Some("short"), true), "****");
        assert_eq!(masked(Some("sandbox-demo-key"), true), "sand****");
    }

    #[test]
    fn the_oldest_requests_are_dropped_and_the_count_goes_on() {
        let mut log = Log::default();
        for _ in 0..Log::MOST + 5 {
            log.push(RecordedRequest {
                number: 0,
                at: Duration::ZERO,
                method: "M".repeat(50),
                target: String::new(),
                status: 200,
                key: String::new(),
                fault: None,
            });
        }
        assert_eq!(log.iter().count(), Log::MOST);
        let oldest = log.iter().next().unwrap_or_else(|| unreachable!());
        assert_eq!((oldest.number, oldest.method.len()), (6, Log::MAX_METHOD));
        assert_eq!(log.count(), 100_005);
    }

    #[test]
    fn a_long_target_is_cut_between_characters() {
        let mut text = "é".repeat(2000);
        cut(&mut text, Log::MAX_TARGET);
        assert_eq!(text, "é".repeat(1000));
    }
}
