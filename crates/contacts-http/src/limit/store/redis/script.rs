//! The scripts, their arguments and their replies.

use std::time::Duration;

use redis::{Cmd, Value};
use sha2::{Digest, Sha256};

use super::clock::micros;
use crate::client::{ApiKey, BaseUrl};
use crate::limit::rate_limit::RateLimit;
use crate::retry::WaitBudget;

const STATE: &str = include_str!("state.lua");
const ACQUIRE: &str = include_str!("acquire.lua");
const RELEASE: &str = include_str!("release.lua");

/// The codes of a reply.
pub(super) const START: i64 = 0;
pub(super) const PAUSED: i64 = 2;
pub(super) const LOST: i64 = 3;
/// Added to a code if the wait is too long.
pub(super) const REJECTED: i64 = 10;

/// The names of the four keys. Their common part in braces puts them on one node of a cluster.
pub(super) struct Keys([String; 4]);

impl Keys {
    /// One set of keys for each API key and server. The hash does not reveal the key.
    pub(super) fn new(api_key: &ApiKey, base_url: &BaseUrl, database: i64) -> Self {
        let text = format!(
            "digicert-contacts rate limit\n{base_url}\n{database}\n{}",
            api_key.expose()
        );
        let hash: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        let start = hash.iter().take(16);
        let hash = start.fold(0_u128, |hash, byte| hash << 8 | u128::from(*byte));
        let name = |part| format!("{{digicert-contacts:{hash:032x}}}:{part}");
        Self(["state", "leases", "waiting", "responses"].map(name))
    }
}

pub(super) struct Scripts {
    pub(super) acquire: Script,
    pub(super) release: Script,
}

impl Scripts {
    pub(super) fn new(keys: &Keys) -> Self {
        Self {
            acquire: Script::new(ACQUIRE, keys),
            release: Script::new(RELEASE, keys),
        }
    }
}

pub(super) struct Script {
    text: String,
    hash: String,
    keys: [String; 4],
}

/// How a command names its script.
#[derive(Clone, Copy)]
pub(super) enum Form {
    Hash,
    Text,
}

impl Script {
    /// The text contains a key, so a script that the store knows was used with these keys: if they are
    /// missing, they were deleted.
    fn new(text: &str, Keys(keys): &Keys) -> Self {
        let text = format!("-- {}\n{STATE}{text}", keys[0]);
        Self {
            hash: redis::Script::new(&text).get_hash().to_owned(),
            text,
            keys: keys.clone(),
        }
    }

    /// The time becomes the last argument.
    #[cfg(all(test, unix))]
    pub(super) fn with_virtual_clock(mut self) -> Self {
        let clock = "redis.call('TIME')";
        assert!(self.text.contains(clock));
        self.text = self.text.replace(clock, "{ 0, table.remove(ARGV) }");
        self
    }

    pub(super) fn command(&self, form: Form, arguments: &[String]) -> Cmd {
        let (name, script) = match form {
            Form::Hash => ("EVALSHA", &self.hash),
            Form::Text => ("EVAL", &self.text),
        };
        let mut command = redis::cmd(name);
        command.arg(script).arg(self.keys.len());
        command.arg(&self.keys[..]).arg(arguments);
        command
    }
}

#[derive(Clone, Copy)]
pub(super) struct Flags {
    /// The state must exist.
    pub(super) known: bool,
    /// The clock of the store was set forward.
    pub(super) jumped: bool,
}

pub(super) fn acquire(
    ticket: &str,
    lease: Duration,
    limits: &[RateLimit],
    budget: WaitBudget,
    flags: Flags,
) -> Vec<String> {
    let longest = RateLimit::longest_window(limits);
    let flag = |flag| i64::from(flag).to_string();
    let mut arguments = vec![
        ticket.to_owned(),
        micros(lease).to_string(),
        micros(budget.total).to_string(),
        micros(budget.paused).to_string(),
        flag(flags.known),
        flag(flags.jumped),
        micros(longest).to_string(),
    ];
    for limit in limits {
        arguments.push(limit.requests().to_string());
        arguments.push(micros(limit.window()).to_string());
    }
    arguments
}

/// How a permit ends.
#[derive(Clone, Copy)]
pub(super) enum Finish {
    /// With a response, and a pause after a 429.
    Response(Option<Duration>),
    /// Nothing was sent.
    Cancelled,
}

pub(super) fn release(
    ticket: &str,
    lease: Duration,
    longest: Duration,
    start: i64,
    finish: Finish,
) -> Vec<String> {
    vec![
        ticket.to_owned(),
        micros(lease).to_string(),
        micros(longest).to_string(),
        start.to_string(),
        match finish {
            Finish::Response(Some(pause)) => micros(pause).to_string(),
            Finish::Response(None) => "none".to_owned(),
            Finish::Cancelled => "cancelled".to_owned(),
        },
    ]
}

/// The values of a reply of three numbers.
pub(super) fn integers(reply: &Value) -> Option<[i64; 3]> {
    match reply {
        Value::Array(values) => match values[..] {
            [Value::Int(a), Value::Int(b), Value::Int(c)] => Some([a, b, c]),
            _ => None,
        },
        _ => None,
    }
}

/// The time of the store in a reply.
pub(super) fn time(reply: &Value) -> Option<i64> {
    match reply {
        Value::Int(time) => Some(*time),
        _ => integers(reply).map(|[time, ..]| time),
    }
}
