use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use contacts_bulk::{Failure, OrderApi};
use contacts_core::{ContactsUpdate, Order, OrderId};
use contacts_http::Client;
use log::LevelFilter;

use crate::{call, log as logging};

/// A client whose calls are cancelled when `cancelled` is set and log with the level of the thread
/// that created it, in whatever thread they are made.
pub(crate) struct CancellableApi {
    client: Client,
    cancelled: Arc<AtomicBool>,
    level: LevelFilter,
}

impl CancellableApi {
    pub(crate) fn new(client: Client, cancelled: Arc<AtomicBool>) -> Self {
        Self {
            client,
            cancelled,
            level: logging::current_level(),
        }
    }

    fn call<T>(&self, request: impl FnOnce(&Client) -> T) -> T {
        logging::set_level(self.level);
        call::with_cancellation(&self.cancelled, || request(&self.client))
    }
}

impl OrderApi for CancellableApi {
    fn read(&self, order: OrderId) -> Result<Order, Failure> {
        self.call(|client| client.read(order))
    }

    fn update(&self, order: OrderId, update: &ContactsUpdate) -> Result<(), Failure> {
        self.call(|client| client.update(order, update))
    }
}
