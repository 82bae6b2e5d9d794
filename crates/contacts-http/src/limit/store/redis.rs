//! The windows in Redis or Valkey, for any number of machines. Two scripts have the same algorithm as
//! `windows.rs`, on the clock of the store.

mod address;
mod clock;
mod connection;
mod error;
mod script;
mod tls;

use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use log::warn;
use redis::{Cmd, Value};

use crate::client::Settings;
use crate::limit::rate_limit::RateLimit;
use crate::retry::{Wait, WaitBudget};
use clock::StoreClock;
use connection::{Connection, Limits};
use error::Problem;
use script::{Flags, Form, Keys, Script, Scripts};

pub(crate) use address::StoreAddress;
pub(crate) use error::StoreError;
pub(crate) use tls::TlsSetup;

pub(crate) struct RedisStore {
    address: StoreAddress,
    name: Arc<str>,
    tls: TlsSetup,
    scripts: Scripts,
    /// The longest time that a request can take.
    lease: Duration,
    connect_timeout: Duration,
    /// A connection is used by one thread at a time.
    idle: Mutex<Vec<Connection>>,
    clock: Mutex<StoreClock>,
    /// The pause after a 429 that the store has not been told about.
    paused_until: Mutex<Option<Instant>>,
    started: Instant,
    tickets: AtomicU64,
    prefix: String,
}

/// A request in flight.
#[derive(Clone, Debug)]
pub(crate) struct StoreLease {
    pub(crate) ticket: String,
    /// On the clock of the store, in microseconds.
    start: i64,
}

/// The answer to a request for a permit.
#[derive(Debug)]
pub(crate) enum Answer {
    /// The request may start after this time.
    Start(StoreLease, Duration),
    /// The store keeps the place of the ticket until this time, when it has to be asked again.
    Wait(Wait),
    /// The wait is longer than allowed, so there is no place.
    TooLong(Wait),
}

/// An answer must arrive within this time.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);
/// For a release, which can be left to the lease.
const RELEASE_TIMEOUT: Duration = Duration::from_secs(2);
/// The documented log target, whatever the path of this module is.
const LOG_TARGET: &str = "contacts_http::client";

impl RedisStore {
    pub(crate) fn new(
        address: StoreAddress,
        tls: TlsSetup,
        settings: &Settings,
        lease: Duration,
    ) -> Self {
        let keys = Keys::new(&settings.api_key, &settings.base_url, address.database);
        let time = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        Self {
            name: address.to_string().into(),
            address,
            tls,
            scripts: Scripts::new(&keys),
            lease,
            connect_timeout: settings.connect_timeout,
            idle: Mutex::default(),
            clock: Mutex::default(),
            paused_until: Mutex::default(),
            started: Instant::now(),
            tickets: AtomicU64::new(0),
            // A forked child has the random numbers of its parent, and a container the process id of
            // another.
            prefix: format!(
                "{:x}-{:x}-{:x}",
                process::id(),
                time.unwrap_or_default().as_nanos(),
                fastrand::u64(..)
            ),
        }
    }

    /// Whether the store has answered this process.
    pub(crate) fn is_known(&self) -> bool {
        lock(&self.clock).is_known()
    }

    /// A name that no other request has.
    pub(crate) fn new_ticket(&self) -> String {
        let number = self.tickets.fetch_add(1, Ordering::Relaxed);
        format!("{}-{number:x}", self.prefix)
    }

    pub(crate) fn acquire(
        &self,
        ticket: &str,
        limits: &[RateLimit],
        budget: WaitBudget,
        cancelled: &dyn Fn() -> bool,
    ) -> Result<Answer, StoreError> {
        if let Some(wait) = self.local_pause() {
            return Ok(if budget.allows(wait) {
                Answer::Wait(wait)
            } else {
                Answer::TooLong(wait)
            });
        }
        let jumped = lock(&self.clock).take_jumped();
        let arguments = |known| {
            let flags = Flags { known, jumped };
            script::acquire(ticket, self.lease, limits, budget, flags)
        };
        let called = self.call(
            &self.scripts.acquire,
            self.limits(ANSWER_TIMEOUT, cancelled),
            arguments,
        );
        if called.is_err() && jumped {
            lock(&self.clock).set_jumped();
        }
        let reply = called?;
        // The answer rests on a clock that was set forward.
        if lock(&self.clock).has_jumped() {
            return self.acquire(ticket, limits, budget, cancelled);
        }
        self.answer(ticket, &reply)
    }

    /// The rest of a pause that the store does not know of.
    fn local_pause(&self) -> Option<Wait> {
        let rest = (*lock(&self.paused_until))?.saturating_duration_since(Instant::now());
        (!rest.is_zero()).then_some(Wait::Paused(rest))
    }

    fn answer(&self, ticket: &str, reply: &Value) -> Result<Answer, StoreError> {
        let Some([now, code, wait]) = script::integers(reply) else {
            return Err(self.error(Problem::NotRedis));
        };
        let time = Duration::from_micros(u64::try_from(wait).unwrap_or_default());
        let is_rejected = code >= script::REJECTED;
        let wait = match code % script::REJECTED {
            script::START if !is_rejected => {
                let lease = StoreLease {
                    ticket: ticket.to_owned(),
                    start: now.saturating_add(wait),
                };
                return Ok(Answer::Start(lease, time));
            }
            script::PAUSED => Wait::Paused(time),
            script::LOST => {
                let name = &self.name;
                warn!(
                    target: LOG_TARGET,
                    "the rate limit store at {name} was restarted, lost its data or changed its \
                     clock: no request starts for {time:.1?}, until the longest window is over"
                );
                Wait::For(time)
            }
            _ => Wait::For(time),
        };
        Ok(if is_rejected {
            Answer::TooLong(wait)
        } else {
            Answer::Wait(wait)
        })
    }

    /// Reports a response. If the store cannot be reached, the lease expires later.
    pub(crate) fn release(
        &self,
        lease: &StoreLease,
        limits: &[RateLimit],
        pause: Option<Duration>,
    ) {
        let released = self.finish(lease, limits, script::Finish::Response(pause));
        if let Err(error) = released {
            let name = &self.name;
            warn!(target: LOG_TARGET, "a request still counts as in flight: {error}");
            if let Some(pause) = pause {
                *lock(&self.paused_until) = Instant::now().checked_add(pause);
                warn!(target: LOG_TARGET, "{name} does not know of the pause after a 429");
            }
        }
    }

    /// Gives a place or a permit back without a request.
    pub(crate) fn cancel(&self, ticket: &str, limits: &[RateLimit]) {
        let lease = StoreLease {
            ticket: ticket.to_owned(),
            start: 0,
        };
        // Otherwise it expires later.
        drop(self.finish(&lease, limits, script::Finish::Cancelled));
    }

    fn finish(
        &self,
        lease: &StoreLease,
        limits: &[RateLimit],
        finish: script::Finish,
    ) -> Result<(), StoreError> {
        let longest = RateLimit::longest_window(limits);
        let limits = self.limits(RELEASE_TIMEOUT, &|| false);
        let arguments =
            |_| script::release(&lease.ticket, self.lease, longest, lease.start, finish);
        self.call(&self.scripts.release, limits, arguments)
            .map(drop)
    }

    const fn limits<'a>(&self, answer: Duration, cancelled: &'a dyn Fn() -> bool) -> Limits<'a> {
        Limits {
            connect: self.connect_timeout,
            answer,
            cancelled,
        }
    }

    /// Runs a script. `arguments` depend on whether its state must exist: the store forgets a script
    /// only when it restarts.
    fn call(
        &self,
        script: &Script,
        limits: Limits<'_>,
        arguments: impl Fn(bool) -> Vec<String>,
    ) -> Result<Value, StoreError> {
        let is_used = lock(&self.clock).is_known();
        let called = self.exchange(&script.command(Form::Hash, &arguments(true)), limits);
        let called = match called {
            Err(Problem::Rejected(error)) if error.code == "NOSCRIPT" => {
                self.exchange(&script.command(Form::Text, &arguments(is_used)), limits)
            }
            called => called,
        };
        called.map_err(|problem| self.error(problem))
    }

    /// Sends a command on an idle connection, or on a new one.
    fn exchange(&self, command: &Cmd, limits: Limits<'_>) -> Result<Value, Problem> {
        let idle = lock(&self.idle).pop();
        if let Some(connection) = idle {
            match self.exchange_on(connection, command, limits) {
                // The store has closed it since.
                Err(Problem::Closed | Problem::Broken(_)) => lock(&self.idle).clear(),
                result => return result,
            }
        }
        let connection = Connection::open(&self.address, || self.tls.config(), limits)?;
        self.exchange_on(connection, command, limits)
    }

    fn exchange_on(
        &self,
        mut connection: Connection,
        command: &Cmd,
        limits: Limits<'_>,
    ) -> Result<Value, Problem> {
        let sent = self.started.elapsed();
        let result = connection.query(command, limits);
        let received = self.started.elapsed();
        if let Ok(value) = &result
            && let Some(time) = script::time(value)
        {
            lock(&self.clock).observe(time, sent, received);
        }
        // After another error, the address may lead to another server.
        let is_usable = match &result {
            Ok(_) => true,
            Err(Problem::Rejected(error)) => error.code == "NOSCRIPT",
            Err(_) => false,
        };
        if is_usable {
            lock(&self.idle).push(connection);
        }
        result
    }

    fn error(&self, problem: Problem) -> StoreError {
        StoreError {
            address: Arc::clone(&self.name),
            problem,
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
