use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter};
use std::net::SocketAddr;
use std::path::Path;

use serde_json::{Value, json};

use crate::data::account::Account;
use crate::data::order::Order;
use crate::data::record::{ContactChange, RecordedRequest};
use crate::data::shared::SharedState;
use crate::data::snapshot::{self, Snapshot};
use crate::fault::{Fault, FaultError};
use crate::http::listener::Listener;
use crate::http::loopback::is_loopback;

/// A running sandbox. Dropping it shuts it down.
///
/// Each instance has its own account and its own port, so that tests can run in parallel.
///
/// ```
/// let sandbox = contacts_sandbox::Sandbox::start()?;
/// assert!(sandbox.base_url().starts_with("http://127.0.0.1:"));
/// assert!(sandbox.requests().is_empty());
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Sandbox {
    shared: SharedState,
    api: Listener,
    admin: Option<Listener>,
}

/// Only the addresses.
impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("address", &self.address())
            .field("admin", &self.admin.as_ref().map(Listener::address))
            .finish_non_exhaustive()
    }
}

impl Sandbox {
    pub(crate) const fn new(shared: SharedState, api: Listener, admin: Option<Listener>) -> Self {
        Self { shared, api, admin }
    }

    /// The address that it listens on.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.api.address()
    }

    /// The base URL, in place of `https://www.digicert.com/services/v2`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/services/v2", self.address())
    }

    /// The URL of the admin address, if it has one.
    #[must_use]
    pub fn admin_url(&self) -> Option<String> {
        let address = self.admin.as_ref()?.address();
        Some(format!("http://{address}"))
    }

    /// The unrestricted key of the demo account.
    #[must_use]
    pub const fn api_key(&self) -> &str {
        Account::DEMO_KEY
    }

    /// A warning for users, if the sandbox listens on an address other than loopback.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        warning(self.address())
    }

    /// The current order, including each `language_id`; also an order of another account, which no
    /// key can read.
    #[must_use]
    pub fn order(&self, id: u64) -> Option<Value> {
        self.shared
            .with(|state, _| state.account.order_anywhere(id).map(Order::to_value))
    }

    /// The latest 100,000 requests to the API, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared
            .with(|state, _| state.requests.iter().cloned().collect())
    }

    /// The latest 100,000 changes, oldest first.
    ///
    /// ```
    /// let sandbox = contacts_sandbox::Sandbox::start()?;
    /// assert!(sandbox.changes().is_empty());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn changes(&self) -> Vec<ContactChange> {
        self.shared
            .with(|state, _| state.changes.iter().cloned().collect())
    }

    /// The changes of one order, oldest first.
    #[must_use]
    pub fn history(&self, order_id: u64) -> Vec<ContactChange> {
        self.shared
            .with(|state, _| state.changes_of(order_id).cloned().collect())
    }

    /// The numbers of orders, requests and changes, and the role and rate windows of each key; in
    /// the form of `GET /state` on the admin address.
    ///
    /// ```
    /// let sandbox = contacts_sandbox::Sandbox::start()?;
    /// assert_eq!(sandbox.state()["orders"], 14);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn state(&self) -> Value {
        self.shared.with(|state, now| state.summary(now))
    }

    /// Adds a fault and returns its id.
    ///
    /// # Errors
    /// Returns an error if a setting is invalid, or if there are 1000 faults already.
    pub fn add_fault(&self, fault: Fault) -> Result<u64, FaultError> {
        self.shared.with(|state, _| state.faults.add(fault))
    }

    /// Removes a fault, if it still exists.
    pub fn remove_fault(&self, id: u64) {
        self.shared.with(|state, _| state.faults.remove(id));
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.shared.with(|state, _| state.faults.clear());
    }

    /// The current faults as JSON objects, each with its `id` and the number of requests on which it
    /// `acted`.
    #[must_use]
    pub fn faults(&self) -> Value {
        self.shared.with(|state, _| json!(state.faults.list()))
    }

    /// Writes the account and its changes to a file that only its owner can read, and replaces an
    /// existing file. Rate windows, faults and recorded requests are not included.
    ///
    /// ```
    /// # let file = std::env::temp_dir().join(format!("sandbox-doc-{}", std::process::id()));
    /// let sandbox = contacts_sandbox::Sandbox::start()?;
    /// sandbox.save(&file)?;
    /// sandbox.restore(&file)?;
    /// # std::fs::remove_file(&file)?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// Returns the operating system's error; an existing file is unchanged then.
    pub fn save(&self, file: impl AsRef<Path>) -> io::Result<()> {
        let file = file.as_ref();
        let mut name = file.as_os_str().to_owned();
        name.push(".part");
        let part = Path::new(&name);
        let mut output = BufWriter::new(create_private(part)?);
        let written = self
            .shared
            .with(|state, _| snapshot::write(&state.account, &state.changes, &mut output))
            .and_then(|()| std::fs::rename(part, file));
        if written.is_err() {
            let _ = std::fs::remove_file(part);
        }
        written
    }

    /// Replaces the account and its changes by those of a file that [`save`](Self::save) wrote, and
    /// clears the rate windows.
    ///
    /// # Errors
    /// Returns the operating system's error, or `InvalidData` if the file is not a snapshot; nothing
    /// is changed then.
    pub fn restore(&self, file: impl AsRef<Path>) -> io::Result<()> {
        let snapshot = Snapshot::read(&mut BufReader::new(File::open(file)?))?;
        self.shared.restore(snapshot);
        Ok(())
    }
}

/// Creates a file that only its owner can read, in place of one that an interrupted save left.
fn create_private(path: &Path) -> io::Result<File> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn warning(address: SocketAddr) -> Option<String> {
    (!is_loopback(address.ip())).then(|| {
        format!(
            "the sandbox listens on {address}, which is not loopback: it has no encryption and its \
             keys are public, so everyone who can reach it can read and change its account; do not \
             use it on a network"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::warning;

    #[test]
    fn a_sandbox_on_a_network_has_a_warning() {
        for loopback in [
            "127.0.0.1:80",
            "127.9.9.9:80",
            "[::1]:80",
            "[::ffff:127.0.0.1]:80",
        ] {
            assert_eq!(warning(loopback.parse().unwrap()), None);
        }
        for network in ["0.0.0.0:80", "[::]:80", "192.0.2.1:80"] {
            let warning = warning(network.parse().unwrap()).unwrap();
            assert!(warning.ends_with("do not use it on a network"), "{warning}");
        }
    }
}
