//! The lines of a journal, except those of the plan.

use std::borrow::Cow;

use contacts_core::{Blocked, OrderId};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::plan::line as plan_line;
use crate::report::{OrderResult, Verification};

/// Version 1 has other names for the entries and results; serde aliases read them.
pub(crate) const VERSION: u32 = 2;

/// The first line. The lines behind it are the orders of the plan.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Head<'a> {
    #[serde(borrow)]
    pub(crate) format: Cow<'a, str>,
    pub(crate) version: u32,
    #[serde(borrow)]
    pub(crate) created: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) base_url: Cow<'a, str>,
    /// The fingerprint of the key.
    #[serde(borrow)]
    pub(crate) key: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) plan: PlanHead<'a>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanHead<'a> {
    #[serde(borrow)]
    pub(crate) digest: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) created: Cow<'a, str>,
    pub(crate) orders: usize,
}

/// What happened, in the order in which it did.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Line<'a> {
    /// A request is about to be sent.
    #[serde(alias = "begin")]
    Started {
        order_id: OrderIdText,
        #[serde(borrow)]
        at: Cow<'a, str>,
    },
    /// What became of it.
    #[serde(alias = "end")]
    Finished {
        order_id: OrderIdText,
        #[serde(borrow)]
        at: Cow<'a, str>,
        result: EndName,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        failure: Option<Failure>,
        #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
        blocked: Option<Cow<'a, str>>,
    },
    /// What reading the order again told.
    #[serde(alias = "read-back")]
    Verified {
        order_id: OrderIdText,
        #[serde(borrow)]
        at: Cow<'a, str>,
        result: VerificationName,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        failure: Option<Failure>,
    },
    /// Another process goes on with the run.
    Resumed {
        #[serde(borrow)]
        at: Cow<'a, str>,
        #[serde(borrow)]
        key: Cow<'a, str>,
    },
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EndName {
    Changed,
    Failed,
    #[serde(alias = "not-read")]
    ReadFailed,
    #[serde(alias = "outdated")]
    Conflict,
    #[serde(alias = "already-right")]
    Unchanged,
    Blocked,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum VerificationName {
    #[serde(alias = "confirmed")]
    Verified,
    #[serde(alias = "differs")]
    Mismatch,
    Failed,
}

/// An order id as text, as DigiCert documents it.
pub(crate) struct OrderIdText(pub(crate) OrderId);

impl Serialize for OrderIdText {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}

impl<'de> Deserialize<'de> for OrderIdText {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Text<'a>(#[serde(borrow)] Cow<'a, str>);
        let text = Text::deserialize(from)?.0;
        let parsed = OrderId::parse(&text).map(Self);
        parsed.map_err(|_| serde::de::Error::custom("not an order id"))
    }
}

/// `None` for what is no end.
pub(crate) fn end<'a>(order: OrderId, at: &'a str, end: &OrderResult) -> Option<Line<'a>> {
    let (name, blocked) = match end {
        OrderResult::Changed(_) => (EndName::Changed, None),
        OrderResult::Failed(_) => (EndName::Failed, None),
        OrderResult::ReadFailed(_) => (EndName::ReadFailed, None),
        OrderResult::Conflict => (EndName::Conflict, None),
        OrderResult::Unchanged => (EndName::Unchanged, None),
        OrderResult::Blocked(reason) => (EndName::Blocked, Some(plan_line::blocked_name(*reason))),
        OrderResult::Skipped => return None,
    };
    Some(Line::Finished {
        order_id: OrderIdText(order),
        at: at.into(),
        result: name,
        failure: end.failure().cloned(),
        blocked: blocked.map(Into::into),
    })
}

pub(crate) fn result_of(
    result: EndName,
    failure: Option<Failure>,
    blocked: Option<Blocked>,
) -> Option<OrderResult> {
    Some(match (result, failure, blocked) {
        (EndName::Changed, None, None) => OrderResult::Changed(Verification::NotRequested),
        (EndName::Failed, Some(failure), None) => OrderResult::Failed(failure),
        (EndName::ReadFailed, Some(failure), None) => OrderResult::ReadFailed(failure),
        (EndName::Conflict, None, None) => OrderResult::Conflict,
        (EndName::Unchanged, None, None) => OrderResult::Unchanged,
        (EndName::Blocked, None, Some(reason)) => OrderResult::Blocked(reason),
        _ => return None,
    })
}
