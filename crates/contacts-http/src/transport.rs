//! One request and its response over ureq, without interpreting the response.

mod coalesce;
mod connector;
mod error;
mod proxy;
mod resolver;
pub(crate) mod tls;

use std::io::Read;
use std::time::{Duration, SystemTime};

use ureq::config::Config;
use ureq::http::uri::Authority;
use ureq::http::{HeaderMap, HeaderValue, Response};
use ureq::tls::TlsConfig;
use ureq::{Agent, Body, RequestBuilder};

use connector::{TrackingConnector, track};
pub(crate) use error::{Cause, Connection, TransportError};
pub use proxy::Proxy;
use resolver::CachingResolver;

use crate::client::ApiKey;

const USER_AGENT: &str = concat!("digicert-contacts/", env!("CARGO_PKG_VERSION"));
const MAX_HEAD: usize = 64 * 1024;
/// A head has to fit; ureq's default is twice as large.
const INPUT_BUFFER: usize = MAX_HEAD;
/// An update is smaller than 2 KiB; ureq's default is 128 KiB.
const OUTPUT_BUFFER: usize = 16 * 1024;
const MAX_ERROR_BODY: u64 = 64 * 1024;
const MAX_BODY: u64 = 4 * 1024 * 1024;
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
    /// `None` if it was over the size limit.
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) retry_after: Option<Duration>,
}

pub(crate) struct Transport {
    agent: Agent,
    key_header: Option<HeaderValue>,
}

pub(crate) fn config(
    timeout: Duration,
    tls: TlsConfig,
    proxy: Option<ureq::Proxy>,
    user_agent_suffix: &str,
) -> Config {
    let seconds = Duration::from_secs;
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
        // Shorter than the timeout of the call, so that it is certain that nothing was sent.
        .timeout_resolve(Some(seconds(5).min(timeout / 4)))
        .timeout_connect(Some(seconds(5).min(timeout / 2)))
        // Per write and read instead of per phase: ureq sets the rest of a phase's timeout on the
        // socket for every step, which costs a system call.
        .timeout_per_write(Some(seconds(10)))
        .timeout_per_read(Some(seconds(30)))
        .timeout_per_call(Some(timeout))
        .build()
}

fn agent(config: Config) -> Agent {
    let connector = TrackingConnector::default();
    Agent::with_parts(config, connector, CachingResolver::default())
}

impl Transport {
    pub(crate) fn new(config: Config, key: &ApiKey) -> Self {
        Self {
            agent: agent(config),
            key_header: key.header(),
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

    pub(crate) fn get(
        &self,
        url: &str,
        query: &[(&str, &str)],
        fresh: bool,
    ) -> Result<ApiResponse, TransportError> {
        let request = self.agent(fresh).get(url);
        let request = request.query_pairs(query.iter().copied());
        track(|| read(self.with_key(request).call()?))
    }

    pub(crate) fn put(
        &self,
        url: &str,
        json: &[u8],
        fresh: bool,
    ) -> Result<ApiResponse, TransportError> {
        let request = self.agent(fresh).put(url);
        let request = request.header("content-type", "application/json");
        track(|| read(self.with_key(request).send(json)?))
    }

    /// The body of a CSV report, to be read as a stream, or a response other than 200.
    pub(crate) fn stream(
        &self,
        url: &str,
        fresh: bool,
    ) -> Result<Result<Box<dyn Read + Send>, ApiResponse>, TransportError> {
        let request = self.agent(fresh).get(url).header("accept", "text/csv");
        let request = self.with_key(request).config();
        let timeout = self.agent.config().timeouts().per_call;
        let request = request
            .timeout_per_call(None)
            .timeout_send_request(timeout)
            .timeout_recv_response(timeout)
            .timeout_recv_body(Some(REPORT_TIMEOUT))
            .build();
        track(|| {
            let response = request.call()?;
            if response.status() != 200 {
                return read(response).map(Err);
            }
            let body = response.into_body().into_with_config().limit(MAX_REPORT);
            Ok(Ok(Box::new(body.reader()) as Box<dyn Read + Send>))
        })
    }
}

/// An error response whose body is incomplete still has its status.
fn read(response: Response<Body>) -> Result<ApiResponse, ureq::Error> {
    let status = response.status().as_u16();
    let retry_after = retry_after(response.headers());
    let limit = if status == 200 {
        MAX_BODY
    } else {
        MAX_ERROR_BODY
    };
    let body = response.into_body().into_with_config().limit(limit);
    let body = match body.read_to_vec() {
        Ok(body) => Some(body),
        Err(ureq::Error::BodyExceedsLimit(_)) => None,
        Err(error) if status == 200 => return Err(error),
        Err(_) => None,
    };
    Ok(ApiResponse {
        status,
        body,
        retry_after,
    })
}

/// `Retry-After` in seconds or as a date; an invalid value counts as absent.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
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
