//! The lines of a journal, except those of the plan.

use std::borrow::Cow;

use contacts_core::{Blocked, OrderId};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::plan::previous::PreviousContacts;
use crate::report::{FieldConflict, OrderResult, ResultKind, Verification, VerificationKind};

/// The first line. The orders of the plan follow.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct JournalHead<'a> {
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

/// The entries after the plan, in the order of time.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Entry<'a> {
    /// An update is about to be sent.
    #[serde(alias = "begin")]
    Started {
        order_id: OrderId,
        #[serde(borrow)]
        at: Cow<'a, str>,
        /// Whether the order was compared with the plan immediately before.
        #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
        refreshed: bool,
        /// The order as it was read, if the plan has not read it.
        #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
        common_name: Option<Cow<'a, str>>,
        #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
        status: Option<Cow<'a, str>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<Box<PreviousContacts>>,
    },
    /// The result of the update.
    #[serde(alias = "end")]
    Finished {
        order_id: OrderId,
        #[serde(borrow)]
        at: Cow<'a, str>,
        result: ResultKind,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        failure: Option<Failure>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        blocked: Option<Blocked>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        conflicts: Vec<FieldConflict>,
    },
    /// The result of the verification.
    #[serde(alias = "read-back")]
    Verified {
        order_id: OrderId,
        #[serde(borrow)]
        at: Cow<'a, str>,
        result: VerificationKind,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        failure: Option<Failure>,
    },
    /// The random sample of the changed orders was verified.
    Sampled {
        #[serde(borrow)]
        at: Cow<'a, str>,
        orders: usize,
        changed: usize,
        mismatch: usize,
    },
    /// The account's reports were asked after all updates: how many of the changed orders they verified.
    Reported {
        #[serde(borrow)]
        at: Cow<'a, str>,
        orders: usize,
        changed: usize,
    },
    /// Another process resumed the run.
    Resumed {
        #[serde(borrow)]
        at: Cow<'a, str>,
        #[serde(borrow)]
        key: Cow<'a, str>,
    },
}

impl<'a> Entry<'a> {
    /// The entry of a result; `None` for a skipped order.
    pub(crate) fn of_result(
        order_id: OrderId,
        at: Cow<'a, str>,
        result: &OrderResult,
    ) -> Option<Self> {
        let failure = result.failure().cloned();
        let blocked = match result {
            OrderResult::Skipped => return None,
            OrderResult::Changed(verification) if *verification != Verification::NotRequested => {
                return Some(Self::Verified {
                    order_id,
                    at,
                    result: verification.into(),
                    failure,
                });
            }
            OrderResult::Blocked(reason) => Some(*reason),
            _ => None,
        };
        Some(Self::Finished {
            order_id,
            at,
            result: result.into(),
            failure,
            blocked,
            conflicts: result.conflicts().to_vec(),
        })
    }
}

const fn yes() -> bool {
    true
}

/// The result of a `finished` entry; `None` if its members do not match.
pub(crate) fn result(
    kind: ResultKind,
    failure: Option<Failure>,
    blocked: Option<Blocked>,
    conflicts: Vec<FieldConflict>,
) -> Option<OrderResult> {
    if kind == ResultKind::Conflict {
        return (failure.is_none() && blocked.is_none())
            .then_some(OrderResult::Conflict(conflicts));
    }
    if !conflicts.is_empty() {
        return None;
    }
    Some(match (kind, failure, blocked) {
        (ResultKind::Changed, None, None) => OrderResult::Changed(Verification::NotRequested),
        (ResultKind::Failed, Some(failure), None) => OrderResult::Failed(failure),
        (ResultKind::ReadFailed, Some(failure), None) => OrderResult::ReadFailed(failure),
        (ResultKind::Unchanged, None, None) => OrderResult::Unchanged,
        (ResultKind::Blocked, None, Some(reason)) => OrderResult::Blocked(reason),
        _ => return None,
    })
}
