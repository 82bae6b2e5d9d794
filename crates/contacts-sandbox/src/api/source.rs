//! What the order report and the reports query see of the account. A fault makes them lag behind it
//! or cuts their answers.

use std::collections::HashMap;
use std::time::Duration;

use crate::data::account::Account;
use crate::data::order::Order;
use crate::data::record::ContactChange;
use crate::data::ring_buffer::RingBuffer;
use crate::fault::Fault;

pub(super) struct Source<'a> {
    account: &'a Account,
    /// The orders that differ from those of the account, by id.
    past: HashMap<u64, Order>,
    max_rows: usize,
}

impl<'a> Source<'a> {
    pub(super) fn new(
        account: &'a Account,
        changes: &RingBuffer<ContactChange>,
        fault: Option<&Fault>,
        now: Duration,
    ) -> Self {
        let mut past = HashMap::new();
        let lag = fault.map(Fault::lag_time).unwrap_or_default();
        let is_hidden = |change: &&ContactChange| now.saturating_sub(change.at) < lag;
        for change in changes.own().rev().take_while(is_hidden) {
            if let Some(order) = account.order(change.order_id) {
                let order = past.entry(order.id).or_insert_with(|| order.clone());
                order.put_back(&change.contact_type, change.before.clone());
            }
        }
        Self {
            account,
            past,
            max_rows: fault.map_or(usize::MAX, Fault::max_rows),
        }
    }

    pub(super) fn orders(&self) -> impl Iterator<Item = &Order> {
        let orders = self.account.orders();
        orders.map(|order| self.past.get(&order.id).unwrap_or(order))
    }

    pub(super) fn order(&self, id: u64) -> Option<&Order> {
        self.past.get(&id).or_else(|| self.account.order(id))
    }

    /// The most rows of an answer that would have this many.
    pub(super) fn limit(&self, rows: usize) -> usize {
        rows.min(self.max_rows)
    }
}
