//! Faults as text: JSON for the admin address and for Python, `name,name=value` for a command line.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::fault::{Fault, Kind};

/// Why a fault can't be read or added.
///
/// ```
/// let error = "close,nxt=3".parse::<contacts_sandbox::Fault>().unwrap_err();
/// assert!(error.to_string().starts_with("a fault has no `nxt`"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultError(pub(crate) String);

impl fmt::Display for FaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FaultError {}

const ACTIONS: &str = "status, html, redirect, delay, close, reset, half or drip";
const MAX_BODY: usize = 64 * 1024;
const MAX_ORDERS: usize = 10_000;

fn refuse<T>(message: impl Into<String>) -> Result<T, FaultError> {
    Err(FaultError(message.into()))
}

/// Reads `action,name=value,...`, such as `close,applied,next=1` or
/// `status=503,probability=0.1,seed=7,order=100000001`, or an object as JSON, such as
/// `{"action": "status", "status": 400, "body": "..."}`.
///
/// The names are those of the methods of [`Fault`], and: `seconds` for delay and drip, `status` and
/// `location` for those that have one, `body` and `content_type` for status, `orders` (in the short
/// form `order`, once for each).
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
        if text.trim_start().starts_with('{') {
            let Ok(Value::Object(members)) = serde_json::from_str(text) else {
                return refuse("this is no JSON object");
            };
            return read(members);
        }
        let mut members = Map::new();
        for (at, part) in text.split(',').map(str::trim).enumerate() {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let value = if value.is_empty() {
                Value::Bool(true)
            } else {
                serde_json::from_str(value).unwrap_or_else(|_| value.into())
            };
            if at == 0 {
                members.insert("action".to_owned(), name.into());
                let given = match name {
                    "status" => "status",
                    "delay" | "drip" => "seconds",
                    "redirect" => "location",
                    _ => continue,
                };
                if value != Value::Bool(true) {
                    members.insert(given.to_owned(), value);
                }
            } else if name == "order" {
                let orders = members
                    .entry("orders")
                    .or_insert_with(|| Value::Array(vec![]));
                if let Value::Array(orders) = orders {
                    orders.push(value);
                }
            } else {
                members.insert(name.to_owned(), value);
            }
        }
        read(members)
    }
}

fn read(members: Map<String, Value>) -> Result<Fault, FaultError> {
    let mut members = Members(members);
    let Some(action) = members.text("action")? else {
        return refuse(format!("a fault needs an `action`: {ACTIONS}"));
    };
    let mut fault = Fault::new(members.kind(&action)?);
    fault.applied = members.flag("applied")?;
    if let Some(next) = members.number("next", 1..=u64::from(u32::MAX))? {
        fault.next = u32::try_from(next).ok();
    }
    fault.probability = members.fraction("probability", 1.0)?;
    fault.seed = members.number("seed", 0..=u64::MAX)?.unwrap_or_default();
    fault.orders = members.orders()?;
    fault.method = members.text("method")?;
    match members.0.keys().next() {
        Some(name) => refuse(format!(
            "a fault has no `{}`, or not with the action {action}",
            name.escape_debug()
        )),
        None => Ok(fault),
    }
}

/// What has not been read yet.
struct Members(Map<String, Value>);

impl Members {
    fn kind(&mut self, action: &str) -> Result<Kind, FaultError> {
        Ok(match action {
            "status" => match self.number("status", 200..=599)? {
                Some(status) => Kind::Status {
                    status: short(status),
                    body: self.body()?,
                    content_type: self
                        .text("content_type")?
                        .unwrap_or_else(|| "application/json".to_owned()),
                },
                None => return refuse("the action status needs a `status`, from 200 to 599"),
            },
            "html" => Kind::Html(short(self.number("status", 200..=599)?.unwrap_or(503))),
            "redirect" => Kind::Redirect {
                status: short(self.number("status", 300..=399)?.unwrap_or(302)),
                location: match self.text("location")? {
                    Some(location) => location,
                    None => return refuse("the action redirect needs a `location`"),
                },
            },
            "delay" => Kind::Delay(self.seconds()?.unwrap_or(Duration::from_secs(1))),
            "drip" => Kind::Drip(self.seconds()?.unwrap_or(Duration::from_millis(100))),
            "close" => Kind::Close,
            "reset" => Kind::Reset,
            "half" => Kind::Half,
            _ => return refuse(format!("the action of a fault is {ACTIONS}")),
        })
    }

    fn text(&mut self, name: &str) -> Result<Option<String>, FaultError> {
        match self.0.shift_remove(name) {
            None => Ok(None),
            // It may become part of a header.
            Some(Value::String(text)) if !text.contains(char::is_control) && text.len() <= 2000 => {
                Ok(Some(text))
            }
            Some(_) => refuse(format!(
                "`{name}` must be a text of at most 2000 bytes without control characters"
            )),
        }
    }

    fn body(&mut self) -> Result<Option<String>, FaultError> {
        let body = match self.0.shift_remove("body") {
            None => return Ok(None),
            Some(Value::String(text)) => text,
            Some(other) => other.to_string(),
        };
        if body.len() > MAX_BODY {
            return refuse("`body` must have at most 64 KiB");
        }
        Ok(Some(body))
    }

    fn flag(&mut self, name: &str) -> Result<bool, FaultError> {
        match self.0.shift_remove(name) {
            None => Ok(false),
            Some(Value::Bool(yes)) => Ok(yes),
            Some(_) => refuse(format!("`{name}` must be true or false")),
        }
    }

    fn number(
        &mut self,
        name: &str,
        range: std::ops::RangeInclusive<u64>,
    ) -> Result<Option<u64>, FaultError> {
        let Some(value) = self.0.shift_remove(name) else {
            return Ok(None);
        };
        match value.as_u64().filter(|number| range.contains(number)) {
            Some(number) => Ok(Some(number)),
            None => refuse(format!(
                "`{name}` must be a whole number from {} to {}",
                range.start(),
                range.end()
            )),
        }
    }

    fn fraction(&mut self, name: &str, most: f64) -> Result<Option<f64>, FaultError> {
        let Some(value) = self.0.shift_remove(name) else {
            return Ok(None);
        };
        match value
            .as_f64()
            .filter(|number| (0.0..=most).contains(number))
        {
            Some(number) => Ok(Some(number)),
            None => refuse(format!("`{name}` must be a number from 0 to {most}")),
        }
    }

    fn seconds(&mut self) -> Result<Option<Duration>, FaultError> {
        let seconds = self.fraction("seconds", Fault::LONGEST.as_secs_f64())?;
        Ok(seconds.map(Duration::from_secs_f64))
    }

    fn orders(&mut self) -> Result<Vec<u64>, FaultError> {
        let ids: Option<Vec<_>> = match self.0.shift_remove("orders") {
            None => return Ok(Vec::new()),
            Some(Value::Array(list)) if (1..=MAX_ORDERS).contains(&list.len()) => {
                list.iter().map(Value::as_u64).collect()
            }
            Some(_) => None,
        };
        ids.ok_or_else(|| FaultError("`orders` must be a list of 1 to 10000 order ids".to_owned()))
    }
}

fn short(status: u64) -> u16 {
    u16::try_from(status).unwrap_or(500)
}
