//! No error, log or debug output contains the key or a value of a contact.

use std::sync::{Arc, Mutex};

use base64::prelude::{BASE64_STANDARD, Engine};
use contacts_core::{Contact, ContactsUpdate};
use contacts_http::{ApiKey, BaseUrl, Client, Retry};

use crate::server::{KEY, Server, chain, client_for, order};

#[test]
fn a_response_that_repeats_the_request_is_redacted() {
    let person = Contact::draft("MarkerFirst", "MarkerLast", "marker@example.com")
        .job_title("MarkerTitle")
        .telephone("MarkerPhone")
        .build()
        .unwrap();
    let body = format!(
        r#"{{"errors":[{{"code":"bad {KEY}","message":"{KEY}: MarkerFirst MarkerLast <marker@example.com> MarkerTitle MarkerPhone"}}]}}"#
    );
    let server = Server::with_status("400 Bad Request", "", &body);
    let client = server.client();
    let error = client
        .update_contacts(order(), &ContactsUpdate::both(person.clone(), person))
        .unwrap_err();
    let shown = format!("{} {error:?} {client:?}", chain(&error));
    assert!(!shown.to_lowercase().contains("marker"), "{shown}");
    assert_eq!(shown.matches("[redacted]").count(), 2 * 7, "{shown}");
}

#[test]
fn a_response_that_repeats_a_default_header_is_redacted() {
    let body =
        r#"{"errors":[{"code":"bad_header","message":"MarkerToken-1 Marker MarkerToken-1x"}]}"#;
    let server = Server::with_status("400 Bad Request", "server: MarkerToken-1\r\n", body);
    let page = Server::with_status(
        "403 No",
        "server: MarkerToken-1\r\n",
        "<title>MarkerToken-1</title>",
    );
    for server in [server, page] {
        let builder = client_for(&server.base_url()).default_header("x-token", "MarkerToken-1");
        let client = builder.build().unwrap();
        let error = client.order(order()).unwrap_err();
        let shown = format!("{} {error:?} {client:?}", chain(&error));
        assert!(!shown.contains("MarkerToken-1 "), "{shown}");
        assert!(shown.contains("[redacted]"), "{shown}");
    }
}

#[test]
fn an_update_and_the_read_after_it_have_no_value_of_it_in_their_events() {
    let person = Contact::draft("MarkerFirst", "MarkerLast", "marker@example.com");
    let update = ContactsUpdate::technical(person.build().unwrap());
    let body =
        format!(r#"{{"errors":[{{"code":"c","message":"{KEY}: MarkerFirst MarkerLast"}}]}}"#);
    let server = Server::with_status("503 Unavailable", "", &body);
    let events = Arc::new(Mutex::new(Vec::new()));
    let shown = Arc::clone(&events);
    let client = client_for(&server.base_url())
        .retry(Retry::default())
        .observer(move |event| {
            shown
                .lock()
                .unwrap()
                .push(format!("{} {event:?}", event.url()));
        })
        .build()
        .unwrap();
    client.update_contacts(order(), &update).unwrap_err();
    let events = events.lock().unwrap().join("\n");
    assert!(events.contains("certificate/100000001 "), "{events}");
    assert!(events.contains("[redacted]"), "{events}");
    assert!(!events.to_lowercase().contains("marker"), "{events}");
}

#[test]
fn debug_shows_no_key() {
    let key = ApiKey::parse(KEY).unwrap();
    let builder = Client::builder(key.clone());
    let shown = format!("{key:?} {builder:?}") + &format!("{:?}", builder.build().unwrap());
    assert!(!shown.contains("Marker"), "{shown}");
    let error = ApiKey::parse(format!("{KEY}\r\nx: y")).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("Marker"));
}

#[test]
fn a_truncated_key_and_a_key_inside_a_word_are_redacted() {
    for (message, redacted) in [
        ("key ABCDEFGHIJKL... refused", "key [redacted]... refused"),
        ("key abcdefghijklmnopqrst", "key [redacted]"),
        ("...MNOPQRSTUVWX0123456789x", "...[redacted]x"),
        ("xABCDEFGHIJKLMNOPQRSTUVWX0123456789ü", "x[redacted]ü"),
        ("ABCDEFGHIJK is too short", "ABCDEFGHIJK is too short"),
        ("Grüße: access_denied", "Grüße: access_denied"),
    ] {
        let body = format!(r#"{{"errors":[{{"code":"c","message":"{message}"}}]}}"#);
        let server = Server::with_status("403 Forbidden", "", &body);
        let key = ApiKey::parse("ABCDEFGHIJKLMNOPQRSTUVWX0123456789").unwrap();
        let builder = Client::builder(key).base_url(BaseUrl::parse(&server.base_url()).unwrap());
        let error = builder.build().unwrap().whoami().unwrap_err();
        assert_eq!(error.api_errors()[0].message, redacted);
    }
}

/// A secret and its encodings.
fn encodings(secret: &str) -> Vec<String> {
    let hex: Vec<_> = secret.bytes().map(|b| format!("{b:02x}")).collect();
    let (percent, hex) = (format!("%{}", hex.join("%")), hex.concat());
    let encoded = BASE64_STANDARD.encode(secret);
    vec![secret.to_lowercase(), percent, hex, encoded.to_lowercase()]
}

#[test]
fn no_error_contains_the_key_or_a_contact_in_any_encoding() {
    let person = Contact::draft("MarkerFirst", "MarkerLast", "marker@example.com")
        .job_title("MarkerTitle")
        .telephone("MarkerPhone")
        .build()
        .unwrap();
    let update = ContactsUpdate::technical(person);
    let sent = format!("{KEY} MarkerFirst MarkerLast marker@example.com MarkerTitle MarkerPhone");
    let echoes = [
        format!("HTTP/1.1 {sent}\r\n\r\n"),
        format!("{sent}\r\n\r\n"),
        format!("HTTP/1.1 400 {sent}\r\n{sent}: x\r\n\r\n"),
        format!(
            "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1/{KEY}?{KEY}\r\ncontent-length: 0\r\n\r\n"
        ),
        format!("HTTP/1.1 429 No\r\nretry-after: {KEY}\r\ncontent-length: 0\r\n\r\n"),
        format!(
            "HTTP/1.1 500 No\r\ncontent-length: {}\r\n\r\n{sent}",
            sent.len()
        ),
        format!("HTTP/1.1 400 No\r\ntransfer-encoding: chunked\r\n\r\n{sent}"),
        format!("HTTP/1.1 200 OK\r\nset-cookie: {sent}\r\ncontent-length: 2\r\n\r\n{{}}"),
    ];
    for echo in echoes {
        let server = Server::with_response(echo.clone());
        let client = server.client();
        let secrets = [
            KEY,
            "marker@example.com",
            "MarkerFirst",
            "MarkerLast",
            "MarkerTitle",
            "MarkerPhone",
        ];
        // A call that reads sends no contact, so it recognizes the key and addresses only.
        for (error, secrets) in [
            (
                client.update_contacts(order(), &update).unwrap_err(),
                &secrets[..],
            ),
            (client.order(order()).unwrap_err(), &secrets[..2]),
            (client.whoami().unwrap_err(), &secrets[..2]),
        ] {
            let shown = format!("{} {error:?}", chain(&error)).to_lowercase();
            for secret in secrets {
                for encoded in encodings(secret) {
                    assert!(
                        !shown.contains(&encoded),
                        "{encoded} in {shown}\nafter {echo}"
                    );
                }
            }
        }
    }
}
