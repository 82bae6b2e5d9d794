use std::fmt;
use std::sync::Arc;

use contacts_core::{ApiErrors, ContactsUpdate, Order, OrderId, ReadError};
use log::{debug, info, warn};

use crate::api_key::ApiKey;
use crate::attempt::Event;
use crate::base_url::BaseUrl;
use crate::connector::Interrupted;
use crate::error::{Error, Request};
use crate::exchange::{Answer, Transport};
use crate::kind::Kind;
use crate::order_report::OrderReport;
use crate::process::Process;
use crate::settings::Settings;
use crate::user::User;

/// A client of DigiCert's Services API for the contacts of orders.
///
/// Its calls block. Clones share connections and the rate limit, and may be used from several
/// threads; DigiCert asks for one request at a time. After a fork it goes on with connections of
/// its own. The example on the [crate page](crate) shows it at work.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

struct Shared {
    settings: Settings,
    process: Process,
}

impl Client {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            shared: Arc::new(Shared {
                process: Process::new(&settings),
                settings,
            }),
        }
    }

    /// Where this client sends its requests.
    #[must_use]
    pub fn base_url(&self) -> &BaseUrl {
        &self.shared.settings.base_url
    }

    /// Changes the contacts of one order: `PUT /order/certificate/{order_id}/contact`.
    ///
    /// There is no undo: read the order before, if you may want to put the old contacts back. The
    /// request may be sent more than once, as [`Retry`](crate::Retry) says.
    ///
    /// # Errors
    /// [`Error`], whose [`outcome`](Error::outcome) says whether the order may have been changed.
    pub fn update_contacts(&self, order: OrderId, update: &ContactsUpdate) -> Result<(), Error> {
        let json = update.to_json();
        self.call(Request::UpdateContacts(order), |call, fresh| {
            let answer = call.transport.put(&call.url, &json, fresh);
            let answer = answer.map_err(Kind::Transport)?;
            if answer.status == 204 {
                return Ok(());
            }
            let values = update.contacts().flat_map(|(_, contact)| contact.fields());
            Err(call.refused(answer, &values.map(|(_, value)| value).collect::<Vec<_>>()))
        })
    }

    /// Reads one order: `GET /order/certificate/{order_id}`.
    ///
    /// # Errors
    /// [`Error`]; also where the response is for another order, or about none.
    pub fn order(&self, order: OrderId) -> Result<Order, Error> {
        self.call(Request::Order(order), |call, fresh| {
            let body = call.get(&[], fresh)?;
            let read = Order::from_json(&body).map_err(Kind::Unreadable)?;
            match read.id {
                Some(id) if id != order => Err(Kind::OtherOrder),
                None if read == Order::default() => Err(Kind::NoOrder),
                _ => Ok(read),
            }
        })
    }

    /// The report of all orders, which tells every technical contact in one request:
    /// `GET /report/order`.
    ///
    /// It is known from older documentation alone, and an account may not have it.
    ///
    /// # Errors
    /// [`Error`]; its [`has_no_report`](Error::has_no_report) tells an account that has none, where
    /// the orders have to be listed and read one by one.
    pub fn order_report(&self) -> Result<OrderReport, Error> {
        self.call(Request::OrderReport, |call, fresh| {
            let answer = call.transport.stream(&call.url, fresh);
            match answer.map_err(Kind::Transport)? {
                Err(answer) => Err(call.refused(answer, &[])),
                Ok(body) => {
                    let report = OrderReport::new(body);
                    let report = report.map_err(|error| {
                        let error = error.into();
                        Kind::Transport(Interrupted { error, kept: false })
                    })?;
                    report.ok_or(Kind::NoReport)
                }
            }
        })
    }

    /// Whom the key acts for, and what it permits: `GET /user/me`. Good to ask before a long run.
    ///
    /// # Errors
    /// [`Error`]; a key that was refused is [`is_auth`](Error::is_auth).
    pub fn whoami(&self) -> Result<User, Error> {
        self.call(Request::WhoAmI, |call, fresh| call.json(&[], fresh))
    }

    pub(crate) fn call<T>(
        &self,
        request: Request,
        mut exchange: impl FnMut(&Call<'_>, bool) -> Result<T, Kind>,
    ) -> Result<T, Error> {
        let settings = &self.shared.settings;
        let process = self.shared.process.current(settings);
        let call = Call {
            transport: &process.transport,
            key: &settings.connections.api_key,
            url: settings.base_url.join(&request.path()),
        };
        let cancelled = || (settings.cancelled)();
        let done = process.calls.run(
            request.changes(),
            &cancelled,
            |fresh| exchange(&call, fresh),
            |event| tell(request, event),
        );
        done.map_err(|failed| {
            let error = request.failed(failed);
            warn!("{error} [outcome {}]", error.outcome());
            error
        })
    }
}

fn tell(request: Request, event: Event<'_>) {
    match event {
        Event::Begins { attempt } => debug!("{request}: attempt {attempt}"),
        Event::Done { attempt, took } => {
            info!("{request}: succeeded on attempt {attempt} in {took:.1?}");
        }
        Event::Fails { attempt, why, took } => {
            debug!("{request}: attempt {attempt} failed after {took:.1?}: {why}");
        }
        Event::Waits { time, why } => info!("{request}: waiting {time:.1?}: {why}"),
    }
}

/// What one call needs of the client.
pub(crate) struct Call<'a> {
    transport: &'a Transport,
    key: &'a ApiKey,
    url: String,
}

impl Call<'_> {
    /// The body of a 200, without the key, should the server have repeated it.
    fn get(&self, query: &[(&str, &str)], fresh: bool) -> Result<Vec<u8>, Kind> {
        let answer = self.transport.get(&self.url, query, fresh);
        let answer = answer.map_err(Kind::Transport)?;
        if answer.status != 200 {
            return Err(self.refused(answer, &[]));
        }
        let body = answer.body.ok_or(Kind::TooLarge)?;
        Ok(self.key.removed_from(body))
    }

    pub(crate) fn json<T: serde::de::DeserializeOwned>(
        &self,
        query: &[(&str, &str)],
        fresh: bool,
    ) -> Result<T, Kind> {
        let body = self.get(query, fresh)?;
        let read = serde_json::from_slice(&body);
        read.map_err(|error| Kind::Unreadable(ReadError::from(error)))
    }

    /// The errors in an answer, without the key and without the values that were sent, should the
    /// server have repeated them.
    fn refused(&self, answer: Answer, values: &[&str]) -> Kind {
        let body = answer.body.unwrap_or_default();
        let body = self.key.removed_in_parts(&String::from_utf8_lossy(&body));
        let secrets: Vec<_> = values.iter().copied().chain([self.key.expose()]).collect();
        Kind::Answer {
            status: answer.status,
            errors: ApiErrors::from_body_without(body.as_bytes(), &secrets),
            retry_after: answer.retry_after,
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", self.base_url())
            .finish_non_exhaustive()
    }
}
