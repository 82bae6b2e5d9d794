//! TLS, proxies, and connections that the server closes.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use contacts_core::Outcome;
use contacts_http::{Error, Proxy, Retry};

use crate::matrix::line;
use crate::server::{Server, chain, client_for, order, read_request, update};
use crate::tls;

#[test]
fn a_missing_server_is_an_error_after_three_attempts() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let named = [
        ("refused", base_url.as_str()),
        ("no such host", "https://no-such-host.invalid/v2"),
    ];
    let lines: Vec<_> = named
        .map(|(name, url)| {
            let client = client_for(url).retry(Retry::default()).build().unwrap();
            let result = client.update_contacts(order(), &update());
            line(name, result, "0 requests", Duration::ZERO)
        })
        .to_vec();
    insta::assert_snapshot!(lines.join("\n"), @"
    refused: not-sent | 0 requests | 0 s of waiting at most | connect, retryable, unavailable | no connection (after 3 attempts)
    no such host: not-sent | 0 requests | 0 s of waiting at most | connect, retryable, unavailable | no connection (after 3 attempts)
    ");
}

#[test]
fn the_key_is_not_sent_to_a_server_with_an_untrusted_certificate() {
    let lines: Vec<_> = tls::CASES
        .map(|case| {
            let server = tls::Server::start(case);
            let builder = client_for(&server.base_url()).retry(Retry::default());
            let client = builder.ca_bundle(server.ca_bundle()).build().unwrap();
            let result = client.update_contacts(order(), &update());
            let requests = format!("{} requests", server.requests());
            line(case.name(), result, &requests, Duration::ZERO)
        })
        .to_vec();
    insta::assert_snapshot!(lines.join("\n"), @"
    right: Accepted | 1 requests | 0 s of waiting at most
    self-signed: not-sent | 0 requests | 0 s of waiting at most | tls, unavailable | the certificate of the server is not trusted: unknown issuer; trusted are those of `ca_bundle`, or of another PEM file that `ca_bundle` names
    expired: not-sent | 0 requests | 0 s of waiting at most | tls, unavailable | the certificate of the server has expired, or the clock of this machine is wrong
    wrong name: not-sent | 0 requests | 0 s of waiting at most | tls, unavailable | the certificate of the server is for another host; check the base URL and the proxy
    unknown issuer: not-sent | 0 requests | 0 s of waiting at most | tls, unavailable | the certificate of the server is not trusted: unknown issuer; trusted are those of `ca_bundle`, or of another PEM file that `ca_bundle` names
    ");
}

#[test]
fn a_client_certificate_is_sent_to_a_server_that_requires_one() {
    let server = tls::Server::start(tls::Case::RequiresCertificate);
    let builder = client_for(&server.base_url()).ca_bundle(server.ca_bundle());
    let (chain, key) = server.client_certificate();
    let client = builder.client_certificate(chain, key).build().unwrap();
    client.update_contacts(order(), &update()).unwrap();
    assert_eq!(server.requests(), 1);
}

#[test]
fn nothing_is_sent_to_a_server_without_tls() {
    let plain = Server::with_handler(|mut stream, _| {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let silent = Server::with_handler(|mut stream, log| {
        log.lock().unwrap().push(read_request(&mut stream));
    });
    let failure = |server: &Server| {
        let base_url = format!("https://{}", server.address);
        let client = client_for(&base_url).build().unwrap();
        client.update_contacts(order(), &update()).unwrap_err()
    };
    let error = failure(&plain);
    assert!(error.is_tls(), "{error:?}");
    assert_eq!(error.outcome(), Outcome::NotSent);
    let error = failure(&silent);
    assert!(error.is_timeout(), "{error:?}");
    insta::assert_snapshot!(chain(&error), @"the contacts of order 100000001 could not be changed: timed out after 2 s, the `timeout`");
    assert_eq!(
        error.outcome(),
        Outcome::NotSent,
        "the handshake did not finish"
    );
    assert!(!silent.requests().iter().any(|r| r.contains("PUT")));
}

#[test]
fn a_connection_that_is_cut_during_the_tls_handshake_is_a_tls_error() {
    let cut = Server::with_handler(|mut stream, log| {
        log.lock().unwrap().push(String::new());
        let _ = stream.read(&mut [0; 4096]);
    });
    let client = client_for(&format!("https://{}", cut.address)).build();
    let error = client
        .unwrap()
        .update_contacts(order(), &update())
        .unwrap_err();
    assert!(error.is_tls() && error.is_retryable() && !error.is_connect());
    assert_eq!(error.outcome(), Outcome::NotSent);
    insta::assert_snapshot!(chain(&error), @"the contacts of order 100000001 could not be changed: the connection was cut during the TLS handshake, by a firewall, a proxy, or a port without TLS; check the base URL and the proxy");

    let proxy = Server::with_response("HTTP/1.1 200 OK\r\n\r\n");
    let (error, _) = failure_through(&proxy);
    assert!(error.is_tls(), "{error:?}");
    insta::assert_snapshot!(message(&error, proxy.address), @"the connection was cut during the TLS handshake, by a firewall, a proxy, or a port without TLS; check the base URL and the proxy; the proxy is http://[proxy] (from the proxy setting) (after 3 attempts)");
    let closes = Server::with_response("");
    let (error, requests) = failure_through(&closes);
    assert!(error.is_connect() && requests == 3);
    insta::assert_snapshot!(message(&error, closes.address), @"no connection through the proxy http://[proxy] (from the proxy setting) (after 3 attempts)");
}

#[test]
fn a_proxy_that_rejects_the_login_says_what_to_do() {
    let failure = |user: &str, logins: &str| {
        let proxy = Server::with_status("407 Login", logins, "");
        let setting = Proxy::parse(&format!("http://{user}{}", proxy.address)).unwrap();
        let client = client_for("https://api.invalid/v2").proxy(setting).build();
        let error = client.unwrap().order(order()).unwrap_err();
        assert!(error.is_connect() && !error.is_retryable(), "{error}");
        let message = error.to_string();
        message.split("; the proxy is").next().unwrap().to_owned()
    };
    let basic = "Proxy-Authenticate: Negotiate\r\nPROXY-AUTHENTICATE: Basic realm=\"x\"\r\n";
    let lines = [
        failure("", basic),
        failure("u:secret@", basic),
        failure("u:secret@", "Proxy-Authenticate: NTLM\r\n"),
        failure(
            "",
            "Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\n",
        ),
    ];
    insta::assert_snapshot!(lines.join("\n"), @"
    order 100000001 could not be read: the proxy requires a user name and a password (407); set them in its URL: http://USER:PASSWORD@HOST:PORT
    order 100000001 could not be read: the proxy rejected the user name and password (407); check them in its URL
    order 100000001 could not be read: the proxy offers only a login that is not supported, such as NTLM or Negotiate (407); use a proxy with Basic authentication, or a local one that logs in
    order 100000001 could not be read: the proxy offers only a login that is not supported, such as NTLM or Negotiate (407); use a proxy with Basic authentication, or a local one that logs in
    ");
}

#[test]
fn a_tls_error_after_the_request_has_an_unknown_outcome() {
    let server = tls::Server::start(tls::Case::PlainResponse);
    let builder = client_for(&server.base_url()).ca_bundle(server.ca_bundle());
    let error = builder
        .build()
        .unwrap()
        .update_contacts(order(), &update())
        .unwrap_err();
    assert_eq!(server.requests(), 1);
    assert_eq!(error.outcome(), Outcome::Unknown, "{error:?}");
    assert!(!error.is_tls(), "that would mean that nothing was sent");
}

/// The error of an update through a proxy, and the number of attempts to connect to it.
fn failure_through(proxy: &Server) -> (Error, usize) {
    let setting = Proxy::parse(&format!("http://u:secret@{}", proxy.address)).unwrap();
    let builder = client_for("https://api.invalid/v2").proxy(setting);
    let client = builder.retry(Retry::default()).build().unwrap();
    let error = client.update_contacts(order(), &update()).unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(!format!("{} {error:?}", chain(&error)).contains("secret"));
    (error, proxy.requests().len())
}

/// Its message without what differs between runs.
fn message(error: &Error, address: SocketAddr) -> String {
    let message = error.to_string().replace(&address.to_string(), "[proxy]");
    message.split_once("changed: ").unwrap().1.to_owned()
}

#[test]
fn nothing_is_sent_if_the_proxy_rejects_the_connection() {
    let lines = [
        ("403 Forbidden", 1),
        ("407 Proxy Authentication Required", 1),
        ("502 Bad Gateway", 3),
        ("503 Service Unavailable", 3),
    ];
    let lines = lines.map(|(status, attempts)| {
        let proxy = Server::with_status(status, "", "");
        let (error, requests) = failure_through(&proxy);
        assert!(error.is_connect());
        assert_eq!(requests, attempts, "{status}");
        let seen = proxy.requests().concat();
        assert!(
            seen.starts_with("CONNECT api.invalid:443 HTTP/1.1\r\n"),
            "{seen}"
        );
        assert!(!seen.contains("Marker"), "the proxy must not get the key");
        message(&error, proxy.address)
    });
    insta::assert_snapshot!(lines.join("\n"), @"
    the proxy answered 403 instead of a connection; the proxy is http://[proxy] (from the proxy setting)
    the proxy rejected the user name and password (407); check them in its URL; the proxy is http://[proxy] (from the proxy setting)
    the proxy answered 502 instead of a connection; the proxy is http://[proxy] (from the proxy setting) (after 3 attempts)
    the proxy answered 503 instead of a connection; the proxy is http://[proxy] (from the proxy setting) (after 3 attempts)
    ");
}

#[test]
fn a_proxy_that_is_none_is_named_and_not_tried_again() {
    let headers = "x: y\r\n".repeat(500);
    let answers = [
        "SSH-2.0-OpenSSH_9.6\r\n".to_owned(),
        format!("HTTP/1.1 200 OK\r\n{headers}\r\n"),
        format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "y".repeat(70_000)),
    ];
    for answer in answers {
        let proxy = Server::with_response(answer);
        let (error, requests) = failure_through(&proxy);
        assert!(error.is_connect());
        assert_eq!(requests, 1);
        insta::allow_duplicates! {
            insta::assert_snapshot!(message(&error, proxy.address), @"the proxy gave no valid HTTP answer; check its URL; the proxy is http://[proxy] (from the proxy setting)");
        }
    }
}

#[test]
fn a_failed_connection_names_the_proxy_and_where_it_is_set() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let setting = Proxy::parse(&format!("http://u:secret@{address}")).unwrap();
    let builder = client_for("https://api.invalid/v2").proxy(setting);
    let error = builder.build().unwrap().order(order()).unwrap_err();
    assert!(error.is_connect());
    let shown = chain(&error).replace(&address.to_string(), "[proxy]");
    insta::assert_snapshot!(shown, @"order 100000001 could not be read: no connection through the proxy http://[proxy] (from the proxy setting): Connection refused (os error 111)");

    let server = tls::Server::start(tls::Case::Expired);
    let proxy = tunnel(server.address());
    let setting = Proxy::parse(&format!("http://{}", proxy.address)).unwrap();
    let client = client_for("https://other.example/v2").proxy(setting);
    let client = client.ca_bundle(server.ca_bundle()).build().unwrap();
    let error = client.update_contacts(order(), &update()).unwrap_err();
    assert!(error.is_tls());
    insta::assert_snapshot!(message(&error, proxy.address), @"the certificate of the server has expired, or the clock of this machine is wrong; the proxy is http://[proxy] (from the proxy setting)");
}

/// A proxy that connects to `target`, whatever the request names.
fn tunnel(target: SocketAddr) -> Server {
    tunnel_after(Duration::ZERO, target)
}

pub(crate) fn tunnel_after(wait: Duration, target: SocketAddr) -> Server {
    Server::with_handler(move |mut stream, log| {
        log.lock().unwrap().push(read_request(&mut stream));
        thread::sleep(wait);
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        let mut there = TcpStream::connect(target).unwrap();
        let mut back = (there.try_clone().unwrap(), stream.try_clone().unwrap());
        thread::spawn(move || std::io::copy(&mut back.0, &mut back.1));
        let _ = std::io::copy(&mut stream, &mut there);
    })
}

#[test]
fn an_update_goes_through_a_proxy_that_does_not_see_the_key() {
    // Its certificate is for another host, since requests to loopback use no proxy.
    let server = tls::Server::start(tls::Case::WrongName);
    let proxy = tunnel(server.address());
    let setting = Proxy::parse(&format!("http://{}", proxy.address)).unwrap();
    let client = client_for("https://other.example/v2").proxy(setting);
    let client = client.ca_bundle(server.ca_bundle()).build().unwrap();
    client.update_contacts(order(), &update()).unwrap();
    assert_eq!(server.requests(), 1);
    let seen = proxy.requests();
    assert!(seen[0].starts_with("CONNECT other.example:443 HTTP/1.1\r\n"));
    assert!(!seen.concat().contains("Marker"));
}

#[test]
fn a_proxy_that_sends_a_byte_at_a_time_causes_a_timeout() {
    let server = Server::with_handler(|mut stream, log| {
        log.lock().unwrap().push(read_request(&mut stream));
        for byte in b"HTTP/1.1 200 OK\r\nx: "
            .iter()
            .chain([b'y'].iter().cycle())
        {
            thread::sleep(Duration::from_millis(100));
            if stream.write_all(&[*byte]).is_err() {
                return;
            }
        }
    });
    let proxy = Proxy::parse(&format!("http://{}", server.address)).unwrap();
    let client = client_for("https://api.invalid/v2").proxy(proxy);
    let client = client.timeout(Duration::from_secs(1)).build().unwrap();
    let started = Instant::now();
    let error = client.update_contacts(order(), &update()).unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(3), "{error:?}");
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(error.outcome(), Outcome::NotSent);
}

#[test]
fn a_server_that_closes_after_every_response_fails_no_update() {
    let server = Server::with_handler(|mut stream, _| {
        let answer = if read_request(&mut stream).starts_with("PUT") {
            "HTTP/1.1 204 No Content\r\n\r\n"
        } else {
            "HTTP/1.1 200 OK\r\ncontent-length: 19\r\n\r\n{\"status\":\"issued\"}"
        };
        let _ = stream.write_all(answer.as_bytes());
    });
    let client = client_for(&server.base_url())
        .retry(Retry::default())
        .rate_limits([]);
    let client = client.build().unwrap();
    for _ in 0..2000 {
        client.update_contacts(order(), &update()).unwrap();
    }
}
