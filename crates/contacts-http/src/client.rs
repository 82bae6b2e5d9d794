mod api_key;
mod base_url;
mod builder;
mod call;
mod order_list;
mod order_report;
mod process;
mod request;
mod setting_error;
mod settings;
mod user;

use std::fmt;
use std::sync::Arc;

use contacts_core::{ApiErrors, ContactsUpdate, Order, OrderId};
use log::warn;
use ureq::config::Config;

pub use api_key::ApiKey;
pub use base_url::BaseUrl;
pub use builder::Builder;
pub use order_list::{OrderFilter, OrderList};
pub use order_report::OrderReport;
use process::Process;
pub(crate) use request::Request;
pub use setting_error::SettingError;
use settings::Settings;
pub use user::{AccessRole, User, UserAccount};

use crate::error::Error;
use crate::retry::Failure;
use crate::transport::{ApiResponse, Transport};

/// A client of DigiCert's Services API for the contacts of orders.
///
/// Its calls block. Clones share connections and the rate limit, and can be used from several
/// threads; DigiCert asks for one request at a time. A forked child opens its own connections. See
/// the [crate page](crate) for an example.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

struct Shared {
    settings: Settings,
    config: Config,
    process: Process,
}

impl Client {
    fn new(settings: Settings, config: Config) -> Self {
        Self {
            shared: Arc::new(Shared {
                process: Process::new(&settings, &config),
                settings,
                config,
            }),
        }
    }

    /// The address that this client sends its requests to.
    #[must_use]
    pub fn base_url(&self) -> &BaseUrl {
        &self.shared.settings.base_url
    }

    /// The API key of this client.
    #[must_use]
    pub fn api_key(&self) -> &ApiKey {
        &self.shared.settings.api_key
    }

    /// Changes the contacts of one order: `PUT /order/certificate/{order_id}/contact`.
    ///
    /// The API has no undo: read the order first to be able to restore its contacts. The request
    /// can be sent more than once, see [`Retry`](crate::Retry).
    ///
    /// # Errors
    /// Returns [`Error`]. Its [`outcome`](Error::outcome) says whether the order may have been
    /// changed.
    pub fn update_contacts(&self, order: OrderId, update: &ContactsUpdate) -> Result<(), Error> {
        let json = update.to_json();
        self.call(Request::UpdateContacts(order), |attempt| {
            let response = attempt.transport.put(attempt.url, &json, attempt.fresh);
            let response = response.map_err(Failure::Transport)?;
            if response.status == 204 {
                return Ok(());
            }
            let fields = update.contacts().flat_map(|(_, contact)| contact.fields());
            let values: Vec<_> = fields.map(|(_, value)| value).collect();
            Err(attempt.status_failure(response, &values))
        })
    }

    /// Reads one order: `GET /order/certificate/{order_id}`.
    ///
    /// The [`id`](Order::id) of the order is always set, also if the response omits it.
    ///
    /// # Errors
    /// Returns [`Error`], also if the response is for another order, or is not an order.
    pub fn order(&self, id: OrderId) -> Result<Order, Error> {
        self.call(Request::Order(id), |attempt| {
            let body = attempt.get(&[])?;
            let mut order = Order::from_json(&body).map_err(Failure::Unreadable)?;
            if order == Order::default() {
                return Err(Failure::NotAnOrder);
            }
            if *order.id.get_or_insert(id) != id {
                return Err(Failure::OtherOrder);
            }
            Ok(order)
        })
    }

    /// The report of all orders, which includes every technical contact in one request:
    /// `GET /report/order`.
    ///
    /// Only older documentation describes it, and an account may not have it.
    ///
    /// # Errors
    /// Returns [`Error`]. [`has_no_report`](Error::has_no_report) is true for an account without
    /// the report; list the orders and read each instead.
    pub fn order_report(&self) -> Result<OrderReport, Error> {
        self.call(Request::OrderReport, |attempt| {
            let response = attempt.transport.stream(attempt.url, attempt.fresh);
            match response.map_err(Failure::Transport)? {
                Err(response) => Err(attempt.status_failure(response, &[])),
                Ok(body) => OrderReport::new(body),
            }
        })
    }

    /// The user that the key acts for, and its permissions: `GET /user/me`. A good check before a
    /// long run.
    ///
    /// # Errors
    /// Returns [`Error`]. [`is_auth`](Error::is_auth) is true for a rejected key.
    pub fn whoami(&self) -> Result<User, Error> {
        self.call(Request::WhoAmI, |attempt| attempt.get_json(&[]))
    }

    fn call<T>(
        &self,
        request: Request,
        mut send: impl FnMut(&Attempt<'_>) -> Result<T, Failure>,
    ) -> Result<T, Error> {
        let shared = &*self.shared;
        let settings = &shared.settings;
        let process = shared.process.current(settings, &shared.config);
        let url = settings.base_url.join(&request.path());
        let send = |fresh| {
            send(&Attempt {
                transport: &process.transport,
                key: &settings.api_key,
                url: &url,
                fresh,
            })
        };
        let cancelled = &*settings.cancelled;
        let result = process.calls.run(request, &cancelled, send);
        result.inspect_err(|error| warn!("{error} [outcome {}]", error.outcome()))
    }
}

/// One attempt of a call.
struct Attempt<'a> {
    transport: &'a Transport,
    key: &'a ApiKey,
    url: &'a str,
    /// Whether to use a new connection.
    fresh: bool,
}

impl Attempt<'_> {
    /// The body of a 200.
    fn get(&self, query: &[(&str, &str)]) -> Result<Vec<u8>, Failure> {
        let response = self.transport.get(self.url, query, self.fresh);
        let response = response.map_err(Failure::Transport)?;
        if response.status != 200 {
            return Err(self.status_failure(response, &[]));
        }
        let body = response.body.ok_or(Failure::TooLarge)?;
        Ok(self.key.redact_body(body))
    }

    fn get_json<T: serde::de::DeserializeOwned>(
        &self,
        query: &[(&str, &str)],
    ) -> Result<T, Failure> {
        serde_json::from_slice(&self.get(query)?).map_err(|error| Failure::Unreadable(error.into()))
    }

    /// The errors of a response, without the key and the `values` that were sent, in case the
    /// server repeats them.
    fn status_failure(&self, response: ApiResponse, values: &[&str]) -> Failure {
        let body = response.body.unwrap_or_default();
        let body = self.key.redact_error(&String::from_utf8_lossy(&body));
        let secrets: Vec<_> = values.iter().copied().chain([self.key.expose()]).collect();
        Failure::Status {
            code: response.status,
            errors: ApiErrors::from_body_redacted(body.as_bytes(), &secrets),
            retry_after: response.retry_after,
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
