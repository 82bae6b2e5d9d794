//! TLS with the certificates that the client trusts for the API.

use std::sync::{Arc, OnceLock};

use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, Error, RootCertStore};
use rustls_platform_verifier::Verifier;
use ureq::tls::{RootCerts, TlsConfig};

use super::error::Problem;

/// The settings, which become a configuration at the first connection.
pub(crate) struct TlsSetup {
    settings: TlsConfig,
    config: OnceLock<Arc<ClientConfig>>,
}

impl TlsSetup {
    pub(crate) const fn new(settings: TlsConfig) -> Self {
        Self {
            settings,
            config: OnceLock::new(),
        }
    }

    pub(super) fn config(&self) -> Result<Arc<ClientConfig>, Problem> {
        if let Some(config) = self.config.get() {
            return Ok(Arc::clone(config));
        }
        let built = build(&self.settings).map_err(|error| Problem::of_tls(&error))?;
        Ok(Arc::clone(self.config.get_or_init(|| Arc::new(built))))
    }
}

fn build(settings: &TlsConfig) -> Result<ClientConfig, Error> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider));
    let builder = builder.with_safe_default_protocol_versions()?;
    let builder = match settings.root_certs() {
        RootCerts::Specific(certificates) => {
            let mut roots = RootCertStore::empty();
            let der = certificates
                .iter()
                .map(|root| CertificateDer::from(root.der()));
            roots.add_parsable_certificates(der);
            builder.with_root_certificates(roots)
        }
        // Not dangerous: it checks as the platform does.
        _ => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Verifier::new(provider)?)),
    };
    let Some(identity) = settings.client_cert() else {
        return Ok(builder.with_no_client_auth());
    };
    let chain = identity.certs().iter();
    let chain = chain.map(|certificate| CertificateDer::from(certificate.der()).into_owned());
    let key = PrivateKeyDer::try_from(identity.private_key().der());
    let key = key.map_err(|error| Error::General(error.to_owned()))?;
    builder.with_client_auth_cert(chain.collect(), key.clone_key())
}
