//! The lines of a journal, except those of the plan.

use std::borrow::Cow;

use contacts_core::{Blocked, OrderId};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::plan::line as plan_line;
use crate::report::{ReadBack, Verdict};

pub(crate) const VERSION: u32 = 1;

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
    Begin {
        order_id: OrderIdText,
        #[serde(borrow)]
        at: Cow<'a, str>,
    },
    /// What became of it.
    End {
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
    ReadBack {
        order_id: OrderIdText,
        #[serde(borrow)]
        at: Cow<'a, str>,
        result: ReadBackName,
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
    NotRead,
    Outdated,
    AlreadyRight,
    Blocked,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ReadBackName {
    Confirmed,
    Differs,
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
pub(crate) fn end<'a>(order: OrderId, at: &'a str, verdict: &Verdict) -> Option<Line<'a>> {
    let (result, blocked) = match verdict {
        Verdict::Changed(_) => (EndName::Changed, None),
        Verdict::Failed(_) => (EndName::Failed, None),
        Verdict::NotRead(_) => (EndName::NotRead, None),
        Verdict::Outdated => (EndName::Outdated, None),
        Verdict::AlreadyRight => (EndName::AlreadyRight, None),
        Verdict::Blocked(reason) => (EndName::Blocked, Some(plan_line::blocked_name(*reason))),
        Verdict::NotTried => return None,
    };
    Some(Line::End {
        order_id: OrderIdText(order),
        at: at.into(),
        result,
        failure: verdict.failure().cloned(),
        blocked: blocked.map(Into::into),
    })
}

pub(crate) fn verdict(
    result: EndName,
    failure: Option<Failure>,
    blocked: Option<Blocked>,
) -> Option<Verdict> {
    Some(match (result, failure, blocked) {
        (EndName::Changed, None, None) => Verdict::Changed(ReadBack::NotAsked),
        (EndName::Failed, Some(failure), None) => Verdict::Failed(failure),
        (EndName::NotRead, Some(failure), None) => Verdict::NotRead(failure),
        (EndName::Outdated, None, None) => Verdict::Outdated,
        (EndName::AlreadyRight, None, None) => Verdict::AlreadyRight,
        (EndName::Blocked, None, Some(reason)) => Verdict::Blocked(reason),
        _ => return None,
    })
}
