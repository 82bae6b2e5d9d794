//! The request body.

use contacts_core::{Contact, ContactsUpdate};

#[test]
fn the_documented_example_is_serialized_byte_for_byte() {
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
fn a_field_that_is_not_set_is_omitted() {
    let jane = Contact::draft("Jane", "Doe", "jane@example.com")
        .build()
        .unwrap();
    let body = String::from_utf8(ContactsUpdate::organization(jane).to_json()).unwrap();
    insta::assert_snapshot!(body, @r#"{"contacts":[{"first_name":"Jane","last_name":"Doe","email":"jane@example.com","contact_type":"organization_contact"}]}"#);
}

#[test]
fn debug_shows_no_values() {
    let draft = Contact::draft("Marker1", "Marker2", "marker3@example.com").telephone("Marker4");
    let debug = format!("{draft:?}");
    let contact = draft.build().unwrap();
    let update = ContactsUpdate::technical(contact.clone());
    let debug = format!("{debug}{contact:?}{update:?}").to_lowercase();
    assert!(!debug.contains("marker"), "{debug}");
    assert!(debug.contains("telephone"), "{debug}");
}
