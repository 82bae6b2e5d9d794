use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::contact::Written;
use crate::order::CONTACT_TYPES;

/// A contact that a PUT has written to an order.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContactChange {
    /// Counts the changes of a sandbox, from 1 on. A PUT with two contacts makes two.
    pub number: u64,
    /// When, after the sandbox's start.
    pub at: Duration,
    /// The order.
    pub order_id: u64,
    /// `organization_contact` or `technical_contact`.
    pub contact_type: String,
    /// The contact that was there, if there was one.
    pub before: Option<Arc<Value>>,
    /// The contact that is there since.
    pub after: Arc<Value>,
}

/// Without the contacts, which have no place in logs.
impl fmt::Debug for ContactChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContactChange")
            .field("number", &self.number)
            .field("order_id", &self.order_id)
            .field("contact_type", &self.contact_type)
            .finish_non_exhaustive()
    }
}

impl ContactChange {
    /// As an object, in the form that the admin address tells.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "number": self.number,
            "at": seconds(self.at),
            "order_id": self.order_id,
            "contact_type": self.contact_type,
            "before": self.before.as_deref(),
            "after": *self.after,
        })
    }

    pub(crate) fn parse(value: &Value) -> Option<Self> {
        let kind = value["contact_type"].as_str()?;
        let at = value["at"].as_f64()?;
        let before = value["before"].clone();
        Some(Self {
            number: value["number"].as_u64()?,
            at: Duration::try_from_secs_f64(at).ok()?,
            order_id: value["order_id"].as_u64()?,
            contact_type: (*CONTACT_TYPES.iter().find(|known| **known == kind)?).to_owned(),
            before: (!before.is_null()).then(|| Arc::new(before)),
            after: Arc::new(value["after"].clone()),
        })
    }
}

/// Seconds with three decimals, for people and programs.
pub(crate) fn seconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1000.0).round() / 1000.0
}

/// The latest changes.
#[derive(Debug, Default)]
pub(crate) struct History {
    changes: VecDeque<ContactChange>,
    count: u64,
}

impl History {
    /// Older changes are dropped.
    pub(crate) const MOST: usize = 100_000;

    pub(crate) fn record(&mut self, order_id: u64, written: Vec<Written>, at: Duration) {
        for (kind, before, after) in written {
            let change = ContactChange {
                number: self.count + 1,
                at,
                order_id,
                contact_type: CONTACT_TYPES[kind].to_owned(),
                before,
                after,
            };
            self.push(change);
        }
    }

    pub(crate) fn push(&mut self, change: ContactChange) {
        if self.changes.len() == Self::MOST {
            self.changes.pop_front();
        }
        self.count = change.number;
        self.changes.push_back(change);
    }

    /// Oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &ContactChange> {
        self.changes.iter()
    }

    /// How many there ever were.
    pub(crate) const fn count(&self) -> u64 {
        self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_changes_are_dropped_and_the_count_goes_on() {
        let mut history = History::default();
        let contact = Arc::new(Value::Null);
        for _ in 0..History::MOST + 5 {
            history.record(7, vec![(1, None, Arc::clone(&contact))], Duration::ZERO);
        }
        assert_eq!(history.iter().count(), History::MOST);
        assert_eq!(history.iter().next().map(|change| change.number), Some(6));
        assert_eq!(history.count(), 100_005);
    }
}
