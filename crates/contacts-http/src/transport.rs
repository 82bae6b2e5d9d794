//! One request and its response over ureq, without interpreting the response.

mod answer;
mod coalesce;
mod config;
mod connector;
mod error;
mod proxy;
mod resolver;
pub(crate) mod tls;

use std::io::{self, Read};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use ureq::config::Config;
use ureq::http::uri::Authority;
use ureq::http::{HeaderMap, HeaderName, Response};
use ureq::{Agent, Body, RequestBuilder};

pub(crate) use config::config;
use config::with_timeouts;
use connector::TrackingConnector;
use error::ConnectionSettings;
pub(crate) use error::{Cause, Connection, TransportError};
pub use proxy::Proxy;
use resolver::CachingResolver;
#[cfg(feature = "redis")]
pub(crate) use tls::CertificateProblem;

use crate::client::{ForeignResponse, Settings};

const KEY_HEADER: HeaderName = HeaderName::from_static("x-dc-devkey");
const MAX_ERROR_BODY: usize = 64 * 1024;
/// In MiB.
const MAX_BODY: usize = 4;
/// A query result of 500,000 orders is about 40 MiB.
const MAX_QUERY_RESULT: usize = 64;
/// A report of 100,000 orders with their certificate requests is about 300 MB.
const MAX_REPORT: u64 = 2 * 1024 * 1024 * 1024;
const REPORT_TIMEOUT: Duration = Duration::from_secs(900);
/// The longest `Retry-After`, a year, so that any clock can represent it.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(365 * 24 * 3600);

pub(crate) struct ApiResponse {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    /// Up to the size limit.
    pub(crate) body: Vec<u8>,
    /// The limit in MiB, if the body is larger.
    pub(crate) exceeded_limit: Option<usize>,
}

impl ApiResponse {
    /// A 200 with a body that is not the expected one.
    pub(crate) fn unexpected(headers: HeaderMap, body: impl Read) -> Self {
        Self {
            status: 200,
            headers,
            body: start(body, MAX_ERROR_BODY).0,
            exceeded_limit: None,
        }
    }

    /// As much of the body as describes an error.
    pub(crate) fn start(&self) -> &[u8] {
        &self.body[..self.body.len().min(MAX_ERROR_BODY)]
    }

    /// What the response is if it is not of the API.
    pub(crate) fn foreign(&self, redact: impl Fn(&str) -> String) -> Option<ForeignResponse> {
        ForeignResponse::detect(self.status, &self.headers, self.start(), redact)
    }
}

/// The head and the body of a report.
type Stream = (HeaderMap, Box<dyn Read + Send>);

pub(crate) struct Transport {
    agent: Agent,
    /// With the key.
    headers: Arc<HeaderMap>,
    settings: Arc<ConnectionSettings>,
}

fn agent(config: Config) -> Agent {
    let connector = TrackingConnector::default();
    Agent::with_parts(config, connector, CachingResolver::default())
}

impl Transport {
    pub(crate) fn new(config: Config, settings: &Settings) -> Self {
        let mut headers = settings.default_headers.clone();
        headers.extend(settings.api_key.header().map(|key| (KEY_HEADER, key)));
        Self {
            agent: agent(config),
            headers: Arc::new(headers),
            settings: Arc::new(ConnectionSettings {
                proxy: settings.proxy_name.clone(),
                trusted: settings.trusted,
                timeout: settings.timeout,
                connect_timeout: settings.connect_timeout,
            }),
        }
    }

    /// With `fresh`, an agent without a pool, for a request on a new connection.
    fn agent(&self, fresh: bool) -> Agent {
        if fresh {
            agent(self.agent.config().clone())
        } else {
            self.agent.clone()
        }
    }

    /// The same connections with another timeout.
    pub(crate) fn with_timeout(&self, timeout: Duration) -> Self {
        let mut settings = ConnectionSettings::clone(&self.settings);
        settings.timeout = timeout;
        Self {
            agent: self.agent.clone(),
            headers: Arc::clone(&self.headers),
            settings: Arc::new(settings),
        }
    }

    /// A request with the headers, and with the timeout of this transport.
    fn prepared<B>(&self, mut request: RequestBuilder<B>) -> RequestBuilder<B> {
        let timeouts = (self.settings.timeout, self.settings.connect_timeout);
        if self.agent.config().timeouts().per_call != Some(timeouts.0) {
            request = with_timeouts!(request.config(), timeouts).build();
        }
        for (name, value) in &*self.headers {
            request = request.header(name, value);
        }
        request
    }

    /// Sends a request, and adds the settings to its error.
    fn track<T>(&self, send: impl FnOnce() -> Result<T, ureq::Error>) -> Result<T, TransportError> {
        connector::track(send).map_err(|error| self.with_settings(error))
    }

    fn with_settings(&self, mut error: TransportError) -> TransportError {
        error.settings = Some(Arc::clone(&self.settings));
        error
    }

    /// The error of a body that could not be read.
    pub(crate) fn broken_body(&self, error: io::Error) -> TransportError {
        self.with_settings(TransportError::new(
            error.into(),
            Connection::New,
            None,
            None,
        ))
    }

    pub(crate) fn get(
        &self,
        url: &str,
        query: &[(&str, &str)],
        fresh: bool,
    ) -> Result<ApiResponse, TransportError> {
        let request = self.agent(fresh).get(url);
        let request = request.query_pairs(query.iter().copied());
        self.track(|| read(self.prepared(request).call()?, MAX_BODY))
    }

    pub(crate) fn put(
        &self,
        url: &str,
        json: &[u8],
        fresh: bool,
    ) -> Result<ApiResponse, TransportError> {
        let request = self.agent(fresh).put(url);
        let request = request.header("content-type", "application/json");
        self.track(|| read(self.prepared(request).send(json)?, MAX_BODY))
    }

    /// A query that only reads.
    pub(crate) fn query(
        &self,
        url: &str,
        json: &[u8],
        fresh: bool,
    ) -> Result<ApiResponse, TransportError> {
        let request = self.agent(fresh).post(url);
        let request = request.header("content-type", "application/json");
        let request = self.with_report_timeouts(self.prepared(request));
        self.track(|| read(request.send(json)?, MAX_QUERY_RESULT))
    }

    fn with_report_timeouts<B>(&self, request: RequestBuilder<B>) -> RequestBuilder<B> {
        let timeout = Some(self.settings.timeout);
        let request = request.config();
        request
            .timeout_per_call(None)
            .timeout_send_request(timeout)
            .timeout_recv_response(timeout)
            .timeout_per_read(timeout)
            .timeout_recv_body(timeout.max(Some(REPORT_TIMEOUT)))
            .build()
    }

    /// A CSV report, whose body is read as a stream, or a response other than 200.
    pub(crate) fn stream(
        &self,
        url: &str,
        fresh: bool,
    ) -> Result<Result<Stream, ApiResponse>, TransportError> {
        let request = self.agent(fresh).get(url).header("accept", "text/csv");
        let request = self.with_report_timeouts(self.prepared(request));
        self.track(|| {
            let response = request.call()?;
            if response.status() != 200 {
                return read(response, MAX_BODY).map(Err);
            }
            let (head, body) = response.into_parts();
            let body = body.into_with_config().limit(MAX_REPORT).reader();
            Ok(Ok((head.headers, Box::new(body) as Box<dyn Read + Send>)))
        })
    }
}

/// An error response whose body is incomplete still has its status. `limit` is for a 200, in MiB.
fn read(response: Response<Body>, limit: usize) -> Result<ApiResponse, ureq::Error> {
    let (head, body) = response.into_parts();
    let is_ok = head.status == 200;
    let max = if is_ok { limit << 20 } else { MAX_ERROR_BODY };
    let (body, read) = start(body.into_reader(), max + 1);
    let exceeded_limit = (is_ok && body.len() > max).then_some(limit);
    if is_ok {
        read?;
    }
    Ok(ApiResponse {
        status: head.status.as_u16(),
        headers: head.headers,
        body,
        exceeded_limit,
    })
}

/// The start of a body, as far as it can be read.
fn start(body: impl Read, limit: usize) -> (Vec<u8>, io::Result<usize>) {
    let mut start = Vec::new();
    let read = body.take(limit as u64).read_to_end(&mut start);
    (start, read)
}

/// `Retry-After` in seconds or as a date; an invalid value counts as absent.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get("retry-after")?.to_str().ok()?.trim();
    let wait = if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        value.parse().map_or(MAX_RETRY_AFTER, Duration::from_secs)
    } else {
        let date = httpdate::parse_http_date(value).ok()?;
        date.duration_since(SystemTime::now()).unwrap_or_default()
    };
    Some(wait.min(MAX_RETRY_AFTER))
}

/// `http::Uri` ignores a port that is not a number, which would select the default port.
pub(crate) fn has_valid_port(authority: &Authority) -> bool {
    match authority.port_u16() {
        Some(port) => port != 0,
        None => authority.as_str().ends_with(authority.host()),
    }
}
