//! One request and its answer over ureq, without any opinion about the answer.

use std::io::Read;
use std::time::{Duration, SystemTime};

use ureq::config::Config;
use ureq::http::{HeaderMap, HeaderValue, Response};
use ureq::tls::TlsConfig;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::{Agent, Body, RequestBuilder};

use crate::api_key::ApiKey;
use crate::connector::{Interrupted, Watched, watch};
use crate::resolver::Remembering;

const USER_AGENT: &str = concat!("digicert-contacts/", env!("CARGO_PKG_VERSION"));
const MAX_HEAD: usize = 64 * 1024;
/// A head has to fit; ureq's own size is twice as much.
const INPUT: usize = MAX_HEAD;
/// An update is less than 2 KiB; ureq's own size is 128 KiB.
const OUTPUT: usize = 16 * 1024;
const MAX_ERROR_BODY: u64 = 64 * 1024;
const MAX_BODY: u64 = 4 * 1024 * 1024;
/// A report of 100,000 orders with their certificate requests is about 300 MB.
const MAX_REPORT: u64 = 2 * 1024 * 1024 * 1024;
/// For the whole of a report.
const REPORT_TIME: Duration = Duration::from_secs(900);
/// Shorter than servers usually keep an idle connection, so that none is used while it closes.
const MAX_IDLE: Duration = Duration::from_secs(4);

/// Status and body of an answer; no body if it was over the limit.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) retry_after: Option<Duration>,
}

/// What a transport is made from.
#[derive(Clone)]
pub(crate) struct Connections {
    pub(crate) api_key: ApiKey,
    pub(crate) timeout: Duration,
    pub(crate) tls: TlsConfig,
    pub(crate) proxy: Option<ureq::Proxy>,
    pub(crate) user_agent_suffix: String,
}

pub(crate) struct Transport {
    agent: Agent,
    /// Connects anew for each request.
    fresh: Agent,
    key_header: Option<HeaderValue>,
    timeout: Duration,
}

impl Connections {
    fn config(&self, idle: usize) -> Config {
        let seconds = |n| Some(Duration::from_secs(n));
        Agent::config_builder()
            .tls_config(self.tls.clone())
            .proxy(self.proxy.clone())
            .http_status_as_error(false)
            .max_redirects(0)
            .max_response_header_size(MAX_HEAD)
            .input_buffer_size(INPUT)
            .output_buffer_size(OUTPUT)
            .max_idle_age(MAX_IDLE)
            .max_idle_connections(idle)
            .max_idle_connections_per_host(idle)
            .user_agent(format!("{USER_AGENT}{}", self.user_agent_suffix))
            .accept("application/json")
            .accept_encoding("identity")
            // Always before the limit of the whole, so that it is clear that nothing was sent.
            .timeout_resolve(seconds(5).min(Some(self.timeout / 4)))
            .timeout_connect(seconds(5).min(Some(self.timeout / 2)))
            // For each write and read, and not for a phase: what is left of a phase is another time
            // at each step, and every change of it costs a system call.
            .timeout_per_write(seconds(10))
            .timeout_per_read(seconds(30))
            .timeout_per_call(Some(self.timeout))
            .build()
    }
}

impl Transport {
    pub(crate) fn new(connections: &Connections) -> Self {
        Self {
            agent: Agent::with_parts(
                connections.config(16),
                Watched::default(),
                Remembering::default(),
            ),
            fresh: Agent::with_parts(
                connections.config(0),
                Watched::default(),
                DefaultResolver::default(),
            ),
            key_header: connections.api_key.header(),
            timeout: connections.timeout,
        }
    }

    const fn agent(&self, fresh: bool) -> &Agent {
        if fresh { &self.fresh } else { &self.agent }
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
    ) -> Result<Answer, Interrupted> {
        let request = self
            .agent(fresh)
            .get(url)
            .query_pairs(query.iter().copied());
        watch(|| received(self.with_key(request).call()?))
    }

    pub(crate) fn put(&self, url: &str, json: &[u8], fresh: bool) -> Result<Answer, Interrupted> {
        let request = self.agent(fresh).put(url);
        let request = request.header("content-type", "application/json");
        watch(|| received(self.with_key(request).send(json)?))
    }

    /// A CSV answer that is read bit by bit, or an answer of another kind.
    pub(crate) fn stream(
        &self,
        url: &str,
        fresh: bool,
    ) -> Result<Result<Box<dyn Read + Send>, Answer>, Interrupted> {
        let request = self.agent(fresh).get(url).header("accept", "text/csv");
        let request = self.with_key(request).config();
        // The whole may take longer than a call does, its parts may not.
        let request = request
            .timeout_per_call(None)
            .timeout_send_request(Some(self.timeout))
            .timeout_recv_response(Some(self.timeout))
            .timeout_recv_body(Some(REPORT_TIME))
            .build();
        watch(|| {
            let response = request.call()?;
            if response.status() != 200 {
                return received(response).map(Err);
            }
            let body = response.into_body().into_with_config().limit(MAX_REPORT);
            Ok(Ok(Box::new(body.reader()) as Box<dyn Read + Send>))
        })
    }
}

/// A body that breaks off costs the body of an error, not its status.
fn received(response: Response<Body>) -> Result<Answer, ureq::Error> {
    let status = response.status().as_u16();
    if status == 204 {
        return Ok(Answer {
            status,
            body: None,
            retry_after: None,
        });
    }
    let retry_after = retry_after(response.headers());
    let limit = if status == 200 {
        MAX_BODY
    } else {
        MAX_ERROR_BODY
    };
    let body = response.into_body().into_with_config().limit(limit);
    let body = match body.read_to_vec() {
        Ok(body) => Some(body),
        Err(error) if status == 200 && !is_over_limit(&error) => return Err(error),
        Err(_) => None,
    };
    Ok(Answer {
        status,
        body,
        retry_after,
    })
}

fn is_over_limit(error: &ureq::Error) -> bool {
    matches!(error, ureq::Error::BodyExceedsLimit(_))
}

/// A longer `Retry-After` is cut to this, a year, so that every caller's clock can take it.
const LONGEST_WAIT: Duration = Duration::from_secs(365 * 24 * 3600);

/// `Retry-After` in seconds or as a date; what is neither counts as absent.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get("retry-after")?.to_str().ok()?.trim();
    let wait = if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        value.parse().map_or(LONGEST_WAIT, Duration::from_secs)
    } else {
        let date = httpdate::parse_http_date(value).ok()?;
        date.duration_since(SystemTime::now()).unwrap_or_default()
    };
    Some(wait.min(LONGEST_WAIT))
}
