use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Write};
use std::net::SocketAddr;
use std::path::Path;

use serde_json::Value;

use crate::account::Account;
use crate::fault::Fault;
use crate::fault_text::FaultError;
use crate::history::ContactChange;
use crate::inside::Inside;
use crate::listener::Listener;
use crate::local::of_this_machine;
use crate::log::RecordedRequest;

use crate::snapshot;

/// A running sandbox. It stops when it is dropped.
///
/// Each instance has its own account and its own port, so that tests can run side by side.
///
/// ```
/// let sandbox = contacts_sandbox::Sandbox::start()?;
/// assert!(sandbox.base_url().starts_with("http://127.0.0.1:"));
/// assert!(sandbox.requests().is_empty());
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Sandbox {
    api_key: String,
    inside: Inside,
    api: Listener,
    admin: Option<Listener>,
}

/// Without what it holds.
impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("address", &self.address())
            .field("admin", &self.admin.as_ref().map(Listener::address))
            .finish_non_exhaustive()
    }
}

impl Sandbox {
    pub(crate) fn new(inside: Inside, api: Listener, admin: Option<Listener>) -> Self {
        Self {
            api_key: Account::DEMO_KEY.to_owned(),
            inside,
            api,
            admin,
        }
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.api.address()
    }

    /// What stands in for `https://www.digicert.com/services/v2`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/services/v2", self.address())
    }

    /// Where its admin address is, if it has one.
    #[must_use]
    pub fn admin_url(&self) -> Option<String> {
        let address = self.admin.as_ref()?.address();
        Some(format!("http://{address}"))
    }

    /// The unrestricted key of the demo account.
    #[must_use]
    pub fn api_key(&self) -> &str {
        &self.api_key
    }

    /// What to tell people if it listens to more than this machine.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        warning(self.address())
    }

    /// An order as it stands now, with everything that was ever set, `language_id` included; also
    /// one of another account, which no key can read.
    #[must_use]
    pub fn order(&self, id: u64) -> Option<Value> {
        self.inside.with(|state, _| {
            let order = state.account.order_anywhere(id)?;
            Some(order.whole())
        })
    }

    /// The requests that were answered, oldest first; the latest 100,000 are kept.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.inside
            .with(|state, _| state.log.iter().cloned().collect())
    }

    /// Every contact that was written, oldest first; the latest 100,000 are kept.
    ///
    /// ```
    /// let sandbox = contacts_sandbox::Sandbox::start()?;
    /// assert!(sandbox.changes().is_empty());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn changes(&self) -> Vec<ContactChange> {
        self.inside
            .with(|state, _| state.history.iter().cloned().collect())
    }

    /// The contacts that were written to one order, oldest first.
    #[must_use]
    pub fn history(&self, order_id: u64) -> Vec<ContactChange> {
        self.inside.with(|state, _| state.history_of(order_id))
    }

    /// How it stands: orders, requests and changes by number, and for each key its role and how full
    /// its rate windows are. The form is that of `GET /state` on the admin address.
    ///
    /// ```
    /// let sandbox = contacts_sandbox::Sandbox::start()?;
    /// assert_eq!(sandbox.state()["orders"], 14);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn state(&self) -> Value {
        self.inside.with(|state, now| state.summary(now))
    }

    /// Adds a fault and returns the number by which it can be removed.
    ///
    /// # Errors
    /// There are 1000 faults already.
    pub fn add_fault(&self, fault: Fault) -> Result<u64, FaultError> {
        self.inside.with(|state, _| state.faults.add(fault))
    }

    /// Removes a fault, if it is still there.
    pub fn remove_fault(&self, id: u64) {
        self.inside.with(|state, _| state.faults.remove(id));
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.inside.with(|state, _| state.faults.clear());
    }

    /// The faults that are there, each as an object with its `id` and how often it has `acted`.
    #[must_use]
    pub fn faults(&self) -> Value {
        self.inside.with(|state, _| state.faults.json())
    }

    /// Writes account and history to a file of its owner's alone, which takes the place of the one
    /// that is there. Rate windows, faults and the log of requests are not part of it.
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
    /// The operating system's error; the file that was there is whole then.
    pub fn save(&self, file: impl AsRef<Path>) -> io::Result<()> {
        let file = file.as_ref();
        let mut name = file.as_os_str().to_owned();
        name.push(".part");
        let part = Path::new(&name);
        let mut out = BufWriter::new(private(part)?);
        let written = self
            .inside
            .with(|state, _| snapshot::write(&state.account, &state.history, &mut out))
            .and_then(|()| out.flush())
            .and_then(|()| std::fs::rename(part, file));
        if written.is_err() {
            let _ = std::fs::remove_file(part);
        }
        written
    }

    /// Takes account and history from a file that [`save`](Self::save) wrote, in place of what it
    /// holds. The rate windows are empty afterwards.
    ///
    /// # Errors
    /// The operating system's error, or `InvalidData` if the file is not such a snapshot; nothing
    /// is changed then.
    pub fn restore(&self, file: impl AsRef<Path>) -> io::Result<()> {
        let read = snapshot::read(&mut BufReader::new(File::open(file)?))?;
        self.inside.replace(read);
        Ok(())
    }
}

/// Begins a file that nobody else may read, in place of what an earlier try left.
fn private(path: &Path) -> io::Result<File> {
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
    (!of_this_machine(address.ip())).then(|| {
        format!(
            "the sandbox listens on {address}, which is not loopback: it has no encryption, its keys \
             are published, and everybody who reaches it can read and change what it holds; it is \
             not for a network"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::warning;

    #[test]
    fn a_sandbox_on_a_network_says_so() {
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
            assert!(warning.ends_with("it is not for a network"), "{warning}");
        }
    }
}
