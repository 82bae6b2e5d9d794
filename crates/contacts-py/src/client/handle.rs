//! A client that can be closed, and those that share its connections.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use contacts_bulk::AccountIdentity;
use contacts_http::{Error, RateLimit};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use super::Client;
use super::call_options::CallOptions;
use crate::{call, error};

/// What a client sends its requests with.
pub(super) enum Handle {
    /// `None` if the client is closed.
    Own(Mutex<Option<contacts_http::Client>>),
    /// Of a client that `with_options` made. It has no key of its own, so that closing its origin drops
    /// the key.
    Shared {
        origin: Py<Client>,
        options: CallOptions,
        is_closed: AtomicBool,
    },
}

impl Handle {
    pub(super) const fn new(client: contacts_http::Client) -> Self {
        Self::Own(Mutex::new(Some(client)))
    }

    /// Of a client with `options` in place of those of `client`.
    pub(super) fn shared(client: &Bound<'_, Client>, options: CallOptions) -> PyResult<Self> {
        let (origin, options) = match &client.get().handle {
            Self::Own(_) => (client.clone().unbind(), options),
            // A chain of clients has one origin.
            Self::Shared {
                origin,
                options: own,
                ..
            } => (origin.clone_ref(client.py()), own.overridden_by(options)),
        };
        // A client that is closed, or an option out of range, is an error here already.
        options.apply(client.py(), &client.get().open(client.py())?)?;
        Ok(Self::Shared {
            origin,
            options,
            is_closed: AtomicBool::new(false),
        })
    }

    /// A clone, which shares connections and rate limit, so that no lock is held during calls.
    pub(super) fn open(&self, py: Python<'_>) -> PyResult<contacts_http::Client> {
        let closed = |which| PyRuntimeError::new_err(format!("the client {which}is closed"));
        match self {
            Self::Own(client) => {
                let client = client.lock().unwrap_or_else(PoisonError::into_inner);
                client.clone().ok_or_else(|| closed(""))
            }
            Self::Shared { is_closed, .. } if is_closed.load(Ordering::SeqCst) => Err(closed("")),
            Self::Shared {
                origin, options, ..
            } => {
                if origin.get().handle.is_closed() {
                    return Err(closed("that this one was made from "));
                }
                options.apply(py, &origin.get().open(py)?)
            }
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        match self {
            Self::Own(client) => {
                let client = client.lock().unwrap_or_else(PoisonError::into_inner);
                client.is_none()
            }
            Self::Shared {
                origin, is_closed, ..
            } => is_closed.load(Ordering::SeqCst) || origin.get().handle.is_closed(),
        }
    }

    pub(super) fn close(&self) {
        match self {
            Self::Own(client) => {
                let mut client = client.lock().unwrap_or_else(PoisonError::into_inner);
                drop(client.take());
            }
            Self::Shared { is_closed, .. } => is_closed.store(true, Ordering::SeqCst),
        }
    }
}

impl Client {
    /// A clone, which shares connections and rate limit.
    pub(crate) fn open(&self, py: Python<'_>) -> PyResult<contacts_http::Client> {
        self.handle.open(py)
    }

    pub(crate) const fn account(&self) -> &AccountIdentity {
        &self.account
    }

    pub(crate) fn rate_limits(&self) -> &[RateLimit] {
        &self.rate_limits
    }

    pub(super) fn call<T: Send>(
        &self,
        py: Python<'_>,
        options: CallOptions,
        request: impl FnOnce(&contacts_http::Client) -> Result<T, Error> + Send,
    ) -> PyResult<T> {
        let client = options.apply(py, &self.open(py)?)?;
        let send = || request(&client);
        call::requests(py, send, |result| {
            result.map_err(|e| error::request(py, &e, self.account.base_url()))
        })
    }
}
