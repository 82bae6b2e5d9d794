//! One request and its answer over ureq, without any opinion about the answer.

use std::time::Duration;

use contacts_core::ApiErrors;
use ureq::http::{HeaderValue, Response};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body};

use crate::api_key::ApiKey;
use crate::builder::Builder;

const USER_AGENT: &str = concat!("digicert-contacts/", env!("CARGO_PKG_VERSION"));
const MAX_HEAD: usize = 64 * 1024;
const MAX_ERROR_BODY: u64 = 64 * 1024;
const MAX_BODY: u64 = 4 * 1024 * 1024;
/// Shorter than servers usually keep an idle connection, so that none is used while it closes.
const MAX_IDLE: Duration = Duration::from_secs(4);

/// Status and body of an answer; no body if it was over the limit.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Option<Vec<u8>>,
}

pub(crate) struct Transport {
    agent: Agent,
    api_key: ApiKey,
    header: Option<HeaderValue>,
}

impl Transport {
    pub(crate) fn new(builder: &Builder) -> Self {
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .build();
        let seconds = |n| Some(Duration::from_secs(n));
        let mut config = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_response_header_size(MAX_HEAD)
            .max_idle_age(MAX_IDLE)
            .user_agent(USER_AGENT)
            .accept("application/json")
            .accept_encoding("identity")
            .timeout_resolve(seconds(5))
            .timeout_connect(seconds(5))
            .timeout_send_request(seconds(10))
            .timeout_send_body(seconds(10))
            .timeout_recv_response(seconds(30))
            .timeout_recv_body(seconds(10))
            .timeout_per_call(Some(builder.timeout));
        if builder.base_url.is_loopback() {
            config = config.proxy(None);
        }
        let header = builder.api_key.header();
        Self {
            agent: config.build().new_agent(),
            api_key: builder.api_key.clone(),
            header,
        }
    }

    pub(crate) const fn api_key(&self) -> &ApiKey {
        &self.api_key
    }

    pub(crate) fn get(&self, url: &str) -> Result<Answer, ureq::Error> {
        let mut request = self.agent.get(url);
        if let Some(key) = &self.header {
            request = request.header("x-dc-devkey", key);
        }
        received(request.call()?)
    }

    pub(crate) fn put(&self, url: &str, json: &[u8]) -> Result<Answer, ureq::Error> {
        let mut request = self
            .agent
            .put(url)
            .header("content-type", "application/json");
        if let Some(key) = &self.header {
            request = request.header("x-dc-devkey", key);
        }
        received(request.send(json)?)
    }
}

/// A body that breaks off costs the body of an error, not its status.
fn received(response: Response<Body>) -> Result<Answer, ureq::Error> {
    let status = response.status().as_u16();
    let limit = if status == 200 {
        MAX_BODY
    } else {
        MAX_ERROR_BODY
    };
    match response
        .into_body()
        .into_with_config()
        .limit(limit)
        .read_to_vec()
    {
        Ok(body) => Ok(Answer {
            status,
            body: Some(body),
        }),
        Err(error) if status == 200 && !is_over_limit(&error) => Err(error),
        Err(_) => Ok(Answer { status, body: None }),
    }
}

fn is_over_limit(error: &ureq::Error) -> bool {
    matches!(error, ureq::Error::BodyExceedsLimit(_))
}

/// The errors in an answer, without the key and without the values that were sent, should the
/// server have repeated them.
pub(crate) fn api_errors(answer: &Answer, key: &ApiKey, values: &[&str]) -> ApiErrors {
    let errors = ApiErrors::from_body(answer.body.as_deref().unwrap_or_default());
    errors.without(key.expose(), values)
}
