//! The client against the sandbox, which shares no code with it.

use contacts_core::{Contact, ContactsUpdate, OrderId, Outcome};
use contacts_http::{ApiKey, BaseUrl, Client};
use contacts_sandbox::{Account, Sandbox};

use crate::server::{order, update};

fn client(sandbox: &Sandbox, key: &str) -> Client {
    Client::builder(ApiKey::parse(key).unwrap())
        .base_url(BaseUrl::parse(&sandbox.base_url()).unwrap())
        .build()
        .unwrap()
}

#[test]
fn updated_contacts_are_read() {
    let sandbox = Sandbox::start().unwrap();
    let client = client(&sandbox, sandbox.api_key());
    let before = client.order(order()).unwrap();
    assert_eq!(
        before.technical_contact.as_ref().unwrap().first_name(),
        Some("Robin")
    );
    let zoe = Contact::draft("Zoë", "O'Neil-陳", "zoe@example.com")
        .job_title("SRE")
        .telephone("+1 (555) 0100")
        .language_id("1")
        .build()
        .unwrap();
    let both = ContactsUpdate::both(zoe.clone(), zoe);
    client.update_contacts(order(), &both).unwrap();
    let after = client.order(order()).unwrap();
    for contact in [
        after.technical_contact.unwrap(),
        after.organization_contact.unwrap(),
    ] {
        assert_eq!(contact.last_name(), Some("O'Neil-陳"));
        assert_eq!(contact.email(), Some("zoe@example.com"));
    }
    assert_eq!(
        sandbox.order(100_000_001).unwrap()["technical_contact"]["language_id"],
        "1"
    );
}

#[test]
fn errors_carry_the_code_and_the_message_of_the_api() {
    let sandbox = Sandbox::start().unwrap();
    let client_with_key = client(&sandbox, sandbox.api_key());

    let error = client_with_key
        .update_contacts(OrderId::parse("5").unwrap(), &update())
        .unwrap_err();
    assert!(error.is_not_found() && !error.is_auth());
    assert_eq!(
        (error.status(), error.outcome()),
        (Some(404), Outcome::Rejected)
    );
    insta::assert_snapshot!(error, @"the contacts of order 5 could not be changed: the server answered 404: not_found|order: The order does not exist in this account.");

    let error = client(&sandbox, "wrong").order(order()).unwrap_err();
    assert!(error.is_auth() && !error.is_not_found());
    assert_eq!(
        error.api_errors()[0].code,
        "access_denied|access_denied_invalid_key"
    );
    insta::assert_snapshot!(error, @"order 100000001 could not be read: the server answered 403: access_denied|access_denied_invalid_key: Access denied due to access_denied_invalid_key.; the key was not accepted: use another key");

    let error = client(&sandbox, Account::DEMO_VIEW_ONLY_KEY)
        .update_contacts(order(), &update())
        .unwrap_err();
    assert!(error.is_auth());
    assert_eq!(
        error.api_errors()[0].code,
        "access_denied|missing_permission"
    );

    let dv = OrderId::parse("100000003").unwrap();
    let organization = Contact::draft("A", "B", "a@b.c").build().unwrap();
    let error = client_with_key
        .update_contacts(dv, &ContactsUpdate::organization(organization))
        .unwrap_err();
    assert_eq!(
        (error.status(), error.outcome()),
        (Some(400), Outcome::Rejected)
    );
}

#[test]
fn every_request_has_the_documented_headers() {
    let server = crate::server::Server::with_status("204 No Content", "", "");
    server.client().update_contacts(order(), &update()).unwrap();
    let request = server.requests().remove(0).replace('\r', "");
    let (head, body) = request.split_once("\n\n").unwrap();
    let mut headers: Vec<_> = head.lines().collect();
    headers[1..].sort_unstable();
    let shown = format!("{}\n\n{body}", headers.join("\n"));
    let shown = shown.replace(&server.address.to_string(), "[server]");
    insta::assert_snapshot!(shown, @r#"
    PUT /services/v2/order/certificate/100000001/contact HTTP/1.1
    accept-encoding: identity
    accept: application/json
    content-length: 120
    content-type: application/json
    host: [server]
    user-agent: digicert-contacts/0.1.0
    x-dc-devkey: Marker-Key-4711

    {"contacts":[{"first_name":"Jane","last_name":"Doe","email":"jane.doe@example.com","contact_type":"technical_contact"}]}
    "#);
}
