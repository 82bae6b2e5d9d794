//! A client in the hands of a plan or a run.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use contacts_bulk::{Failure, OrderApi};
use contacts_core::{ContactsUpdate, Order, OrderId};
use log::LevelFilter;

use crate::{call, log as events};

/// Its calls end once `stop` is set, on whatever thread they are made, and log as those of the
/// thread that made it.
pub(crate) struct Watched {
    client: contacts_cli::Client,
    stop: Arc<AtomicBool>,
    level: LevelFilter,
}

impl Watched {
    /// To be made where the calls of this thread have begun.
    pub(crate) fn new(client: contacts_http::Client, stop: Arc<AtomicBool>) -> Self {
        Self {
            client: client.into(),
            stop,
            level: events::noted_level(),
        }
    }

    fn call<T>(&self, request: impl FnOnce(&contacts_cli::Client) -> T) -> T {
        events::take_level(self.level);
        call::cancelled_by(&self.stop, || request(&self.client))
    }
}

impl OrderApi for Watched {
    fn order(&self, order: OrderId) -> Result<Order, Failure> {
        self.call(|client| client.order(order))
    }

    fn update_contacts(&self, order: OrderId, update: &ContactsUpdate) -> Result<(), Failure> {
        self.call(|client| client.update_contacts(order, update))
    }
}
