use std::io::{self, Read};
use std::sync::Arc;

use contacts_bulk::{
    Failure, ListFilter, OrderApi, OrderResult, OrganizationEmail, PlannedOrder, Verification,
};
use contacts_core::{ContactsUpdate, Order, OrderId};
use contacts_http::Client;
use log::LevelFilter;

use super::queue::Queue;
use crate::call::{self, CancelFlag};
use crate::hooks::{self, Context};
use crate::log as logging;

/// A client whose calls are cancelled when `cancelled` is set, log with the level of the thread that
/// created it, and run hooks in its context, in whatever thread they are made.
pub(crate) struct CancellableApi {
    client: Client,
    cancelled: Arc<CancelFlag>,
    level: LevelFilter,
    queue: Option<Queue>,
    context: Option<Context>,
}

impl CancellableApi {
    pub(crate) fn new(client: Client, cancelled: Arc<CancelFlag>) -> Self {
        Self {
            client,
            cancelled,
            level: logging::current_level(),
            queue: None,
            context: hooks::context(),
        }
    }

    /// Updates are sent through the queue, if there is one.
    pub(super) fn with_queue(self, queue: Option<Queue>) -> Self {
        Self { queue, ..self }
    }

    pub(super) fn into_queue(self) -> Option<Queue> {
        self.queue
    }

    fn call<'a, T>(&'a self, request: impl FnOnce(&'a Client) -> T) -> T {
        logging::set_level(self.level);
        let work = || call::with_cancellation(&self.cancelled, || request(&self.client));
        let result = hooks::with_context(self.context.as_ref(), work);
        if let Some(raised) = call::take_raised() {
            self.cancelled.raise(raised);
        }
        result
    }
}

impl OrderApi for CancellableApi {
    fn read(&self, order: OrderId) -> Result<Order, Failure> {
        self.call(|client| client.read(order))
    }

    fn update(&self, order: OrderId, update: &ContactsUpdate) -> Result<(), Failure> {
        self.call(|client| client.update(order, update))
    }

    fn update_unless(
        &self,
        order: OrderId,
        update: &ContactsUpdate,
        must_read: &dyn Fn() -> bool,
        is_changed: &dyn Fn(&Order) -> bool,
    ) -> Result<Verification, Failure> {
        self.call(|client| client.update_unless(order, update, must_read, is_changed))
    }

    fn send_planned(&self, order: &PlannedOrder, send: &dyn Fn() -> OrderResult) -> OrderResult {
        match &self.queue {
            Some(queue) => queue.send(order, &self.cancelled),
            None => send(),
        }
    }

    fn list(&self, filter: &ListFilter) -> Box<dyn Iterator<Item = Result<Order, Failure>> + '_> {
        let mut orders = self.call(|client| client.list(filter));
        Box::new(std::iter::from_fn(move || self.call(|_| orders.next())))
    }

    fn report(&self) -> Result<Option<Box<dyn Read>>, Failure> {
        let report = self.call(OrderApi::report)?;
        let cancelled = &self.cancelled;
        Ok(report.map(|report| {
            let cancelled = Arc::clone(cancelled);
            Box::new(CancellableReport { report, cancelled }) as Box<dyn Read>
        }))
    }

    fn organization_emails(&self) -> Result<Option<Vec<OrganizationEmail>>, Failure> {
        self.call(OrderApi::organization_emails)
    }
}

/// A report that fails once its call is cancelled, as all later calls do.
struct CancellableReport {
    report: Box<dyn Read>,
    cancelled: Arc<CancelFlag>,
}

impl Read for CancellableReport {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if call::with_cancellation(&self.cancelled, call::interrupted) {
            self.cancelled.set();
            return Err(io::Error::other("cancelled"));
        }
        self.report.read(buffer)
    }
}
