//! Environment variables, each case in a child process.

use std::path::Path;
use std::process::Command;

use contacts_http::{ApiKey, BaseUrl, Client, Proxy};

const SETTING: &str = "CONTACTS_TEST_SETTING";
const FILE: &str = "CONTACTS_TEST_FILE";

/// Builds a client with one setting, and prints the result.
#[test]
#[ignore = "started by the tests below"]
#[expect(clippy::print_stdout, reason = "the parent reads it")]
fn a_process_that_builds_a_client() {
    let builder = Client::builder(ApiKey::parse("K").unwrap());
    let file = std::env::var(FILE).unwrap_or_default();
    let builder = match std::env::var(SETTING).unwrap().as_str() {
        "direct" => builder.proxy(Proxy::direct()),
        "loopback" => builder.base_url(BaseUrl::parse("https://localhost:1/").unwrap()),
        "ca-bundle" => builder.ca_bundle(file),
        "client-certificate" => builder.client_certificate(&file, &file),
        _ => builder,
    };
    let built = builder.build();
    println!(
        "result: {}",
        built.map_or_else(|error| error.to_string(), |_| "built".to_owned())
    );
}

fn built_with(setting: &str, file: &Path, environment: &[(&str, &str)]) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap());
    let test = "environment::a_process_that_builds_a_client";
    child.args([test, "--exact", "--ignored", "--nocapture"]);
    for name in [
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
        "SSL_CERT_FILE",
    ] {
        child.env_remove(name);
    }
    child.env(SETTING, setting).env(FILE, file);
    child.envs(environment.iter().copied());
    let output = String::from_utf8(child.output().unwrap().stdout).unwrap();
    let (_, result) = output.split_once("result: ").unwrap();
    result.lines().next().unwrap().to_owned()
}

fn built(setting: &str, environment: &[(&str, &str)]) -> String {
    built_with(setting, Path::new(""), environment)
}

#[test]
fn the_environment_selects_the_proxy_and_the_trusted_certificates() {
    assert_eq!(built("default", &[]), "built");
    let missing = [("SSL_CERT_FILE", "/no/such/file")];
    let error = built("default", &missing);
    assert!(
        error.starts_with("cannot load `/no/such/file`: "),
        "{error}"
    );
    assert_eq!(built("default", &[("SSL_CERT_FILE", "")]), "built");
    let invalid = [("HTTPS_PROXY", "socks5://proxy")];
    let error = "invalid proxy: the scheme must be http or https";
    assert_eq!(built("default", &invalid), error);
    assert_eq!(built("direct", &invalid), "built");
    assert_eq!(
        built("loopback", &invalid),
        "built",
        "loopback needs no proxy"
    );
}

#[test]
fn a_ca_bundle_overrides_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("empty.pem");
    std::fs::write(&file, "").unwrap();
    let missing = [("SSL_CERT_FILE", "/no/such/file")];
    let error = built_with("ca-bundle", &file, &missing);
    assert!(
        error.ends_with("empty.pem`: it contains no PEM certificate"),
        "{error}"
    );
    let error = built_with("client-certificate", &file, &[]);
    assert!(error.ends_with("it contains no PEM certificate"), "{error}");
}
