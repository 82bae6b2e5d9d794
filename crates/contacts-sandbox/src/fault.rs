use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::answer::Answer;

/// Something that goes wrong, on demand: what happens, to which requests, and how often.
///
/// It acts on requests to the API, never on the page or on the admin address. Of several faults that
/// fit a request, the first that was added acts. Without [`next`](Self::next) and
/// [`probability`](Self::probability) it acts on every request that fits, until it is removed.
///
/// Unless [`applied`](Self::applied) is set, a fault that hides the answer stands in front of the
/// API: the request reaches neither the account nor the rate windows.
///
/// ```
/// use contacts_sandbox::{Fault, Sandbox};
///
/// // The update is made, but the client never hears of it.
/// let lost_answer = Fault::close().applied().method("PUT").next(1);
/// let sandbox = Sandbox::builder().fault(lost_answer).start()?;
/// sandbox.add_fault(Fault::status(503).orders([100_000_003]))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub(crate) kind: Kind,
    pub(crate) applied: bool,
    pub(crate) next: Option<u32>,
    pub(crate) probability: Option<f64>,
    pub(crate) seed: u64,
    pub(crate) orders: Vec<u64>,
    pub(crate) method: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Status {
        status: u16,
        body: Option<String>,
        content_type: String,
    },
    Html(u16),
    Redirect {
        status: u16,
        location: String,
    },
    Delay(Duration),
    Close,
    Reset,
    Half,
    Drip(Duration),
}

/// What becomes of the answer on its way to the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Delay(Duration),
    Close,
    Reset,
    Half,
    Drip(Duration),
}

/// In the form of what a content delivery network shows; no page of a real one.
const HTML: &str = "<!DOCTYPE html>\n<html><head><title>Temporarily unavailable</title></head>\n\
    <body><h1>The origin did not respond</h1><p>This page is sent by a sandbox's fault.</p>\
    </body></html>\n";

impl Fault {
    pub(crate) const LONGEST: Duration = Duration::from_secs(600);

    pub(crate) const fn new(kind: Kind) -> Self {
        Self {
            kind,
            applied: false,
            next: None,
            probability: None,
            seed: 0,
            orders: Vec::new(),
            method: None,
        }
    }

    /// Answers a status from 200 to 599, any other becomes 500, with an error body whose code is
    /// `sandbox_fault`; a 429 has the documented body.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::new(Kind::Status {
            status: if (200..600).contains(&status) {
                status
            } else {
                500
            },
            body: None,
            content_type: "application/json".to_owned(),
        })
    }

    /// Answers a status as [`status`](Self::status) does, with a JSON body of your own.
    #[must_use]
    pub fn status_with_body(status: u16, body: impl Into<String>) -> Self {
        let mut fault = Self::status(status);
        if let Kind::Status { body: own, .. } = &mut fault.kind {
            *own = Some(body.into());
        }
        fault
    }

    /// Answers a page of HTML with status 503, as a content delivery network in front of the API
    /// does.
    #[must_use]
    pub const fn html() -> Self {
        Self::new(Kind::Html(503))
    }

    /// Answers 302 to another location; line breaks and other control characters are dropped.
    #[must_use]
    pub fn redirect(location: impl Into<String>) -> Self {
        Self::new(Kind::Redirect {
            status: 302,
            location: location.into().replace(char::is_control, ""),
        })
    }

    /// Does what was asked, and answers so much later; 10 minutes at most.
    #[must_use]
    pub fn delay(by: Duration) -> Self {
        Self::new(Kind::Delay(by.min(Self::LONGEST)))
    }

    /// Closes the connection without an answer, in good order.
    #[must_use]
    pub const fn close() -> Self {
        Self::new(Kind::Close)
    }

    /// Resets the connection without an answer.
    #[must_use]
    pub const fn reset() -> Self {
        Self::new(Kind::Reset)
    }

    /// Does what was asked, sends the first half of the answer's bytes and closes.
    #[must_use]
    pub const fn half() -> Self {
        Self::new(Kind::Half)
    }

    /// Does what was asked, and sends the answer byte by byte with such a pause before each; 10
    /// minutes at most.
    #[must_use]
    pub fn drip(pause: Duration) -> Self {
        Self::new(Kind::Drip(pause.min(Self::LONGEST)))
    }

    /// The request is carried out, although its answer is hidden: this is what loses updates in
    /// clients that take a failure for a change that was not made. A delay, half an answer and a
    /// drip are always so.
    #[must_use]
    pub const fn applied(mut self) -> Self {
        self.applied = true;
        self
    }

    /// Only the next so many requests that fit, then the fault is gone.
    #[must_use]
    pub const fn next(mut self, count: u32) -> Self {
        self.next = Some(count);
        self
    }

    /// Each request that fits, with this probability between 0 and 1, in a sequence that is the same
    /// for the same seed.
    #[must_use]
    pub const fn probability(mut self, probability: f64, seed: u64) -> Self {
        self.probability = Some(probability);
        self.seed = seed;
        self
    }

    /// Only requests about one of these orders, named by their ids.
    #[must_use]
    pub fn orders(mut self, ids: impl IntoIterator<Item = u64>) -> Self {
        self.orders = ids.into_iter().collect();
        self
    }

    /// Only requests of this method, such as `PUT`, in upper or lower case.
    #[must_use]
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    pub(crate) fn fits(&self, method: &str, order: Option<u64>) -> bool {
        self.method
            .as_deref()
            .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && (self.orders.is_empty() || order.is_some_and(|id| self.orders.contains(&id)))
    }

    pub(crate) const fn name(&self) -> &'static str {
        match self.kind {
            Kind::Status { .. } => "status",
            Kind::Html(_) => "html",
            Kind::Redirect { .. } => "redirect",
            Kind::Delay(_) => "delay",
            Kind::Close => "close",
            Kind::Reset => "reset",
            Kind::Half => "half",
            Kind::Drip(_) => "drip",
        }
    }

    /// What happens on the connection, if something does.
    pub(crate) const fn act(&self) -> Option<Act> {
        match self.kind {
            Kind::Status { .. } | Kind::Html(_) | Kind::Redirect { .. } => None,
            Kind::Delay(by) => Some(Act::Delay(by)),
            Kind::Close => Some(Act::Close),
            Kind::Reset => Some(Act::Reset),
            Kind::Half => Some(Act::Half),
            Kind::Drip(pause) => Some(Act::Drip(pause)),
        }
    }

    /// Whether the request reaches the account.
    pub(crate) const fn carries_out(&self) -> bool {
        self.applied || matches!(self.kind, Kind::Delay(_) | Kind::Half | Kind::Drip(_))
    }

    /// The answer instead of the true one.
    pub(crate) fn answer(&self) -> Option<Answer> {
        match &self.kind {
            Kind::Status {
                status,
                body,
                content_type,
            } => Some(match body {
                Some(body) => Answer::of(*status, content_type, body.as_str()),
                None => Self::standard(*status),
            }),
            Kind::Html(status) => Some(Answer::of(*status, "text/html", HTML)),
            Kind::Redirect { status, location } => {
                let answer = Answer::of(*status, "text/html", "");
                Some(answer.with("location", location.as_str()))
            }
            // Nobody sees it.
            Kind::Close | Kind::Reset => Some(Answer::empty(0)),
            Kind::Delay(_) | Kind::Half | Kind::Drip(_) => None,
        }
    }

    fn standard(status: u16) -> Answer {
        match status {
            204 | 304 => Answer::empty(status),
            429 => Answer::too_many_requests(),
            _ => Answer::error(status, "sandbox_fault", "A fault of the sandbox."),
        }
    }

    pub(crate) fn json(&self) -> Value {
        let mut json = Map::new();
        json.insert("action".to_owned(), self.name().into());
        match &self.kind {
            Kind::Status {
                status,
                body,
                content_type,
            } => {
                json.insert("status".to_owned(), (*status).into());
                if let Some(body) = body {
                    json.insert("body".to_owned(), body.as_str().into());
                    json.insert("content_type".to_owned(), content_type.as_str().into());
                }
            }
            Kind::Html(status) => {
                json.insert("status".to_owned(), (*status).into());
            }
            Kind::Redirect { status, location } => {
                json.insert("status".to_owned(), (*status).into());
                json.insert("location".to_owned(), location.as_str().into());
            }
            Kind::Delay(time) | Kind::Drip(time) => {
                json.insert("seconds".to_owned(), time.as_secs_f64().into());
            }
            Kind::Close | Kind::Reset | Kind::Half => {}
        }
        json.insert("applied".to_owned(), self.carries_out().into());
        if let Some(next) = self.next {
            json.insert("next".to_owned(), next.into());
        }
        if let Some(probability) = self.probability {
            json.insert("probability".to_owned(), json!(probability));
            json.insert("seed".to_owned(), self.seed.into());
        }
        if !self.orders.is_empty() {
            json.insert("orders".to_owned(), json!(self.orders));
        }
        if let Some(method) = &self.method {
            json.insert("method".to_owned(), method.as_str().into());
        }
        Value::Object(json)
    }
}
