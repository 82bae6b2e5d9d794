//! A client in the hands of a plan or a run.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use contacts_bulk::{Failure, OrderApi};
use contacts_core::{ContactsUpdate, Order, OrderId};
use contacts_http::Client;
use log::LevelFilter;

use crate::{call, log as events};

/// Its calls end once `stop` is set, on whatever thread they are made, and log as those of the
/// thread that made it.
pub(crate) struct Watched {
    client: Client,
    stop: Arc<AtomicBool>,
    level: LevelFilter,
}

impl Watched {
    /// To be made where the calls of this thread have begun.
    pub(crate) fn new(client: Client, stop: Arc<AtomicBool>) -> Self {
        Self {
            client,
            stop,
            level: events::noted_level(),
        }
    }

    fn call<T>(&self, request: impl FnOnce(&Client) -> T) -> T {
        events::take_level(self.level);
        call::cancelled_by(&self.stop, || request(&self.client))
    }
}

impl OrderApi for Watched {
    fn read(&self, order: OrderId) -> Result<Order, Failure> {
        self.call(|client| client.read(order))
    }

    fn update(&self, order: OrderId, update: &ContactsUpdate) -> Result<(), Failure> {
        self.call(|client| client.update(order, update))
    }
}
