mod api_key;
mod base_url;
mod builder;
mod call;
mod foreign_response;
mod lenient;
mod order_list;
mod order_report;
mod organization_emails;
mod process;
mod request;
mod setting_error;
mod settings;
mod update;
mod user;

use std::fmt;
use std::io::Read;
use std::sync::Arc;

use contacts_core::{ApiErrors, Order, OrderId};
use log::warn;
use serde::Deserialize;
use serde_json::{Map, Value};
use ureq::config::Config;
use ureq::http::HeaderMap;

pub use api_key::ApiKey;
pub use base_url::BaseUrl;
pub use builder::Builder;
pub(crate) use foreign_response::ForeignResponse;
use foreign_response::redacted;
pub use order_list::{OrderFilter, OrderList};
pub use order_report::OrderReport;
use process::Process;
pub(crate) use request::Request;
pub use setting_error::SettingError;
pub(crate) use settings::Settings;
pub use update::Updated;
pub use user::{AccessRole, User};

use crate::error::Error;
use crate::retry::Failure;
use crate::transport::{ApiResponse, Transport, retry_after};

/// A client of DigiCert's Services API for the contacts of orders.
///
/// Its calls block. Clones share connections and the rate limit, and can be used from several
/// threads; DigiCert asks for one request at a time. A forked child opens its own connections. See
/// the [crate page](crate) for an example.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

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

    /// Reads one order: `GET /order/certificate/{order_id}`.
    ///
    /// The [`id`](Order::id) of the order is always set, also if the response omits it.
    ///
    /// # Errors
    /// Returns [`Error`], also if the response is for another order, or is not an order.
    pub fn order(&self, id: OrderId) -> Result<Order, Error> {
        self.call(Request::Order(id), |attempt| attempt.order(id))
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
            let response = attempt.transport.stream(&attempt.url(), attempt.fresh);
            let (headers, body) = match response.map_err(Failure::Transport)? {
                Err(response) => return Err(attempt.status_failure(&response, &[])),
                Ok(stream) => stream,
            };
            match OrderReport::new(body).map_err(Failure::broken_body)? {
                Ok(report) => Ok(report),
                Err(body) => Err(attempt.not_a_report(headers, body)),
            }
        })
    }

    /// The user that the key acts for, and its permissions: `GET /user/me`. A good check before a
    /// long run.
    ///
    /// # Errors
    /// Returns [`Error`]. [`is_auth`](Error::is_auth) is true for a rejected key.
    pub fn whoami(&self) -> Result<User, Error> {
        self.call(Request::WhoAmI, |attempt| {
            let json: Map<String, Value> = attempt.get_json(&[])?;
            let user = User::deserialize(Value::Object(json)).unwrap_or_default();
            if user == User::default() {
                return Err(Failure::NotA("a user"));
            }
            Ok(user)
        })
    }

    /// A call that only reads, whose outcome is never unknown.
    fn call<T>(
        &self,
        request: Request,
        send: impl FnMut(&Attempt<'_>) -> Result<T, Failure>,
    ) -> Result<T, Error> {
        self.call_and_resolve(request, send, |_, _| Ok(None))
    }

    /// While the outcome is unknown, `resolve` reads whether the request was applied, after the given
    /// number of attempts.
    fn call_and_resolve<T>(
        &self,
        request: Request,
        mut send: impl FnMut(&Attempt<'_>) -> Result<T, Failure>,
        mut resolve: impl FnMut(&Attempt<'_>, u32) -> Result<Option<T>, Failure>,
    ) -> Result<T, Error> {
        let shared = &*self.shared;
        let settings = &shared.settings;
        let process = shared.process.current(settings, &shared.config);
        let attempt = |fresh| Attempt {
            transport: &process.transport,
            settings,
            request,
            fresh,
        };
        let send = |fresh| send(&attempt(fresh));
        // A pooled connection could be stale, and there is no second read.
        let resolve = |attempts| resolve(&attempt(true), attempts);
        let cancelled = &*settings.cancelled;
        let result = process.calls.run(request, &cancelled, send, resolve);
        result.inspect_err(|error| warn!("{error} [outcome {}]", error.outcome()))
    }
}

/// One attempt of a call.
#[derive(Clone, Copy)]
struct Attempt<'a> {
    transport: &'a Transport,
    settings: &'a Settings,
    request: Request,
    /// Whether to use a new connection.
    fresh: bool,
}

impl Attempt<'_> {
    fn url(&self) -> String {
        self.settings.base_url.join(&self.request.path())
    }

    fn order(&self, id: OrderId) -> Result<Order, Failure> {
        let body = self.get(&[])?;
        let mut order = Order::from_json(&body).map_err(Failure::Unreadable)?;
        if order == Order::default() {
            return Err(Failure::NotA("an order"));
        }
        if *order.id.get_or_insert(id) != id {
            return Err(Failure::OtherOrder);
        }
        Ok(order)
    }

    fn get(&self, query: &[(&str, &str)]) -> Result<Vec<u8>, Failure> {
        let response = self.transport.get(&self.url(), query, self.fresh);
        self.body(response.map_err(Failure::Transport)?)
    }

    /// The body of a 200.
    fn body(&self, response: ApiResponse) -> Result<Vec<u8>, Failure> {
        if response.status != 200 || response.foreign(str::to_owned).is_some() {
            return Err(self.status_failure(&response, &[]));
        }
        if let Some(limit) = response.exceeded_limit {
            return Err(Failure::TooLarge { limit });
        }
        let mut body = response.body;
        if body.starts_with(BYTE_ORDER_MARK) {
            body.drain(..BYTE_ORDER_MARK.len());
        }
        Ok(self.settings.api_key.redact_body(body))
    }

    fn get_json<T: serde::de::DeserializeOwned>(
        &self,
        query: &[(&str, &str)],
    ) -> Result<T, Failure> {
        serde_json::from_slice(&self.get(query)?).map_err(|error| Failure::Unreadable(error.into()))
    }

    /// The errors of a response, without the key and the `values` that were sent, in case the
    /// server repeats them.
    fn status_failure(&self, response: &ApiResponse, values: &[&str]) -> Failure {
        let key = &self.settings.api_key;
        let secrets: Vec<_> = values.iter().copied().chain([key.expose()]).collect();
        let redact = |text: &str| redacted(&key.redact_error(text), &secrets);
        let errors = self.api_errors(response.start(), &secrets);
        let foreign = errors.is_empty().then(|| response.foreign(redact));
        Failure::Status {
            code: response.status,
            errors,
            foreign: foreign.flatten(),
            retry_after: retry_after(&response.headers),
        }
    }

    fn api_errors(&self, body: &[u8], secrets: &[&str]) -> ApiErrors {
        let body = String::from_utf8_lossy(body);
        let body = self.settings.api_key.redact_error(&body);
        ApiErrors::from_body_redacted(body.as_bytes(), secrets)
    }

    /// The failure of a 200 that is no order report. A web page does not say that the account has none.
    fn not_a_report(&self, headers: HeaderMap, body: impl Read) -> Failure {
        let response = ApiResponse::unexpected(headers, body);
        match response.foreign(str::to_owned) {
            Some(foreign) if foreign.is_page() => self.status_failure(&response, &[]),
            _ => Failure::NotAReport,
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
