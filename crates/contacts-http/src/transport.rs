//! One request and its response over ureq, without interpreting the response.

mod answer;
mod coalesce;
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
use ureq::http::{HeaderMap, HeaderValue, Response};
use ureq::tls::TlsConfig;
use ureq::{Agent, Body, RequestBuilder};

use connector::TrackingConnector;
use error::ConnectionSettings;
pub(crate) use error::{Cause, Connection, TransportError};
pub use proxy::Proxy;
use resolver::CachingResolver;

use crate::client::{ForeignResponse, Settings};

const USER_AGENT: &str = concat!("digicert-contacts/", env!("CARGO_PKG_VERSION"));
const MAX_HEAD: usize = 64 * 1024;
/// A head has to fit, and a byte that makes it too large: a full buffer would look like the end of
/// the response.
const INPUT_BUFFER: usize = MAX_HEAD + 1;
/// An update is smaller than 2 KiB; ureq's default is 128 KiB.
const OUTPUT_BUFFER: usize = 16 * 1024;
const MAX_ERROR_BODY: usize = 64 * 1024;
/// In MiB.
const MAX_BODY: usize = 4;
/// A query result of 500,000 orders is about 40 MiB.
const MAX_QUERY_RESULT: usize = 64;
/// A report of 100,000 orders with their certificate requests is about 300 MB.
const MAX_REPORT: u64 = 2 * 1024 * 1024 * 1024;
const REPORT_TIMEOUT: Duration = Duration::from_secs(900);
const MAX_IDLE_CONNECTIONS: usize = 16;
/// Shorter than the keep-alive of most servers, so that no connection is reused while it closes.
const MAX_IDLE_AGE: Duration = Duration::from_secs(4);
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
    key_header: Option<HeaderValue>,
    settings: Arc<ConnectionSettings>,
}

pub(crate) fn config(
    (timeout, connect_timeout): (Duration, Duration),
    tls: TlsConfig,
    proxy: Option<ureq::Proxy>,
    user_agent_suffix: &str,
) -> Config {
    // If both limits expire at the same time, ureq returns that of the phase, so that it is certain
    // that nothing was sent.
    let connect_timeout = Some(connect_timeout.min(timeout));
    Agent::config_builder()
        .tls_config(tls)
        .proxy(proxy)
        .http_status_as_error(false)
        .max_redirects(0)
        .max_response_header_size(MAX_HEAD)
        .input_buffer_size(INPUT_BUFFER)
        .output_buffer_size(OUTPUT_BUFFER)
        .max_idle_age(MAX_IDLE_AGE)
        .max_idle_connections(MAX_IDLE_CONNECTIONS)
        .max_idle_connections_per_host(MAX_IDLE_CONNECTIONS)
        .user_agent(format!("{USER_AGENT} {}", user_agent_suffix.trim()).trim_end())
        .accept("application/json")
        .accept_encoding("identity")
        // Almost the timeout, and the same for each step: ureq makes a system call for each step with
        // another timeout. A read continues afterwards, and a write waits for nothing but memory.
        .timeout_per_write(Some(timeout.mul_f64(0.99)))
        .timeout_per_read(Some(timeout.mul_f64(0.99)))
        .timeout_resolve(connect_timeout)
        .timeout_connect(connect_timeout)
        .timeout_per_call(Some(timeout))
        .build()
}

fn agent(config: Config) -> Agent {
    let connector = TrackingConnector::default();
    Agent::with_parts(config, connector, CachingResolver::default())
}

impl Transport {
    pub(crate) fn new(config: Config, settings: &Settings) -> Self {
        Self {
            agent: agent(config),
            key_header: settings.api_key.header(),
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

    fn with_key<B>(&self, request: RequestBuilder<B>) -> RequestBuilder<B> {
        match &self.key_header {
            Some(key) => request.header("x-dc-devkey", key),
            None => request,
        }
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
        self.track(|| read(self.with_key(request).call()?, MAX_BODY))
    }

    pub(crate) fn put(
        &self,
        url: &str,
        json: &[u8],
        fresh: bool,
    ) -> Result<ApiResponse, TransportError> {
        let request = self.agent(fresh).put(url);
        let request = request.header("content-type", "application/json");
        self.track(|| read(self.with_key(request).send(json)?, MAX_BODY))
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
        let request = self.with_report_timeouts(self.with_key(request));
        self.track(|| read(request.send(json)?, MAX_QUERY_RESULT))
    }

    fn with_report_timeouts<B>(&self, request: RequestBuilder<B>) -> RequestBuilder<B> {
        let timeout = self.agent.config().timeouts().per_call;
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
        let request = self.with_report_timeouts(self.with_key(request));
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

#[cfg(test)]
mod tests {
    use super::{Duration, TlsConfig, config};

    #[test]
    fn no_limit_of_an_attempt_is_shorter_than_the_timeout_except_for_connecting() {
        let connect = Duration::from_secs(5);
        for seconds in [1, 45, 120, 24 * 3600] {
            let timeout = Duration::from_secs(seconds);
            let config = config((timeout, connect), TlsConfig::default(), None, "");
            let timeouts = config.timeouts();
            assert_eq!(timeouts.per_call, Some(timeout));
            assert_eq!(timeouts.resolve, Some(connect.min(timeout)));
            assert_eq!(timeouts.connect, Some(connect.min(timeout)));
            let others = [timeouts.global, timeouts.send_request, timeouts.send_body];
            assert_eq!(others, [None; 3]);
            assert_eq!((timeouts.recv_response, timeouts.recv_body), (None, None));
            for step in [config.timeout_per_read(), config.timeout_per_write()] {
                assert!(step.is_none_or(|step| step >= timeout.mul_f64(0.99)));
            }
        }
    }
}
