//! Neither the key nor a contact's values show anywhere.

use contacts_core::{Contact, ContactsUpdate};
use contacts_http::ApiKey;

use crate::server::{KEY, Server, chain, order};

#[test]
fn a_server_that_repeats_what_it_was_sent_gives_nothing_away() {
    let person = Contact::draft("MarkerFirst", "MarkerLast", "marker@example.com")
        .job_title("MarkerTitle")
        .telephone("MarkerPhone")
        .build()
        .unwrap();
    let body = format!(
        r#"{{"errors":[{{"code":"bad {KEY}","message":"{KEY}: MarkerFirst MarkerLast <marker@example.com> MarkerTitle MarkerPhone"}}]}}"#
    );
    let server = Server::answering_status("400 Bad Request", "", &body);
    let client = server.client();
    let error = client
        .update_contacts(order(), &ContactsUpdate::both(person.clone(), person))
        .unwrap_err();
    let shown = format!("{} {error:?} {client:?}", chain(&error));
    assert!(!shown.to_lowercase().contains("marker"), "{shown}");
    assert_eq!(shown.matches("[removed]").count(), 2 * 7, "{shown}");
}

#[test]
fn debug_shows_no_key() {
    let key = ApiKey::parse(KEY).unwrap();
    let builder = contacts_http::Client::builder(key.clone());
    let shown = format!("{key:?} {builder:?}") + &format!("{:?}", builder.build().unwrap());
    assert!(!shown.contains("Marker"), "{shown}");
    let refused = ApiKey::parse(format!("{KEY}\r\nx: y")).unwrap_err();
    assert!(!format!("{refused} {refused:?}").contains("Marker"));
}
