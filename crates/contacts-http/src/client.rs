use std::fmt;
use std::sync::Arc;

use contacts_core::{ContactsUpdate, Order, OrderId};

use crate::api_key::ApiKey;
use crate::base_url::BaseUrl;
use crate::builder::{Builder, Cancelled};
use crate::error::{Error, Kind, Request};
use crate::exchange::{self, Answer, Transport};
use crate::limiter::Limiter;

/// A client of DigiCert's Services API for the contacts of orders.
///
/// Its calls block. Clones share connections and the rate limit, and may be used from several
/// threads; DigiCert asks for one request at a time. The example on the [crate page](crate) shows
/// it at work.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

struct Shared {
    transport: Transport,
    base_url: BaseUrl,
    limiter: Limiter,
    cancelled: Cancelled,
}

impl Client {
    /// Settings to start from.
    pub fn builder(api_key: ApiKey) -> Builder {
        Builder::new(api_key)
    }

    pub(crate) fn new(builder: Builder) -> Self {
        let transport = Transport::new(&builder);
        Self {
            shared: Arc::new(Shared {
                transport,
                limiter: Limiter::new(builder.rate_limits),
                base_url: builder.base_url,
                cancelled: builder.cancelled,
            }),
        }
    }

    /// Where this client sends its requests.
    #[must_use]
    pub fn base_url(&self) -> &BaseUrl {
        &self.shared.base_url
    }

    /// Changes the contacts of one order: `PUT /order/certificate/{order_id}/contact`.
    ///
    /// One request, sent once. There is no undo: read the order before, if you may want to put the
    /// old contacts back.
    ///
    /// # Errors
    /// [`Error`], whose [`outcome`](Error::outcome) says whether the order may have been changed.
    pub fn update_contacts(&self, order: OrderId, update: &ContactsUpdate) -> Result<(), Error> {
        let request = Request::UpdateContacts(order);
        let answer = self.send(request, Some(&update.to_json()))?;
        if answer.status == 204 {
            return Ok(());
        }
        let values = update.contacts().flat_map(|(_, contact)| contact.fields());
        let values: Vec<_> = values.map(|(_, value)| value).collect();
        Err(self.refused(request, &answer, &values))
    }

    /// Reads one order: `GET /order/certificate/{order_id}`.
    ///
    /// # Errors
    /// [`Error`]; also where the answer is about another order.
    pub fn order(&self, order: OrderId) -> Result<Order, Error> {
        let request = Request::Order(order);
        let answer = self.send(request, None)?;
        if answer.status != 200 {
            return Err(self.refused(request, &answer, &[]));
        }
        let body = answer.body.ok_or_else(|| request.failed(Kind::TooLarge))?;
        let read = Order::from_json(&body).map_err(|e| request.failed(Kind::Unreadable(e)))?;
        if read.id.is_some_and(|id| id != order) {
            return Err(request.failed(Kind::OtherOrder));
        }
        Ok(read)
    }

    fn send(&self, request: Request, body: Option<&[u8]>) -> Result<Answer, Error> {
        let shared = &*self.shared;
        let slot = shared.limiter.slot(|| (shared.cancelled)());
        let _slot = slot.ok_or_else(|| request.failed(Kind::Cancelled))?;
        if (shared.cancelled)() {
            return Err(request.failed(Kind::Cancelled));
        }
        let url = shared.base_url.join(&request.path());
        let sent = match body {
            Some(body) => shared.transport.put(&url, body),
            None => shared.transport.get(&url),
        };
        sent.map_err(|error| request.failed(Kind::Transport(error)))
    }

    fn refused(&self, request: Request, answer: &Answer, values: &[&str]) -> Error {
        let errors = exchange::api_errors(answer, self.shared.transport.api_key(), values);
        request.failed(Kind::Answer {
            status: answer.status,
            errors,
        })
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", self.base_url())
            .finish_non_exhaustive()
    }
}
