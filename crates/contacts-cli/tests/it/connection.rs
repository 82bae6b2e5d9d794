//! Connection options, and a server that cannot be reached.

use std::fmt::Write;

use contacts_cli::{Exit, Io};
use contacts_sandbox::{Fault, RateLimits, Sandbox};

use crate::run::{example, run, run_against, run_on, without_address};

/// The environment of a test.
fn key_variable(key: &str) -> impl Fn(&str) -> Option<String> + use<> {
    let key = key.to_owned();
    move |name| (name == "DIGICERT_API_KEY").then(|| key.clone())
}

/// Runs a command that fails before its first request, and returns its output.
fn refused(args: &[&str]) -> String {
    let io = Io::for_tests().with_environment(key_variable("KEY"));
    run_on(io, &[&["get", "1"], args].concat()).to_string()
}

#[test]
fn invalid_settings_are_rejected_before_any_request() {
    let mut message = String::new();
    for args in [
        &["--rate-limit", "off"][..],
        &["--rate-limit", "100"],
        &["--rate-limit", "5/0"],
        &["--timeout", "0"],
        &["--connect-timeout", "1e99"],
        &["--proxy", "socks5://proxy.example.com"],
        &["--ca-bundle", "/no/such/file"],
        &["--client-cert", "/no/such/file"],
        &["--sandbox", "--rate-limit-file", "/no/such/folder/limit"],
        &["--rate-limit-url", "http://redis"],
        &["--rate-limit-url", "redis://:secret@redis"],
        &[
            "--rate-limit-url",
            "redis://redis",
            "--rate-limit-file",
            "limit",
        ],
        &["--rate-limit-url-file", "/no/such/file"],
    ] {
        let _ = writeln!(message, "$ get 1 {}\n{}", args.join(" "), refused(args));
    }
    insta::assert_snapshot!(message);
}

#[test]
fn a_lower_rate_limit_is_respected() {
    let limits = RateLimits::new([(2, std::time::Duration::from_millis(500))]);
    let sandbox = Sandbox::builder().rate_limits(limits).start().unwrap();
    let url = sandbox.base_url();
    let key = sandbox.api_key().to_owned();
    let io = || {
        let key = key.clone();
        Io::for_tests().with_environment(key_variable(&key))
    };
    let get = ["get", "100000001", "100000002", "100000003", "100000004"];
    let kept = [&get[..], &["--base-url", &url, "--rate-limit", "2/0.5"]].concat();
    let begin = std::time::Instant::now();
    assert!(run_on(io(), &kept).to_string().contains("100000004"));
    assert!(begin.elapsed().as_millis() >= 500, "two requests wait");
    assert!(sandbox.requests().iter().all(|r| r.status == 200));
}

#[test]
fn a_rate_limit_file_is_shared_and_loopback_needs_no_limit() {
    let sandbox = Sandbox::builder().rate_limits(RateLimits::off()).start();
    let sandbox = sandbox.unwrap();
    let (url, key) = (sandbox.base_url(), sandbox.api_key().to_owned());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("limit").display().to_string();
    let io = Io::for_tests().with_environment(key_variable(&key));
    let args = ["get", "100000001", "--base-url", &url];
    let ran = run_on(io, &[&args[..], &["--rate-limit-file", &file]].concat());
    assert!(ran.to_string().contains("order 100000001"), "{ran}");
    assert!(folder.path().join("limit").exists());
    let (url, key) = (sandbox.base_url(), sandbox.api_key().to_owned());
    let io = Io::for_tests().with_environment(key_variable(&key));
    let args = [
        "get",
        "100000001",
        "--base-url",
        &url,
        "--rate-limit",
        "off",
    ];
    assert!(run_on(io, &args).to_string().contains("order 100000001"));
}

/// A port that nothing listens on.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

#[test]
fn the_url_of_a_shared_limit_comes_from_an_option_a_file_or_the_environment() {
    let sandbox = Sandbox::start().unwrap();
    let (base_url, key) = (sandbox.base_url(), sandbox.api_key().to_owned());
    let url = format!("redis://:secret@127.0.0.1:{}", free_port());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("url");
    std::fs::write(&file, format!("{url}\n")).unwrap();
    let file = file.display().to_string();
    let without_password = url.replace(":secret@", "");
    let variable = |url: Option<String>| {
        let key = key_variable(&key);
        move |name: &str| match name {
            "DIGICERT_RATE_LIMIT_URL" => url.clone(),
            name => key(name),
        }
    };
    for (environment, args) in [
        (Some(url), &[][..]),
        (None, &["--rate-limit-url", &without_password]),
        (None, &["--rate-limit-url-file", &file]),
    ] {
        let io = Io::for_tests().with_environment(variable(environment.clone()));
        let get = ["get", "100000001", "--base-url", &base_url];
        let ran = run_on(io, &[&get[..], args].concat());
        assert_eq!(ran.exit, Exit::Failed, "{ran}");
        assert!(
            ran.stderr.contains("the rate limit store at 127.0.0.1:"),
            "{ran}"
        );
        assert!(
            ran.stderr.contains("cannot be reached: Connection refused"),
            "{ran}"
        );
        assert!(!ran.stderr.contains("secret"), "{ran}");
    }
    assert!(sandbox.requests().is_empty(), "a request without a permit");
    let ignored = variable(Some("redis://127.0.0.1:1".to_owned()));
    let io = Io::for_tests().with_environment(ignored);
    let ran = run_on(io, &["get", "100000001", "--sandbox"]);
    assert_eq!(ran.exit, Exit::Done, "{ran}");
}

#[test]
fn an_unreachable_server_is_an_error() {
    let sandbox = Sandbox::start().unwrap();
    let (address, base_url) = (sandbox.address().to_string(), sandbox.base_url());
    drop(sandbox);
    let file = example("contacts.csv");
    for args in [vec!["plan", &file], vec!["get", "100000001"]] {
        let io = Io::for_tests().with_environment(key_variable("key"));
        let ran = run_on(io, &[&args[..], &["--base-url", &base_url]].concat());
        assert_eq!(ran.exit, Exit::Failed, "{ran}");
        assert!(
            ran.stderr.contains("no connection (after 3 attempts): ")
                && ran.stderr.lines().count() == 1,
            "{ran}"
        );
        assert!(!ran.stderr.contains(&address));
    }
}

#[test]
fn the_timeout_of_a_request_is_an_option() {
    let sandbox = Sandbox::start().unwrap();
    let wait = std::time::Duration::from_millis(700);
    sandbox.add_fault(Fault::delay(wait)).unwrap();
    let get = |timeout| run_against(&sandbox, &["get", "100000001", "--timeout", timeout]);
    assert_eq!(get("30").exit, Exit::Done);
    let ran = get("0.2");
    assert_eq!(ran.exit, Exit::Failed);
    assert!(
        ran.stderr.contains("timed out after 0.2 s, the `timeout`"),
        "{ran}"
    );
}

#[test]
fn a_web_page_in_front_of_the_api_is_not_about_the_key() {
    let page = "<html><head><title>Request blocked</title></head></html>";
    let sandbox = Sandbox::start().unwrap();
    let fault = Fault::status_with_body(403, page).method("PUT");
    sandbox.add_fault(fault).unwrap();
    let ran = run_against(&sandbox, &["apply", &example("contacts.csv"), "--yes"]);
    assert_eq!(ran.exit, Exit::Failed, "{ran}");
    let message = "the server answered 403 with a web page titled \"Request blocked\"";
    assert!(ran.to_string().contains(message), "{ran}");
    sandbox
        .add_fault(Fault::status_with_body(403, page))
        .unwrap();
    assert_eq!(run_against(&sandbox, &["whoami"]).exit, Exit::Failed);
}

#[test]
fn invalid_addresses_and_order_ids_are_rejected() {
    for (args, says) in [
        (
            ["get", "../x", "--sandbox"].as_slice(),
            "order_id: not an order id",
        ),
        (
            &["get", "7", "--base-url", "http://example.com"],
            "http is allowed for loopback only",
        ),
        (&["get", "7", "--base-url", "nonsense"], "invalid base URL"),
    ] {
        let io = Io::for_tests().with_environment(key_variable("key"));
        let ran = run_on(io, args);
        assert_eq!(ran.exit, Exit::Usage);
        assert!(ran.stderr.contains(says), "{ran}");
    }
    let sandbox = Sandbox::start().unwrap();
    let port = sandbox.address().port().to_string();
    let ran = run(&["sandbox", "--port", &port]);
    assert_eq!(ran.exit, Exit::Failed);
    assert!(
        without_address(&ran.stderr, &sandbox)
            .starts_with("error: the sandbox cannot listen on [sandbox]: ")
    );
}
