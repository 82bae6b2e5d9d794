//! Whom to trust, and who we are.

use std::fs;
use std::path::{Path, PathBuf};

use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, parse_pem};

use crate::build_error::BuildError;

pub(crate) fn config(
    ca_bundle: Option<&Path>,
    client_certificate: Option<&(PathBuf, PathBuf)>,
) -> Result<TlsConfig, BuildError> {
    let roots = match ca_bundle {
        Some(file) => RootCerts::new_with_certs(&certificates(file)?),
        None => RootCerts::PlatformVerifier,
    };
    let identity = client_certificate.map(|(chain, key)| identity(chain, key));
    let config = TlsConfig::builder().root_certs(roots);
    Ok(config.client_cert(identity.transpose()?).build())
}

fn identity(chain: &Path, key: &Path) -> Result<ClientCert, BuildError> {
    let chain = certificates(chain)?;
    let pem = read(key)?;
    let file = key;
    let key = PrivateKey::from_pem(&pem)
        .map_err(|_| BuildError::file(file, "it contains no PEM private key"))?;
    if !belong_together(&chain, &key) {
        let why = "it is not the key of the first certificate, or its type is not supported";
        return Err(BuildError::file(file, why));
    }
    Ok(ClientCert::new_with_certs(&chain, key))
}

/// ureq panics at the first request where they don't.
fn belong_together(chain: &[Certificate<'_>], key: &PrivateKey<'_>) -> bool {
    let own = |certificate: &Certificate<'_>| CertificateDer::from(certificate.der()).into_owned();
    let Ok(key) = PrivateKeyDer::try_from(key.der()) else {
        return false;
    };
    let chain = chain.iter().map(own).collect();
    CertifiedKey::from_der(chain, key.clone_key(), &ring::default_provider()).is_ok()
}

fn certificates(file: &Path) -> Result<Vec<Certificate<'static>>, BuildError> {
    let pem = read(file)?;
    let mut found = Vec::new();
    for item in parse_pem(&pem) {
        match item {
            Ok(PemItem::Certificate(certificate)) => found.push(certificate),
            Ok(_) => {}
            Err(_) => return Err(BuildError::file(file, "it is not a PEM file")),
        }
    }
    if found.is_empty() {
        return Err(BuildError::file(file, "it contains no PEM certificate"));
    }
    Ok(found)
}

fn read(file: &Path) -> Result<Vec<u8>, BuildError> {
    fs::read(file).map_err(|error| BuildError::file(file, error.to_string()))
}
