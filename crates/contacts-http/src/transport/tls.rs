//! Trusted certificates, the client certificate, and what is wrong with one of the server.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{env, fs};

use rustls::CertificateError;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, parse_pem};

use crate::client::SettingError;

/// What other tools take the trusted certificates from, in the order of precedence.
const VARIABLES: [&str; 3] = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"];

/// The certificates of a PEM file.
pub(crate) fn roots(file: &Path) -> Result<RootCerts, SettingError> {
    Ok(RootCerts::new_with_certs(&certificates(file)?))
}

pub(crate) const PLATFORM: &str = "the platform";

/// The certificates of the file that the environment names, otherwise those of the platform, and
/// where they come from. Without TLS, there are none to check.
pub(crate) fn default_roots(uses_tls: bool) -> Result<(RootCerts, &'static str), SettingError> {
    let set = |name| Some((name, env::var_os(name).filter(|file| !file.is_empty())?));
    match VARIABLES.into_iter().find_map(set) {
        Some((name, file)) if uses_tls => {
            let roots = roots(Path::new(&file)).map_err(|error| error.in_variable(name))?;
            Ok((roots, name))
        }
        _ => Ok((RootCerts::PlatformVerifier, PLATFORM)),
    }
}

pub(crate) fn config(
    roots: RootCerts,
    client_certificate: Option<&(PathBuf, PathBuf)>,
) -> Result<TlsConfig, SettingError> {
    let identity = client_certificate.map(|(chain, key)| identity(chain, key));
    let provider = CryptoProvider::get_default().cloned();
    let config = TlsConfig::builder()
        .root_certs(roots)
        .unversioned_rustls_crypto_provider(
            provider.unwrap_or_else(|| Arc::new(ring::default_provider())),
        );
    Ok(config.client_cert(identity.transpose()?).build())
}

fn identity(chain: &Path, key_file: &Path) -> Result<ClientCert, SettingError> {
    let chain = certificates(chain)?;
    let key = PrivateKey::from_pem(&read(key_file)?)
        .map_err(|_| SettingError::file(key_file, "it contains no PEM private key"))?;
    if !is_key_of(&chain, &key) {
        let why = "it is not the key of the first certificate, or its type is not supported";
        return Err(SettingError::file(key_file, why));
    }
    Ok(ClientCert::new_with_certs(&chain, key))
}

/// Without this check, ureq panics at the first request with the wrong key.
fn is_key_of(chain: &[Certificate<'_>], key: &PrivateKey<'_>) -> bool {
    let der = |certificate: &Certificate<'_>| CertificateDer::from(certificate.der()).into_owned();
    let chain = chain.iter().map(der).collect();
    PrivateKeyDer::try_from(key.der()).is_ok_and(|key| {
        CertifiedKey::from_der(chain, key.clone_key(), &ring::default_provider()).is_ok()
    })
}

fn certificates(file: &Path) -> Result<Vec<Certificate<'static>>, SettingError> {
    let pem = read(file)?;
    let items = parse_pem(&pem).collect::<Result<Vec<_>, _>>();
    let items = items.map_err(|_| SettingError::file(file, "it is not a PEM file"))?;
    let certificates: Vec<_> = items
        .into_iter()
        .filter_map(|item| match item {
            PemItem::Certificate(certificate) => Some(certificate),
            _ => None,
        })
        .collect();
    if certificates.is_empty() {
        let why = "it contains no PEM certificate";
        return Err(SettingError::file(file, why));
    }
    Ok(certificates)
}

fn read(file: &Path) -> Result<Vec<u8>, SettingError> {
    fs::read(file).map_err(|error| SettingError::file(file, error))
}

/// What is wrong with a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CertificateProblem {
    #[error("the certificate of the server is not trusted: unknown issuer")]
    UnknownIssuer,
    #[error("the certificate of the server is for another host; check the base URL and the proxy")]
    WrongHost,
    #[error("the certificate of the server has expired, or the clock of this machine is wrong")]
    Expired,
    #[error(
        "the certificate of the server is not valid yet, or the clock of this machine is wrong"
    )]
    NotValidYet,
    #[error("the certificate of the server is not trusted")]
    Other,
}

impl CertificateProblem {
    pub(crate) fn of(error: &CertificateError) -> Self {
        match error {
            // A bad signature: an issuer of the same name has another key.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => Self::UnknownIssuer,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Self::WrongHost
            }
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Self::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                Self::NotValidYet
            }
            _ => Self::Other,
        }
    }
}
