//! Environment variables, each case in a child process.

use std::path::Path;
use std::process::Command;

use contacts_http::{ApiKey, BaseUrl, Client, Proxy, Retry};

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
        "http" => builder.base_url(BaseUrl::parse("http://localhost:1/").unwrap()),
        "loopback" => builder.base_url(BaseUrl::parse("https://localhost:1/").unwrap()),
        "ca-bundle" => builder.ca_bundle(file),
        "client-certificate" => builder.client_certificate(&file, &file),
        _ => builder,
    };
    let built = builder.retry(Retry::none()).build();
    let result = match (built, std::env::var(SETTING).as_deref()) {
        (Ok(client), Ok("call")) => client.whoami().unwrap_err().to_string(),
        (built, _) => built.map_or_else(|error| error.to_string(), |_| "built".to_owned()),
    };
    println!("result: {result}");
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
        "REQUESTS_CA_BUNDLE",
        "CURL_CA_BUNDLE",
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
    let invalid = [("HTTPS_PROXY", "ftp://proxy")];
    let error = "invalid proxy in HTTPS_PROXY: the scheme must be http or https";
    assert_eq!(built("default", &invalid), error);
    assert_eq!(built("direct", &invalid), "built");
    assert_eq!(
        built("loopback", &invalid),
        "built",
        "loopback needs no proxy"
    );
}

#[test]
fn a_failed_connection_names_the_variable_of_the_proxy_and_no_password() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let url = format!("http://user:secret@{address}");
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let expected = format!(
            "the API key could not be looked up: no connection through the proxy http://{address} \
             (from {name})"
        );
        assert_eq!(built("call", &[(name, &url)]), expected);
    }
}

#[test]
fn an_unreadable_ca_bundle_is_an_error_that_names_its_variable() {
    let names = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"];
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "").unwrap();
    for name in names {
        let expected = format!("invalid {name}: cannot load `/no/such/file`: ");
        let error = built("default", &[(name, "/no/such/file")]);
        assert!(error.starts_with(&expected), "{error}");
        let error = built("default", &[(name, empty.to_str().unwrap())]);
        let expected = "empty.pem`: it contains no PEM certificate";
        assert!(
            error.starts_with(&format!("invalid {name}: ")) && error.ends_with(expected),
            "{error}"
        );
        let folder = built("default", &[(name, folder.path().to_str().unwrap())]);
        assert!(folder.starts_with(&format!("invalid {name}: ")), "{folder}");
    }
    let all = names.map(|name| (name, "/no/such/file"));
    for (first, name) in names.iter().enumerate() {
        let error = built("default", &all[first..]);
        assert!(error.starts_with(&format!("invalid {name}: ")), "{error}");
    }
    assert_eq!(built("default", &names.map(|name| (name, ""))), "built");
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

#[test]
fn trusted_certificates_are_read_for_https_only() {
    let missing = [("SSL_CERT_FILE", "/missing/ca.pem")];
    assert_eq!(built("http", &missing), "built");
    assert!(built("loopback", &missing).starts_with("invalid SSL_CERT_FILE: cannot load"));
}

#[test]
fn the_environment_names_the_server() {
    let server = |variables: &[(&str, &str)]| {
        let variable = |name: &str| {
            let found = variables.iter().find(|variable| variable.0 == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let url = BaseUrl::from_environment(variable);
        url.map_or_else(
            |error| error.to_string(),
            |url| url.map_or("none".to_owned(), |url| url.to_string()),
        )
    };
    let (url, region) = ("DIGICERT_BASE_URL", "DIGICERT_REGION");
    let found = [
        server(&[]),
        server(&[(url, ""), (region, "")]),
        server(&[(region, "us")]),
        server(&[(url, ""), (region, "eu")]),
        server(&[(url, "http://127.0.0.1:1/v2"), (region, "")]),
        server(&[(region, "asia")]),
        server(&[(url, "http://Marker.example")]),
        server(&[(url, "https://a.example"), (region, "eu")]),
    ];
    insta::assert_snapshot!(found.join("\n"), @"
    none
    none
    https://www.digicert.com/services/v2
    https://certcentral.digicert.eu/services/v2
    http://127.0.0.1:1/v2
    DIGICERT_REGION: expected `us` or `eu`
    invalid DIGICERT_BASE_URL: invalid base URL: http is allowed for loopback only; use https
    DIGICERT_BASE_URL and DIGICERT_REGION: both are set; unset one of them
    ");
}
