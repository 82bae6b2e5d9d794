use std::io::Read;

use contacts_bulk::{ExportAccount, Failure, FailureKind, OrderApi};
use contacts_core::{ContactsUpdate, Order, OrderId};
use contacts_http::{Error, OrderFilter, User};

/// The blocking client of `contacts-http` in the role that `contacts-bulk` needs.
#[derive(Clone, Debug)]
pub struct Client(contacts_http::Client);

impl From<contacts_http::Client> for Client {
    fn from(client: contacts_http::Client) -> Self {
        Self(client)
    }
}

impl Client {
    /// Whom the key acts for.
    pub(crate) fn whoami(&self) -> Result<User, Failure> {
        self.0.whoami().map_err(|error| failure(&error))
    }

    /// Where the API is.
    pub(crate) fn address(&self) -> String {
        self.0.base_url().to_string()
    }
}

impl OrderApi for Client {
    fn order(&self, order: OrderId) -> Result<Order, Failure> {
        self.0.order(order).map_err(|error| failure(&error))
    }

    fn update_contacts(&self, order: OrderId, update: &ContactsUpdate) -> Result<(), Failure> {
        let sent = self.0.update_contacts(order, update);
        sent.map_err(|error| failure(&error))
    }
}

impl ExportAccount for Client {
    fn list(&self, status: Option<&str>) -> Box<dyn Iterator<Item = Result<Order, Failure>> + '_> {
        let filter = OrderFilter::default();
        let filter = match status {
            Some(status) => filter.status(status),
            None => filter,
        };
        let listed = self.0.orders(filter);
        Box::new(listed.map(|order| order.map_err(|error| failure(&error))))
    }

    fn read(&self, order: OrderId) -> Result<Order, Failure> {
        self.order(order)
    }

    fn report(&self) -> Result<Option<Box<dyn Read>>, Failure> {
        match self.0.order_report() {
            Ok(report) => Ok(Some(Box::new(report))),
            Err(error) if error.has_no_report() => Ok(None),
            Err(error) => Err(failure(&error)),
        }
    }
}

fn failure(error: &Error) -> Failure {
    let codes = error.api_errors().iter().map(|error| error.code.clone());
    let codes = codes.filter(|code| !code.is_empty());
    Failure::new(kind(error), error.outcome(), with_causes(error)).with_codes(codes)
}

fn kind(error: &Error) -> FailureKind {
    if error.is_auth() {
        FailureKind::KeyRejected
    } else if error.is_rate_limited() {
        FailureKind::RateLimited
    } else if error.is_cancelled() {
        FailureKind::Cancelled
    } else if error.is_not_found() {
        FailureKind::NotFound
    } else if error.is_unavailable() {
        FailureKind::Unavailable
    } else {
        FailureKind::Other
    }
}

/// The sentence of an error and those of its causes, in one line.
pub fn with_causes(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let sentences: Vec<_> = causes.map(ToString::to_string).collect();
    sentences.join(": ")
}
