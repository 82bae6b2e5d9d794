mod active;
mod parse;
mod source;

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::api::error;
use crate::http::response::Response;

pub(crate) use active::ActiveFaults;
pub use parse::FaultError;
use source::SOURCES;

/// A failure on demand: what happens, to which requests, and how often.
///
/// A fault acts on requests to the API, never on the page or the admin address. If several match a
/// request, the one that was added first acts. Without [`next`](Self::next) and
/// [`probability`](Self::probability) it acts on every matching request until it is removed.
///
/// Unless [`applied`](Self::applied) is set, a fault that hides the response acts in front of the
/// API: the request reaches neither the account nor the rate windows.
///
/// Settings are checked when the fault is added or parsed, not by the methods here.
///
/// ```
/// use contacts_sandbox::{Fault, Sandbox};
///
/// // The contacts are changed, but the client gets no response.
/// let lost_response = Fault::close().applied().method("PUT").next(1);
/// let sandbox = Sandbox::builder().fault(lost_response).start()?;
/// sandbox.add_fault(Fault::status(503).orders([100_000_003]))?;
/// assert!(sandbox.add_fault(Fault::status(99)).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    pub(crate) action: Action,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u64>,
    #[serde(
        default,
        deserialize_with = "parse::body",
        skip_serializing_if = "Option::is_none"
    )]
    body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    #[serde(default)]
    pub(crate) applied: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    orders: Option<Vec<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
}

/// What a fault does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Action {
    Status,
    Html,
    Redirect,
    Delay,
    Drip,
    Half,
    #[default]
    Close,
    Reset,
    Absent,
    Lag,
    Cut,
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// Like the error page of a content delivery network, but not a copy of one.
const HTML: &str = "<!DOCTYPE html>\n<html><head><title>Temporarily unavailable</title></head>\n\
    <body><h1>The origin did not respond</h1><p>A fault of the sandbox sends this page.</p>\
    </body></html>\n";
const JSON: &str = "application/json";

impl Fault {
    fn new(action: Action) -> Self {
        Self {
            action,
            applied: action.is_applied(),
            ..Self::default()
        }
    }

    /// Responds with a status from 200 to 599 and an error body with the code `sandbox_fault`; a
    /// 429 has the documented body.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self {
            status: Some(status.into()),
            ..Self::new(Action::Status)
        }
    }

    /// Responds with a status from 200 to 599 and this JSON body of at most 64 KiB.
    #[must_use]
    pub fn status_with_body(status: u16, body: impl Into<String>) -> Self {
        Self {
            body: Some(body.into()),
            content_type: Some(JSON.to_owned()),
            ..Self::status(status)
        }
    }

    /// Responds with status 503 and an HTML page, like a content delivery network in front of the
    /// API.
    #[must_use]
    pub fn html() -> Self {
        Self {
            status: Some(503),
            ..Self::new(Action::Html)
        }
    }

    /// Responds with a 302 to this location, which has no control characters.
    #[must_use]
    pub fn redirect(location: impl Into<String>) -> Self {
        Self {
            status: Some(302),
            location: Some(location.into()),
            ..Self::new(Action::Redirect)
        }
    }

    /// Carries out the request and delays the response, by at most 10 minutes.
    #[must_use]
    pub fn delay(time: Duration) -> Self {
        Self {
            seconds: Some(time.as_secs_f64()),
            ..Self::new(Action::Delay)
        }
    }

    /// Closes the connection without a response.
    #[must_use]
    pub fn close() -> Self {
        Self::new(Action::Close)
    }

    /// Resets the connection without a response.
    #[must_use]
    pub fn reset() -> Self {
        Self::new(Action::Reset)
    }

    /// Carries out the request, sends the first half of the response and closes the connection.
    #[must_use]
    pub fn half() -> Self {
        Self::new(Action::Half)
    }

    /// Carries out the request and sends the response byte by byte, with a pause of at most 10
    /// minutes before each.
    #[must_use]
    pub fn drip(pause: Duration) -> Self {
        Self {
            seconds: Some(pause.as_secs_f64()),
            ..Self::new(Action::Drip)
        }
    }

    /// Carries out the request although the client does not see its response. Clients that take
    /// such a failure for "not changed" lose updates. `delay`, `half`, `drip`, `absent`, `lag` and
    /// `cut` always do so.
    #[must_use]
    pub const fn applied(mut self) -> Self {
        self.applied = true;
        self
    }

    /// Acts on the next `count` matching requests; then the fault is removed.
    #[must_use]
    pub fn next(mut self, count: u32) -> Self {
        self.next = Some(count.into());
        self
    }

    /// Acts on each matching request with this probability from 0 to 1. The same seed repeats the
    /// same sequence.
    #[must_use]
    pub const fn probability(mut self, probability: f64, seed: u64) -> Self {
        self.probability = Some(probability);
        self.seed = Some(seed);
        self
    }

    /// Matches only requests about one of these 1 to 10,000 orders.
    #[must_use]
    pub fn orders(mut self, ids: impl IntoIterator<Item = u64>) -> Self {
        self.orders = Some(ids.into_iter().collect());
        self
    }

    /// Matches only requests with this method, such as `PUT`, in any case.
    #[must_use]
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// Matches only requests with this path below the base URL, such as `report/order`, with any
    /// query.
    ///
    /// ```
    /// let fault = contacts_sandbox::Fault::status(503).path("report/order");
    /// assert_eq!("status=503,path=report/order".parse(), Ok(fault));
    /// ```
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    fn matches(&self, method: &str, path: &str, order: Option<u64>) -> bool {
        let same_method = |m: &String| m.eq_ignore_ascii_case(method);
        let has_order = |ids: &Vec<u64>| order.is_some_and(|id| ids.contains(&id));
        let has_path = match &self.path {
            Some(expected) => expected == path,
            None => !self.action.is_of_source() || SOURCES.contains(&path),
        };
        has_path
            && self.method.as_ref().is_none_or(same_method)
            && self.orders.as_ref().is_none_or(has_order)
    }

    /// How long `delay` and `drip` wait.
    pub(crate) fn pause(&self) -> Duration {
        Duration::try_from_secs_f64(self.seconds.unwrap_or_default()).unwrap_or_default()
    }

    /// The response in place of the API's; `None` if the API's is sent.
    pub(crate) fn response(&self) -> Option<Response> {
        let status = self.status.and_then(|status| status.try_into().ok());
        let status = status.unwrap_or_default();
        let location = self.location.as_deref().unwrap_or_default();
        let content_type = self.content_type.as_deref().unwrap_or(JSON);
        match self.action {
            Action::Status => Some(match &self.body {
                Some(body) => Response::new(status, content_type, body.as_str()),
                None => standard(status),
            }),
            Action::Html => Some(Response::new(status, "text/html", HTML)),
            Action::Redirect => {
                let response = Response::new(status, "text/html", "");
                Some(response.with_header("location", location))
            }
            // It is recorded, not sent.
            Action::Close | Action::Reset => Some(Response::empty(0)),
            Action::Delay
            | Action::Half
            | Action::Drip
            | Action::Absent
            | Action::Lag
            | Action::Cut => None,
        }
    }
}

fn standard(status: u16) -> Response {
    match status {
        204 | 304 => Response::empty(status),
        429 => error::too_many_requests(),
        _ => Response::error(status, "sandbox_fault", "A fault of the sandbox."),
    }
}
