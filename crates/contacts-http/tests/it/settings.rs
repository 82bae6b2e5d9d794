//! The settings of a client.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use contacts_core::Outcome;
use contacts_http::{ApiKey, BaseUrl, RateLimit, Retry};

use crate::server::{Server, client_for, order, update};
use crate::tls;

#[test]
fn a_key_is_visible_ascii() {
    for key in ["A", &"x".repeat(47), &"x".repeat(80), "!~"] {
        assert!(ApiKey::parse(key).is_ok(), "{key}");
    }
    for (key, message) in [
        ("", "the API key is empty"),
        (
            "abc\n",
            "the API key ends with white space or a line break; remove it",
        ),
        (
            "abc ",
            "the API key ends with white space or a line break; remove it",
        ),
        (
            "a\r\nHost: x",
            "the API key contains a character that is not visible ASCII; copy it again",
        ),
        (
            " abc",
            "the API key contains a character that is not visible ASCII; copy it again",
        ),
        (
            "schlüssel",
            "the API key contains a character that is not visible ASCII; copy it again",
        ),
    ] {
        assert_eq!(
            ApiKey::parse(key).unwrap_err().to_string(),
            message,
            "{key:?}"
        );
    }
}

#[test]
fn a_base_url_is_encrypted_and_has_no_credentials() {
    for url in [
        "https://www.digicert.com/services/v2",
        "https://proxy.example.com:8443/digicert/",
        "http://localhost:1",
        "http://127.0.0.1:1/x",
        "http://[::1]:1/x",
    ] {
        assert_eq!(
            BaseUrl::parse(url).unwrap().to_string(),
            url.trim_end_matches('/')
        );
    }
    for (url, message) in [
        (
            "http://www.digicert.com/services/v2",
            "http is allowed for loopback only; use https",
        ),
        (
            "http://127.0.0.1.evil.example/",
            "http is allowed for loopback only; use https",
        ),
        (
            "http://localhost.evil.example/",
            "http is allowed for loopback only; use https",
        ),
        ("ftp://127.0.0.1/", "the scheme must be https"),
        (
            "http://127.0.0.1:99999/v2",
            "the port must be a number from 1 to 65535",
        ),
        (
            "https://api.example:/v2",
            "the port must be a number from 1 to 65535",
        ),
        (
            "https://[::1]:0/v2",
            "the port must be a number from 1 to 65535",
        ),
        (
            "https://user:secret@www.digicert.com/",
            "a user name or password is not allowed",
        ),
        (
            "https://www.digicert.com/?x",
            "a query or fragment is not allowed",
        ),
        (
            "https://www.digicert.com/#x",
            "a query or fragment is not allowed",
        ),
        ("/services/v2", "the scheme or the host is missing"),
        ("www.digicert.com", "the scheme must be https"),
        ("https://a b/", "not a URL"),
        ("", "not a URL"),
    ] {
        let error = BaseUrl::parse(url).unwrap_err().to_string();
        assert_eq!(error, format!("invalid base URL: {message}"), "{url}");
    }
}

#[test]
fn a_user_agent_suffix_cannot_add_a_header() {
    let built = |suffix| {
        let builder = client_for("http://127.0.0.1:1").user_agent_suffix(suffix);
        builder.build().map_err(|error| error.to_string())
    };
    for suffix in ["a\r\nX-Evil: 1", "a\nb", "\u{7f}", "é"] {
        let error = built(suffix).unwrap_err();
        assert!(
            error.starts_with("invalid user agent suffix"),
            "{suffix:?}: {error}"
        );
    }
    assert!(built("acme/2 (x; y)").is_ok());
}

#[test]
fn a_user_agent_suffix_follows_the_name_of_this_client() {
    let server = Server::with_status("204 No Content", "", "");
    let builder = client_for(&server.base_url()).user_agent_suffix("acme/2");
    builder
        .build()
        .unwrap()
        .update_contacts(order(), &update())
        .unwrap();
    let expected = format!(
        "user-agent: digicert-contacts/{} acme/2\r\n",
        env!("CARGO_PKG_VERSION")
    );
    assert!(server.requests()[0].contains(&expected));
}

#[test]
fn default_headers_are_sent_with_each_request_and_do_not_replace_those_of_the_client() {
    let server = Server::with_status("204 No Content", "", "");
    let client = client_for(&server.base_url())
        .default_header("X-Gateway-Token", "a b=c")
        .default_header("x-empty", "")
        .build()
        .unwrap();
    client.update_contacts(order(), &update()).unwrap();
    let _ = client.order(order());
    let _ = client.order_report();
    let _ = client.organization_emails();
    let requests = server.requests();
    assert_eq!(requests.len(), 4);
    for request in requests {
        let lines = |start: &str| {
            request
                .lines()
                .filter(|line| line.starts_with(start))
                .count()
        };
        assert!(
            request.contains("\r\nx-gateway-token: a b=c\r\n"),
            "{request}"
        );
        assert_eq!(
            (lines("x-empty:"), lines("x-dc-devkey:")),
            (1, 1),
            "{request}"
        );
    }
}

#[test]
fn an_invalid_default_header_is_an_error_without_its_value() {
    let error = |headers: &[(&str, &str)]| {
        let builder = client_for("http://127.0.0.1:1");
        let builder = headers.iter().fold(builder, |builder, (name, value)| {
            builder.default_header(*name, *value)
        });
        assert!(!format!("{builder:?}").contains("Marker"));
        let error = builder.build().unwrap_err().to_string();
        assert!(!error.contains("Marker"), "{error}");
        error
    };
    let long = "Marker".repeat(700);
    let messages = [
        error(&[("X-Dc-DevKey", "Marker")]),
        error(&[("Host", "Marker")]),
        error(&[("Content-Length", "1")]),
        error(&[("user-agent", "Marker")]),
        error(&[("Proxy-Authorization", "Marker")]),
        error(&[("", "Marker")]),
        error(&[("X Y", "Marker")]),
        error(&[("X-A: Marker\r\nX-B", "Marker")]),
        error(&[("X-Token", "Marker\n")]),
        error(&[("X-Token", "Marker\r\nX-Evil: 1")]),
        error(&[("X-Token", " Marker")]),
        error(&[("X-Token", "Marker\u{e9}")]),
        error(&[("X-Token", "Marker"), ("x-token", "Marker")]),
        error(&[("X-Token", &long)]),
    ];
    insta::assert_snapshot!(messages.join("\n"), @"
    invalid header `X-Dc-DevKey`: the client sets it itself, or does not support it
    invalid header `Host`: the client sets it itself, or does not support it
    invalid header `Content-Length`: the client sets it itself, or does not support it
    invalid header `user-agent`: use the user agent suffix
    invalid header `Proxy-Authorization`: add the login to the URL of the proxy
    invalid header name: only letters, digits and - are allowed
    invalid header name: only letters, digits and - are allowed
    invalid header name: only letters, digits and - are allowed
    invalid header `X-Token`: the value may only contain visible ASCII, and spaces between it; remove a line break at the end
    invalid header `X-Token`: the value may only contain visible ASCII, and spaces between it; remove a line break at the end
    invalid header `X-Token`: the value may only contain visible ASCII, and spaces between it; remove a line break at the end
    invalid header `X-Token`: the value may only contain visible ASCII, and spaces between it; remove a line break at the end
    invalid header `x-token`: it is set twice; case is ignored
    invalid headers: names and values of more than 4 KiB in total
    ");
}

#[test]
fn the_longest_timeout_and_window_work_and_longer_ones_are_errors() {
    const DAY: Duration = Duration::from_secs(24 * 3600);
    let server = Server::with_status("204 No Content", "", "");
    let builder = || client_for(&server.base_url());
    let limit = |requests, window| builder().rate_limits([RateLimit::new(requests, window)]);
    let client = limit(1, 365 * DAY).timeout(DAY).build().unwrap();
    client.update_contacts(order(), &update()).unwrap();
    let second = Duration::from_secs(1);
    for (builder, message) in [
        (
            builder().timeout(DAY + second),
            "invalid timeout: at most 24 hours are allowed",
        ),
        (
            builder().timeout(Duration::MAX),
            "invalid timeout: at most 24 hours are allowed",
        ),
        (
            limit(0, second),
            "invalid rate limit: at least one request per window is required",
        ),
        (
            limit(1, 365 * DAY + second),
            "invalid rate limit: a window of at most 365 days is allowed",
        ),
        (
            builder().retry(Retry::new(0, second)),
            "invalid retry policy: at least one attempt is required",
        ),
    ] {
        assert_eq!(builder.build().unwrap_err().to_string(), message);
    }
}

#[test]
fn all_clones_share_the_rate_limit() {
    let server = Server::with_status("204 No Content", "", "");
    let limit = RateLimit::new(2, Duration::from_millis(300));
    let client = client_for(&server.base_url())
        .rate_limits([limit])
        .build()
        .unwrap();
    let started = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let clone = client.clone();
            scope.spawn(move || clone.update_contacts(order(), &update()).unwrap());
        }
    });
    assert!(started.elapsed() >= Duration::from_millis(300));
    assert_eq!(server.requests().len(), 4);
}

#[test]
fn cancelling_ends_a_wait_for_the_rate_limit() {
    let server = Server::with_status("204 No Content", "", "");
    let cancel = Arc::new(AtomicBool::new(false));
    let cancelled = Arc::clone(&cancel);
    let client = client_for(&server.base_url())
        .rate_limits([RateLimit::new(1, Duration::from_secs(3600))])
        .cancelled(move || cancelled.load(Ordering::SeqCst))
        .build()
        .unwrap();
    client.update_contacts(order(), &update()).unwrap();
    let waiting = std::thread::spawn(move || client.update_contacts(order(), &update()));
    std::thread::sleep(Duration::from_millis(20));
    cancel.store(true, Ordering::SeqCst);
    let error = waiting.join().unwrap().unwrap_err();
    assert!(error.is_cancelled());
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_client_certificate_with_another_key_is_an_error_of_the_settings() {
    let (one, other) = (
        tls::Server::start(tls::Case::Right),
        tls::Server::start(tls::Case::Right),
    );
    let ((chain, key), (_, wrong)) = (one.client_certificate(), other.client_certificate());
    let build = |key| {
        client_for(&one.base_url())
            .client_certificate(&chain, key)
            .build()
    };
    assert!(build(&key).is_ok());
    let error = build(&wrong).unwrap_err().to_string();
    let message = "client.key`: it is not the key of the first certificate, or its type is not \
                supported";
    assert!(error.ends_with(message), "{error}");
}
