//! A TLS server without an HTTP library, which responds with 204.

use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use crate::server::read_request;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Right,
    SelfSigned,
    Expired,
    WrongName,
    UnknownIssuer,
    RequiresCertificate,
    /// Responds in plain text.
    PlainResponse,
}

/// The cases with a deterministic result. A server that requires a certificate sends its alert after the
/// client has started to send, and whether the alert or the closed connection comes first varies.
pub(crate) const CASES: [Case; 5] = [
    Case::Right,
    Case::SelfSigned,
    Case::Expired,
    Case::WrongName,
    Case::UnknownIssuer,
];

impl Case {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::SelfSigned => "self-signed",
            Self::Expired => "expired",
            Self::WrongName => "wrong name",
            Self::UnknownIssuer => "unknown issuer",
            Self::RequiresCertificate => "requires a client certificate",
            Self::PlainResponse => "responds in plain text",
        }
    }
}

pub(crate) struct Server {
    address: SocketAddr,
    requests: Arc<AtomicUsize>,
    folder: tempfile::TempDir,
}

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate for a case, and its key.
fn certificate(
    case: Case,
    issuer: &CertifiedIssuer<'static, KeyPair>,
) -> (CertificateDer<'static>, KeyPair) {
    let name = if case == Case::WrongName {
        "other.example"
    } else {
        "localhost"
    };
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    if case == Case::Expired {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
    }
    let key = KeyPair::generate().unwrap();
    let certificate = match case {
        Case::SelfSigned => params.self_signed(&key).unwrap(),
        Case::UnknownIssuer => params.signed_by(&key, &authority()).unwrap(),
        _ => params.signed_by(&key, issuer).unwrap(),
    };
    (certificate.der().clone(), key)
}

impl Server {
    pub(crate) fn start(case: Case) -> Self {
        let issuer = authority();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), issuer.pem()).unwrap();
        let client_key = KeyPair::generate().unwrap();
        let client = CertificateParams::new(vec!["client".to_owned()]).unwrap();
        let client = client.signed_by(&client_key, &issuer).unwrap();
        std::fs::write(folder.path().join("client.pem"), client.pem()).unwrap();
        std::fs::write(folder.path().join("client.key"), client_key.serialize_pem()).unwrap();

        let (certificate, key) = certificate(case, &issuer);
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(Arc::clone(&provider));
        let config = config.with_safe_default_protocol_versions().unwrap();
        let config = if case == Case::RequiresCertificate {
            let mut roots = RootCertStore::empty();
            roots.add(issuer.der().clone()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            config.with_client_cert_verifier(verifier.build().unwrap())
        } else {
            config.with_no_client_auth()
        };
        let config = Arc::new(config.with_single_cert(vec![certificate], key).unwrap());

        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&requests);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
                let mut stream = StreamOwned::new(connection, stream.unwrap());
                if read_request(&mut stream).starts_with("PUT ") {
                    counted.fetch_add(1, Ordering::SeqCst);
                    let response = b"HTTP/1.1 204 No Content\r\n\r\n";
                    let _ = match case {
                        Case::PlainResponse => stream.sock.write_all(response),
                        _ => stream.write_all(response),
                    };
                }
            }
        });
        Self {
            address,
            requests,
            folder,
        }
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn base_url(&self) -> String {
        format!("https://localhost:{}/v2", self.address.port())
    }

    pub(crate) fn ca_bundle(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    pub(crate) fn client_certificate(&self) -> (PathBuf, PathBuf) {
        let of = |name: &str| self.folder.path().join(name);
        (of("client.pem"), of("client.key"))
    }

    /// The number of decrypted requests.
    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}
