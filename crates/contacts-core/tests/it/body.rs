//! The bytes that would be sent.

use contacts_core::{Contact, ContactsUpdate};

#[test]
fn the_documented_example_is_written_byte_for_byte() {
    let person = |first: &'static str, email: &'static str| {
        Contact::draft(first, "Doe", email)
            .job_title("SRE")
            .telephone("1234567890")
            .language_id("1")
            .build()
            .unwrap()
    };
    let update = ContactsUpdate::both(
        person("John", "john.doe@example.com"),
        person("Jane", "jane.doe@example.com"),
    );
    let body = String::from_utf8(update.to_json()).unwrap();
    insta::assert_snapshot!(body, @r#"{"contacts":[{"first_name":"John","last_name":"Doe","email":"john.doe@example.com","job_title":"SRE","telephone":"1234567890","language_id":"1","contact_type":"organization_contact"},{"first_name":"Jane","last_name":"Doe","email":"jane.doe@example.com","job_title":"SRE","telephone":"1234567890","language_id":"1","contact_type":"technical_contact"}]}"#);
}

#[test]
fn what_is_not_set_is_not_written() {
    let jane = Contact::draft("Jane", "Doe", "jane@example.com")
        .build()
        .unwrap();
    let body = String::from_utf8(ContactsUpdate::organization(jane).to_json()).unwrap();
    insta::assert_snapshot!(body, @r#"{"contacts":[{"first_name":"Jane","last_name":"Doe","email":"jane@example.com","contact_type":"organization_contact"}]}"#);
}

#[test]
fn no_value_shows_in_debug() {
    let draft = Contact::draft("Marker1", "Marker2", "marker3@example.com").telephone("Marker4");
    let shown = format!("{draft:?}");
    let contact = draft.build().unwrap();
    let update = ContactsUpdate::technical(contact.clone());
    let shown = format!("{shown}{contact:?}{update:?}").to_lowercase();
    assert!(!shown.contains("marker"), "{shown}");
    assert!(shown.contains("telephone"), "{shown}");
}
