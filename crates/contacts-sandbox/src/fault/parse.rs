//! Faults as JSON, for the admin address and Python, and as `action,name=value`, for a command line.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

use super::{Action, Fault, JSON};
use crate::api;

const MAX_BODY: usize = 64 * 1024;
const MAX_TEXT: usize = 2000;
const MAX_ORDERS: usize = 10_000;
const MAX_SECONDS: f64 = 600.0;
const MAX_LAG: f64 = 365.0 * 24.0 * 3600.0;

/// A fault is invalid, or cannot be added.
///
/// ```
/// let error = "close,nxt=3".parse::<contacts_sandbox::Fault>().unwrap_err();
/// assert!(error.to_string().starts_with("unknown field `nxt`, expected one of"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FaultError(pub(crate) String);

pub(super) fn invalid<T>(message: impl Into<String>) -> Result<T, FaultError> {
    Err(FaultError(message.into()))
}

/// Parses `action,name=value,...`, such as `close,applied,next=1` or
/// `status=503,probability=0.1,seed=7,order=100000001`, or the JSON form, such as
/// `{"action": "status", "status": 400, "body": "..."}`.
///
/// The names are those of the methods of [`Fault`], and: `seconds` for `delay`, `drip` and `lag`;
/// `status` for `status`, `html`, `redirect` and `absent`; `location` for `redirect`; `body` and
/// `content_type` for `status`; `rows` and `bytes` for `cut` and `lag`; `orders`, in the short form an
/// `order` for each.
///
/// ```
/// use contacts_sandbox::Fault;
///
/// let fault: Fault = "status=503,method=PUT,next=2".parse()?;
/// assert_eq!(fault, Fault::status(503).method("PUT").next(2));
/// # Ok::<(), contacts_sandbox::FaultError>(())
/// ```
impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let settings = if text.trim_start().starts_with('{') {
            serde_json::from_str(text)
                .map_err(|error| FaultError(format!("invalid JSON object: {error}")))?
        } else {
            short_form(text)
        };
        Self::try_from(settings)
    }
}

/// From the members of the JSON form.
///
/// ```
/// use contacts_sandbox::Fault;
/// use serde_json::{Map, json};
///
/// let settings = Map::from_iter([("action".to_owned(), json!("close"))]);
/// assert_eq!(Fault::try_from(settings)?, Fault::close());
/// # Ok::<(), contacts_sandbox::FaultError>(())
/// ```
impl TryFrom<Map<String, Value>> for Fault {
    type Error = FaultError;

    fn try_from(settings: Map<String, Value>) -> Result<Self, FaultError> {
        decode(&settings)?.validated()
    }
}

/// The settings that `action,name=value,...` stands for.
fn short_form(text: &str) -> Map<String, Value> {
    let mut settings = Map::new();
    for (index, part) in text.split(',').map(str::trim).enumerate() {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let parsed = serde_json::from_str(value).unwrap_or_else(|_| value.into());
        let value = if value.is_empty() {
            json!(true)
        } else {
            parsed
        };
        if index > 0 {
            match (name, settings.get_mut("orders")) {
                ("order", Some(Value::Array(orders))) => orders.push(value),
                ("order", _) => drop(settings.insert("orders".to_owned(), json!([value]))),
                _ => drop(settings.insert(name.to_owned(), value)),
            }
            continue;
        }
        settings.insert("action".to_owned(), name.into());
        let main = match name {
            "delay" | "drip" | "lag" => "seconds",
            "redirect" => "location",
            "html" | "absent" => "status",
            "cut" => "rows",
            _ => name,
        };
        if value != Value::Bool(true) {
            settings.insert(main.to_owned(), value);
        }
    }
    settings
}

fn decode(settings: &Map<String, Value>) -> Result<Fault, FaultError> {
    let error = match Fault::deserialize(Value::Object(settings.clone())) {
        Ok(fault) => return Ok(fault),
        Err(error) => error.to_string(),
    };
    // For users who don't know Rust's types.
    let error = error
        .replace("expected u64", "expected a non-negative whole number")
        .replace("expected f64", "expected a number");
    // Serde's messages about a value don't name its field: find the field that fails on its own.
    let fails = |name: &String, value: &Value| {
        let mut single = json!({ "action": "close" });
        single[name] = value.clone();
        Fault::deserialize(single).is_err()
    };
    let field = settings.iter().find(|(name, value)| fails(name, value));
    match field {
        Some((name, _)) if !error.contains(&format!("`{name}`")) => {
            invalid(format!("`{name}`: {error}"))
        }
        _ => invalid(error),
    }
}

/// A body may be text or any other JSON value.
pub(super) fn body<'de, D: Deserializer<'de>>(input: D) -> Result<Option<String>, D::Error> {
    Ok(Some(match Value::deserialize(input)? {
        Value::String(text) => text,
        other => other.to_string(),
    }))
}

impl Fault {
    /// Checks the settings and fills in the defaults of the action.
    pub(super) fn validated(mut self) -> Result<Self, FaultError> {
        let relative = |path: String| api::relative_path(&path).trim_start_matches('/').to_owned();
        self.path = self.path.map(relative);
        self.check_names()?;
        if self.action == Action::Status && self.status.is_none() {
            return invalid("the action `status` needs a `status` from 200 to 599");
        }
        if self.action == Action::Redirect && self.location.is_none() {
            return invalid("the action `redirect` needs a `location`");
        }
        let (status, seconds) = match self.action {
            Action::Html => (Some(503), None),
            Action::Redirect => (Some(302), None),
            Action::Delay => (None, Some(1.0)),
            Action::Drip => (None, Some(0.1)),
            Action::Absent => (Some(404), None),
            Action::Lag => (None, Some(3600.0)),
            _ => (None, None),
        };
        self.status = self.status.or(status);
        self.seconds = self.seconds.or(seconds);
        if self.body.is_some() {
            self.content_type.get_or_insert_with(|| JSON.to_owned());
        }
        self.seed = self.probability.map(|_| self.seed.unwrap_or_default());
        self.applied |= self.action.is_applied();
        self.check_source()?;
        self.check_values()?;
        Ok(self)
    }

    fn check_names(&self) -> Result<(), FaultError> {
        use Action::{Absent, Cut, Delay, Drip, Html, Lag, Redirect, Status};
        for (name, is_set, actions) in [
            (
                "status",
                self.status.is_some(),
                &[Status, Html, Redirect, Absent][..],
            ),
            ("body", self.body.is_some(), &[Status]),
            ("content_type", self.content_type.is_some(), &[Status]),
            ("location", self.location.is_some(), &[Redirect]),
            ("seconds", self.seconds.is_some(), &[Delay, Drip, Lag]),
            ("rows", self.rows.is_some(), &[Cut, Lag]),
            ("bytes", self.bytes.is_some(), &[Cut, Lag]),
        ] {
            if is_set && !actions.contains(&self.action) {
                let action = self.action;
                return invalid(format!("the action `{action}` takes no `{name}`"));
            }
        }
        Ok(())
    }

    fn check_values(&self) -> Result<(), FaultError> {
        let statuses = match self.action {
            Action::Redirect => 300..=399,
            _ => 200..=599,
        };
        check_range("status", self.status, statuses)?;
        let max_seconds = match self.action {
            Action::Lag => MAX_LAG,
            _ => MAX_SECONDS,
        };
        check_range("seconds", self.seconds, 0.0..=max_seconds)?;
        check_range("next", self.next, 1..=u32::MAX.into())?;
        check_range("probability", self.probability, 0.0..=1.0)?;
        for (name, text) in [
            ("content_type", &self.content_type),
            ("location", &self.location),
            ("method", &self.method),
            ("path", &self.path),
        ] {
            // It may become part of a header.
            let valid = |t: &String| t.len() <= MAX_TEXT && !t.contains(char::is_control);
            if !text.as_ref().is_none_or(valid) {
                let rule = "must have at most 2000 bytes and no control characters";
                return invalid(format!("`{name}` {rule}"));
            }
        }
        if self.body.as_ref().is_some_and(|body| body.len() > MAX_BODY) {
            return invalid("`body` must have at most 64 KiB");
        }
        let orders = self.orders.as_ref().map(Vec::len);
        if orders.is_some_and(|count| !(1..=MAX_ORDERS).contains(&count)) {
            return invalid(format!("`orders` must list 1 to {MAX_ORDERS} order ids"));
        }
        Ok(())
    }
}

fn check_range<T: PartialOrd + Display>(
    name: &str,
    value: Option<T>,
    range: RangeInclusive<T>,
) -> Result<(), FaultError> {
    if value.is_none_or(|value| range.contains(&value)) {
        return Ok(());
    }
    let (min, max) = range.into_inner();
    invalid(format!("`{name}` must be from {min} to {max}"))
}
