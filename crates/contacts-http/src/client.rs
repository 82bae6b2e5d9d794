mod api_key;
mod base_url;
mod builder;
mod call;
mod call_options;
mod default_headers;
mod event;
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
use call::Calls;
pub use call_options::CallOptions;
pub use event::{CallEvent, CallEventKind, WaitReason};
pub(crate) use foreign_response::ForeignResponse;
use foreign_response::{body_text, is_csv, redacted};
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
    options: CallOptions,
}

/// The largest report; by default, DigiCert's ends after 50,000 orders.
const MAX_REPORT_ROWS: usize = 100_000;

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
            options: CallOptions::default(),
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
    /// Only older documentation describes it, and an account may not have it. It ends after at most
    /// 100,000 orders.
    ///
    /// # Errors
    /// Returns [`Error`]. [`has_no_report`](Error::has_no_report) is true for an account without
    /// the report; list the orders and read each instead.
    pub fn order_report(&self) -> Result<OrderReport, Error> {
        self.call(Request::OrderReport, |attempt| {
            let url = format!("{}?limit={MAX_REPORT_ROWS}", attempt.url());
            let response = attempt.transport.stream(&url, attempt.fresh);
            let (headers, body) = match response.map_err(Failure::Transport)? {
                Err(response) => return Err(attempt.status_failure(&response)),
                Ok(stream) => stream,
            };
            let broken = |error| Failure::Transport(attempt.transport.broken_body(error));
            match OrderReport::new(body).map_err(broken)? {
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
            attempt.get_object(&[], "a user", |json| {
                let user = User::deserialize(Value::Object(json)).ok()?;
                (user != User::default()).then_some(user)
            })
        })
    }

    /// A call that only reads, whose outcome is never unknown.
    fn call<T>(
        &self,
        request: Request,
        send: impl FnMut(&Attempt<'_>) -> Result<T, Failure>,
    ) -> Result<T, Error> {
        self.call_and_resolve(request, send, &|| false, |_, _| Ok(None))
    }

    /// While the outcome is unknown, `resolve` reads whether the request was applied, after the given
    /// number of attempts. It also reads before an attempt if `must_read`.
    fn call_and_resolve<T>(
        &self,
        request: Request,
        mut send: impl FnMut(&Attempt<'_>) -> Result<T, Failure>,
        must_read: &dyn Fn() -> bool,
        mut resolve: impl FnMut(&Attempt<'_>, u32) -> Result<Option<T>, Failure>,
    ) -> Result<T, Error> {
        let shared = &*self.shared;
        let settings = &shared.settings;
        let process = shared.process.current(settings, &shared.config);
        let options = &self.options;
        let transport = options
            .timeout
            .map(|time| process.transport.with_timeout(time));
        let attempt = |fresh| Attempt {
            transport: transport.as_ref().unwrap_or(&process.transport),
            settings,
            request,
            sent: &[],
            fresh,
        };
        let send = |fresh| send(&attempt(fresh));
        // A pooled connection could be stale, and there is no second read.
        let resolve = |attempts| resolve(&attempt(true), attempts);
        let cancelled =
            || (settings.cancelled)() || options.cancelled.as_ref().is_some_and(|it| it());
        let calls = Calls {
            limiter: &process.limiter,
            retry: options.retry.unwrap_or(settings.retry),
            on_rate_limit: options.on_rate_limit.unwrap_or(settings.on_rate_limit),
            observer: settings.observer(),
            random: fastrand::f64,
        };
        let result = calls.run(request, &cancelled, must_read, send, resolve);
        result.inspect_err(|error| warn!("{error} [outcome {}]", error.outcome()))
    }
}

/// One attempt of a call.
#[derive(Clone, Copy)]
struct Attempt<'a> {
    transport: &'a Transport,
    settings: &'a Settings,
    request: Request,
    /// The values that the call sends, in case the server repeats them.
    sent: &'a [&'a str],
    /// Whether to use a new connection.
    fresh: bool,
}

impl Attempt<'_> {
    fn url(&self) -> String {
        self.settings.base_url.join(&self.request.path())
    }

    fn order(&self, id: OrderId) -> Result<Order, Failure> {
        let mut order = self.get_object(&[], "an order", |json| {
            let order = Order::deserialize(Value::Object(json)).ok()?;
            (order != Order::default()).then_some(order)
        })?;
        if *order.id.get_or_insert(id) != id {
            return Err(Failure::OtherOrder);
        }
        Ok(order)
    }

    /// A 200, whose body is an object that `parse` recognizes as `what`.
    fn get_object<T>(
        &self,
        query: &[(&str, &str)],
        what: &'static str,
        parse: impl FnOnce(Map<String, Value>) -> Option<T>,
    ) -> Result<T, Failure> {
        let response = self.transport.get(&self.url(), query, self.fresh);
        let response = self.success(response.map_err(Failure::Transport)?)?;
        match serde_json::from_slice(&response.body) {
            Ok(Value::Object(json)) => parse(json).ok_or_else(|| self.not_a(what, &response)),
            Err(error) if !response.body.trim_ascii().is_empty() => {
                Err(Failure::Unreadable(error.into()))
            }
            _ => Err(self.not_a(what, &response)),
        }
    }

    /// A 200 that can be of the API, without the key and a byte order mark.
    fn success(&self, mut response: ApiResponse) -> Result<ApiResponse, Failure> {
        if response.status != 200 || response.foreign(str::to_owned).is_some() {
            return Err(self.status_failure(&response));
        }
        if let Some(limit) = response.exceeded_limit {
            return Err(Failure::TooLarge { limit });
        }
        if response.body.starts_with(BYTE_ORDER_MARK) {
            response.body.drain(..BYTE_ORDER_MARK.len());
        }
        response.body = self.settings.api_key.redact_body(response.body);
        Ok(response)
    }

    /// The errors of a response, without the key and the values that were sent.
    fn status_failure(&self, response: &ApiResponse) -> Failure {
        let key = &self.settings.api_key;
        let secrets = self.sent.iter().copied().chain(self.settings.secrets());
        let secrets: Vec<_> = secrets.collect();
        let redact = |text: &str| redacted(&key.redact_error(text), &secrets);
        let errors = self.api_errors(&body_text(response.start()), &secrets);
        let foreign = (!errors.has_documented_code()).then(|| response.foreign(redact));
        let foreign = foreign.flatten();
        Failure::Status {
            code: response.status,
            foreign: foreign.map(|foreign| foreign.with_errors(&errors)),
            errors,
            retry_after: retry_after(&response.headers),
        }
    }

    fn api_errors(&self, body: &str, secrets: &[&str]) -> ApiErrors {
        let body = self.settings.api_key.redact_error(body);
        ApiErrors::from_body_redacted(body.as_bytes(), secrets)
    }

    /// The failure of a 200 that is not `what`: the errors that it has in its place, if any.
    fn not_a(&self, what: &'static str, response: &ApiResponse) -> Failure {
        match self.status_failure(response) {
            Failure::Status {
                foreign: None,
                errors,
                ..
            } if errors.is_empty() => Failure::NotA(what),
            failure => failure,
        }
    }

    /// The failure of a 200 that is no order report. Only other CSV says that the account has none.
    fn not_a_report(&self, headers: HeaderMap, body: impl Read) -> Failure {
        let response = ApiResponse::unexpected(headers, body);
        if is_csv(&response.headers, response.start()) {
            return Failure::NotAReport;
        }
        self.not_a("an order report", &response)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", self.base_url())
            .finish_non_exhaustive()
    }
}
