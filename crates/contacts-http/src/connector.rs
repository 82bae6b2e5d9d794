//! Marks what goes wrong while connecting, since no error of ureq says in which phase it came.

use std::fmt;

use ureq::unversioned::transport::{ConnectionDetails, Connector, DefaultConnector, Transport};

/// ureq's own connector. It looks after the proxy and the TLS handshake, so that nothing of a
/// request is sent before it is done.
#[derive(Debug, Default)]
pub(crate) struct Marking(DefaultConnector);

/// An error that came before anything of a request was sent.
#[derive(Debug)]
pub(crate) struct BeforeSending(pub(crate) ureq::Error);

impl Connector<()> for Marking {
    type Out = Box<dyn Transport>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        let connected = self.0.connect(details, chained);
        connected.map_err(|error| ureq::Error::Other(Box::new(BeforeSending(error))))
    }
}

impl fmt::Display for BeforeSending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for BeforeSending {}
