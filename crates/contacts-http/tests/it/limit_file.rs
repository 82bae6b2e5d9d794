//! The file of a shared rate limit.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use contacts_core::Outcome;
use contacts_http::{Client, Error, OnRateLimit, RateLimit};

use crate::server::{Server, chain, client_for, order, update};

/// A client that shares a file with a limit of 3 requests an hour, and never waits.
fn client_with_file(server: &Server, file: &Path) -> Client {
    let builder = client_for(&server.base_url()).rate_limit_file(file);
    let builder = builder.rate_limits([RateLimit::new(3, Duration::from_secs(3600))]);
    builder.on_rate_limit(OnRateLimit::Fail).build().unwrap()
}

/// Sends requests until one fails. Returns the number of successful ones, and the error.
fn send_until_error(client: &Client) -> (usize, Error) {
    let results = std::iter::repeat_with(|| client.update_contacts(order(), &update()));
    for (sent, result) in results.enumerate() {
        if let Err(error) = result {
            return (sent, error);
        }
    }
    unreachable!()
}

#[test]
fn a_file_shares_the_windows() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::with_status("204 No Content", "", "");
    let client = || client_with_file(&server, &folder.path().join("limit"));
    let (a, b) = (client(), client());
    for client in [&a, &b, &a] {
        client.update_contacts(order(), &update()).unwrap();
    }
    let error = b.update_contacts(order(), &update()).unwrap_err();
    assert!(error.is_rate_limited());
    assert!(
        error.retry_after().unwrap() > Duration::from_secs(60),
        "{error}"
    );
}

#[test]
fn a_rate_limit_file_that_is_invalid_is_an_error_and_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("limit");
    let server = Server::with_status("204 No Content", "", "");
    let client = client_with_file(&server, &file);
    let cause = || {
        let error = client.update_contacts(order(), &update()).unwrap_err();
        std::error::Error::source(&error).unwrap().to_string()
    };
    for damaged in ["", "{", "{\"version\":2}", "null"] {
        fs::write(&file, damaged).unwrap();
        let cause = cause();
        assert!(
            cause.starts_with("not a rate limit file of this version"),
            "{cause}"
        );
        assert_eq!(fs::read_to_string(&file).unwrap(), damaged);
    }
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    assert_eq!(cause(), "not a regular file");
    assert!(server.requests().is_empty());
}

#[test]
#[cfg(unix)]
fn a_pipe_in_place_of_the_file_or_its_lock_is_an_error_and_does_not_block() {
    let server = Server::with_status("204 No Content", "", "");
    for pipe in ["limit", "limit.lock"] {
        let folder = tempfile::tempdir().unwrap();
        let made = Command::new("mkfifo")
            .arg(folder.path().join(pipe))
            .status();
        assert!(made.unwrap().success());
        let client = client_with_file(&server, &folder.path().join("limit"));
        let error = client.update_contacts(order(), &update()).unwrap_err();
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert_eq!(cause, "not a regular file", "{pipe}");
    }
}

#[test]
fn invalid_values_in_a_file_neither_block_for_ever_nor_break_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("limit");
    let server = Server::with_status("204 No Content", "", "");
    let far = r#"{"secs":18446744073709551615,"nanos":0}"#;
    let zero = r#"{"secs":0,"nanos":0}"#;
    for (in_flight, answered, paused_until, percent, lease) in [
        ("9", "", zero, "100", ""),
        ("0", far, zero, "4294967295", ""),
        ("0", "", far, "0", ""),
        ("0", "", zero, "100", far),
    ] {
        let lease = match lease {
            "" => String::new(),
            time => format!(r#"{{"id":1,"begun":{time},"time":{time}}}"#),
        };
        let text = format!(
            r#"{{"version":1,"windows":{{"under_way":{in_flight},"answered":[{answered}],
            "closed_until":{paused_until},"pace":{{"percent":{percent},"answers_since":4294967295,
            "slowed":{far}}}}},"leases":[{lease}],"next_id":18446744073709551615}}"#
        );
        fs::write(&file, &text).unwrap();
        let (sent, error) = send_until_error(&client_with_file(&server, &file));
        assert!(sent <= 3, "{text}");
        assert!(error.is_rate_limited(), "{error} for {text}");
        let wait = error.retry_after().unwrap();
        assert!(wait <= Duration::from_secs(61 * 60), "{wait:?} for {text}");
    }
}

#[test]
fn an_unusable_file_is_an_error_before_anything_is_sent() {
    let server = Server::with_status("204 No Content", "", "");
    let builder = client_for(&server.base_url()).rate_limit_file("/no/such/folder/limit");
    let error = builder
        .build()
        .unwrap()
        .update_contacts(order(), &update())
        .unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    insta::assert_snapshot!(chain(&error), @"the contacts of order 100000001 could not be changed: cannot read or write the rate limit file: No such file or directory (os error 2)");
    assert!(server.requests().is_empty());
}
