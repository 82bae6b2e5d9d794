//! A store that fails: no request without a permit, and no credentials in an error.

use std::io::Write;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use contacts_core::Outcome;
use contacts_http::{Client, Error, OnRateLimit, RateLimit};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

use crate::limit::enforcing_all;
use crate::server::{Server, chain, client_for, order, read_request, update};
use crate::store_server::{StoreServer, slow_proxy};

pub(crate) const LIMIT: RateLimit = RateLimit::new(3, Duration::from_secs(1));

pub(crate) fn client(api: &Server, url: &str) -> Client {
    let builder = client_for(&api.base_url()).rate_limits([LIMIT]);
    builder.rate_limit_url(url).build().unwrap()
}

/// The error of a call that does not wait, with the port replaced.
fn failure(url: &str) -> (String, Error) {
    let api = Server::with_status("204 No Content", "", "");
    let builder = client_for(&api.base_url()).rate_limits([LIMIT]);
    let builder = builder.on_rate_limit(OnRateLimit::Fail).rate_limit_url(url);
    let error = builder
        .build()
        .unwrap()
        .update_contacts(order(), &update())
        .unwrap_err();
    assert!(api.requests().is_empty(), "a request without a permit");
    assert_eq!(error.outcome(), Outcome::NotSent);
    let shown = format!("{error} {error:?} {}", chain(&error));
    for secret in ["mallory", "s3cret"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    let mut text = chain(&error);
    let port = url.rsplit(':').next().and_then(|end| end.split('/').next());
    if let Some(port) = port.filter(|port| port.parse::<u16>().is_ok()) {
        text = text.replace(port, "PORT");
    }
    let (_, text) = text.split_once("changed: ").unwrap();
    (text.to_owned(), error)
}

/// The URL of a server that sends this reply to everything.
fn replying(reply: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut command = [0; 4096];
            let _ = std::io::Read::read(&mut stream, &mut command);
            let _ = stream.write_all(reply.as_bytes());
        }
    });
    format!("redis://mallory:s3cret@127.0.0.1:{port}")
}

#[test]
fn a_store_that_cannot_be_reached_is_an_error_that_names_it_without_credentials() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let (text, error) = failure(&format!("redis://mallory:s3cret@127.0.0.1:{port}"));
    insta::assert_snapshot!(text, @"the rate limit store at 127.0.0.1:PORT cannot be reached: Connection refused (os error 111)");
    assert!(error.is_retryable());
    let (text, _) = failure("unix:///no/such/socket?user=mallory&pass=s3cret");
    insta::assert_snapshot!(text, @"the rate limit store at /no/such/socket cannot be reached: No such file or directory (os error 2)");
}

#[test]
fn an_error_of_the_store_says_what_to_do() {
    let texts = [
        "-LOADING Redis is loading the dataset in memory\r\n",
        "-READONLY You can't write against a read only replica. script: f, on @user_script:1.\r\n",
        "-ERR Error running script (call to f_0): @user_script:1: -OOM command not allowed\r\n",
        "-MISCONF Redis is configured to save RDB snapshots\r\n",
        "-ERR max number of clients reached\r\n",
        "-NOPERM User mallory has no permissions to run the 'evalsha' command\r\n",
        "-MOVED 866 10.0.0.1:6379\r\n",
        "-ERR something about mallory and s3cret\r\n",
        "HTTP/1.1 400 Bad Request\r\n\r\n",
        "+OK\r\n",
        "",
    ];
    let texts = texts.map(|reply| {
        let (text, error) = failure(&replying(reply));
        let kind = if error.is_retryable() {
            "transient"
        } else {
            "permanent"
        };
        format!("{kind}: {text}")
    });
    insta::assert_snapshot!(texts.join("\n"), @"
    transient: the rate limit store at 127.0.0.1:PORT is loading its data
    transient: the rate limit store at 127.0.0.1:PORT is a read-only replica: name the primary
    transient: the rate limit store at 127.0.0.1:PORT is out of memory
    transient: the rate limit store at 127.0.0.1:PORT cannot save its data, and so accepts no writes
    transient: the rate limit store at 127.0.0.1:PORT accepts no more clients
    permanent: the rate limit store at 127.0.0.1:PORT does not permit a command or a key to the user of the URL: see docs/operations.md
    permanent: the rate limit store at 127.0.0.1:PORT is a node of a cluster without the keys of the rate limit: use one without cluster mode
    permanent: the rate limit store at 127.0.0.1:PORT answered with the error `ERR`
    permanent: the rate limit store at 127.0.0.1:PORT does not answer as Redis or Valkey; check the URL
    transient: the rate limit store at 127.0.0.1:PORT closed the connection
    transient: the rate limit store at 127.0.0.1:PORT closed the connection
    ");
}

#[test]
fn a_store_that_rejects_the_login_or_the_data_is_an_error_at_once() {
    let Some(store) = StoreServer::redis(&["--requirepass", "s3cret"]) else {
        return;
    };
    let port = store.port;
    let mut texts = vec![
        failure(&store.tcp_url()).0,
        failure(&format!("redis://:s3cret2@127.0.0.1:{port}")).0,
        failure(&format!("redis://mallory:s3cret@127.0.0.1:{port}/0")).0,
        failure(&format!("redis://:s3cret@127.0.0.1:{port}/99")).0,
    ];
    let Some(store) = StoreServer::redis(&[]) else {
        return;
    };
    texts.push(failure(&format!("redis://:s3cret@127.0.0.1:{}", store.port)).0);
    store.command(&["ACL", "SETUSER", "mallory", "on", ">s3cret", "+eval", "~*"]);
    texts.push(failure(&format!("redis://mallory:s3cret@127.0.0.1:{}", store.port)).0);
    store.command(&["CONFIG", "SET", "maxmemory", "1"]);
    texts.push(failure(&store.tcp_url()).0);
    store.command(&["CONFIG", "SET", "maxmemory", "0"]);
    store.command(&["REPLICAOF", "127.0.0.1", "1"]);
    texts.push(failure(&store.tcp_url()).0);
    insta::assert_snapshot!(texts.join("\n"), @"
    the rate limit store at 127.0.0.1:PORT requires a password: add it to the URL
    the rate limit store at 127.0.0.1:PORT rejected the user or the password of the URL
    the rate limit store at 127.0.0.1:PORT rejected the user or the password of the URL
    the rate limit store at 127.0.0.1:PORT does not have the database of the URL
    the rate limit store at 127.0.0.1:PORT has no password, but the URL contains one
    the rate limit store at 127.0.0.1:PORT does not permit a command or a key to the user of the URL: see docs/operations.md
    the rate limit store at 127.0.0.1:PORT is out of memory
    the rate limit store at 127.0.0.1:PORT is a read-only replica: name the primary
    ");
}

#[test]
fn the_user_in_the_docs_may_do_all_that_is_needed() {
    let Some(store) = StoreServer::redis(&[]) else {
        return;
    };
    let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/operations.md");
    let docs = std::fs::read_to_string(docs).unwrap();
    let user = docs
        .lines()
        .find(|line| line.starts_with("ACL SETUSER"))
        .unwrap();
    let made = store.command(&user.split(' ').collect::<Vec<_>>());
    assert_eq!(made, "+OK\r\n");
    store.wait_until_older_than(LIMIT.window());
    let api = Server::with_status("204 No Content", "", "");
    let url = format!("redis://limiter:PASSWORD@127.0.0.1:{}/1", store.port);
    let client = client(&api, &url);
    for _ in 0..7 {
        client.update_contacts(order(), &update()).unwrap();
    }
}

#[test]
fn data_of_others_under_the_keys_are_an_error_and_stay() {
    let Some(store) = StoreServer::redis(&[]) else {
        return;
    };
    store.wait_until_older_than(LIMIT.window());
    let api = Server::with_status("204 No Content", "", "");
    let client = client(&api, &store.tcp_url());
    client.update_contacts(order(), &update()).unwrap();
    let keys = store.command(&["KEYS", "*state"]);
    let key = keys.lines().find(|line| line.ends_with("state")).unwrap();
    store.command(&["SET", key, "other data"]);
    let error = client.update_contacts(order(), &update()).unwrap_err();
    assert!(
        chain(&error).contains("has other data under the keys"),
        "{error}"
    );
    assert!(store.command(&["GET", key]).contains("other data"));
    assert_eq!(api.requests().len(), 1);
}

/// Sends 3 requests, then 3 more after `fault`. None gets a 429, and the limit needs a window.
fn sends_after(store: &mut StoreServer, fault: impl FnOnce(&mut StoreServer)) -> Duration {
    store.wait_until_older_than(LIMIT.window());
    let api = enforcing_all(vec![LIMIT], Duration::ZERO);
    let first = client(&api, &store.tcp_url());
    for _ in 0..3 {
        first.update_contacts(order(), &update()).unwrap();
    }
    fault(store);
    let started = Instant::now();
    // A new process does not know what was lost.
    let second = client(&api, &store.tcp_url());
    for client in [&second, &first, &second] {
        client.update_contacts(order(), &update()).unwrap();
    }
    assert!(api.requests().iter().all(|answer| answer == "204"));
    started.elapsed()
}

#[test]
fn a_store_that_was_emptied_or_restarted_makes_all_wait_for_a_window() {
    let Some(mut store) = StoreServer::redis(&[]) else {
        return;
    };
    let flush = |store: &mut StoreServer| drop(store.command(&["FLUSHALL"]));
    let restart = |store: &mut StoreServer| {
        store.stop();
        store.run(&[]);
    };
    let restart_with_old_data = |store: &mut StoreServer| {
        store.command(&["SAVE"]);
        restart(store);
    };
    for fault in [
        &flush as &dyn Fn(&mut StoreServer),
        &restart,
        &restart_with_old_data,
    ] {
        let took = sends_after(&mut store, fault);
        assert!(took >= LIMIT.window(), "{took:?}");
        assert!(took < Duration::from_secs(4), "{took:?}");
    }
}

#[test]
fn a_store_that_answers_after_a_second_is_slow_and_no_more() {
    let Some(store) = StoreServer::redis(&[]) else {
        return;
    };
    store.wait_until_older_than(LIMIT.window());
    let port = slow_proxy(store.port, Duration::from_millis(500));
    let api = enforcing_all(vec![LIMIT], Duration::ZERO);
    let client = client(&api, &format!("redis://127.0.0.1:{port}"));
    for _ in 0..2 {
        client.update_contacts(order(), &update()).unwrap();
    }
    assert_eq!(api.requests(), ["204", "204"]);
}

#[test]
fn a_wait_for_the_store_can_be_cancelled() {
    let Some(store) = StoreServer::redis(&[]) else {
        return;
    };
    let api = Server::with_status("204 No Content", "", "");
    let hanging = slow_proxy(store.port, Duration::from_secs(60));
    let gone = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let new = store.port;
    for port in [hanging, gone, new] {
        let cancel = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&cancel);
        let client = client_for(&api.base_url())
            .rate_limit_url(format!("redis://127.0.0.1:{port}"))
            .cancelled(move || flag.load(Ordering::SeqCst))
            .build()
            .unwrap();
        let cancelled = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(300));
            cancel.store(true, Ordering::SeqCst);
            Instant::now()
        });
        let error = client.update_contacts(order(), &update()).unwrap_err();
        let late = cancelled.join().unwrap().elapsed();
        assert!(error.is_cancelled(), "{error}");
        assert!(late < Duration::from_millis(500), "{late:?}");
    }
    assert!(api.requests().is_empty());
}

#[test]
fn a_tls_store_is_checked_with_the_certificates_of_the_client() {
    let folder = tempfile::tempdir().unwrap();
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params
        .distinguished_name
        .push(DnType::CommonName, "localhost");
    let certificate = params.signed_by(&key, &issuer).unwrap();
    let file = |name: &str, text: String| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let (ca, chain_file) = (
        file("ca.pem", issuer.pem()),
        file("cert.pem", certificate.pem()),
    );
    let key_file = file("key.pem", key.serialize_pem());
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let port = free.to_string();
    let Some(store) = StoreServer::redis(&[
        "--tls-port",
        &port,
        "--tls-cert-file",
        &chain_file,
        "--tls-key-file",
        &key_file,
        "--tls-ca-cert-file",
        &ca,
        "--tls-auth-clients",
        "optional",
    ]) else {
        return;
    };
    store.wait_until_older_than(LIMIT.window());
    let url = format!("rediss://localhost:{port}");
    insta::assert_snapshot!(failure(&url).0, @"the rate limit store at localhost:PORT has no usable certificate: the certificate of the server is not trusted: unknown issuer");
    let api = Server::with_status("204 No Content", "", "");
    let trusting = || {
        client_for(&api.base_url())
            .rate_limits([LIMIT])
            .ca_bundle(&ca)
    };
    let client = trusting().rate_limit_url(&url).build().unwrap();
    client.update_contacts(order(), &update()).unwrap();
    store.command(&["CONFIG", "SET", "tls-auth-clients", "yes"]);
    let client = trusting().client_certificate(&chain_file, &key_file);
    let client = client.rate_limit_url(&url).build().unwrap();
    client.update_contacts(order(), &update()).unwrap();
    assert_eq!(api.requests().len(), 2);
    let other_name = trusting().on_rate_limit(OnRateLimit::Fail);
    let other_name = other_name.rate_limit_url(format!("rediss://127.0.0.1:{port}"));
    let error = other_name
        .build()
        .unwrap()
        .update_contacts(order(), &update())
        .unwrap_err();
    assert!(chain(&error).contains("for another host"), "{error}");
}

#[test]
fn an_invalid_url_is_an_error_that_does_not_contain_it() {
    let api = Server::with_response(read_request(&mut &b""[..]));
    let file = client_for(&api.base_url()).rate_limit_file("limit");
    let file = file
        .rate_limit_url("redis://localhost")
        .build()
        .unwrap_err();
    let mut errors = vec![file.to_string()];
    for url in [
        "",
        "localhost:6379",
        "http://mallory:s3cret@localhost",
        "redis://mallory:s3cret@",
        "redis://mallory@localhost",
        "redis://:s3cret@localhost:0",
        "redis://:s3cret@localhost/one",
        "redis://:s3cret@localhost/-1",
        "redis://localhost?password=s3cret",
        "rediss://:s3cret@localhost#insecure",
        "unix://",
    ] {
        let error = client_for(&api.base_url())
            .rate_limit_url(url)
            .build()
            .unwrap_err();
        errors.push(format!("{url:36} {error}"));
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
    insta::assert_snapshot!(errors.join("\n"), @"
    invalid rate limit URL: a rate limit file is set as well; set one of them
                                         invalid rate limit URL: expected redis://, rediss:// or unix://, such as redis://host:6379/0
    localhost:6379                       invalid rate limit URL: expected redis://, rediss:// or unix://, such as redis://host:6379/0
    http://mallory:s3cret@localhost      invalid rate limit URL: expected redis://, rediss:// or unix://, such as redis://host:6379/0
    redis://mallory:s3cret@              invalid rate limit URL: expected redis://, rediss:// or unix://, such as redis://host:6379/0
    redis://mallory@localhost            invalid rate limit URL: expected redis://, rediss:// or unix://, such as redis://host:6379/0
    redis://:s3cret@localhost:0          invalid rate limit URL: expected redis://, rediss:// or unix://, such as redis://host:6379/0
    redis://:s3cret@localhost/one        invalid rate limit URL: expected redis://, rediss:// or unix://, such as redis://host:6379/0
    redis://:s3cret@localhost/-1         invalid rate limit URL: expected redis://, rediss:// or unix://, such as redis://host:6379/0
    redis://localhost?password=s3cret    invalid rate limit URL: options after `?` or `#` are not supported
    rediss://:s3cret@localhost#insecure  invalid rate limit URL: options after `?` or `#` are not supported
    unix://                              invalid rate limit URL: expected redis://, rediss:// or unix://, such as redis://host:6379/0
    ");
}
