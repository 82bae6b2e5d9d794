//! What holds for every input.

use contacts_core::{ApiErrors, Contact, ContactsUpdate, Order, OrderId};
use proptest::prelude::*;

fn text(max: usize) -> impl Strategy<Value = String> {
    prop::string::string_regex(&format!(
        "[a-zA-Z0-9ß陳.'-][a-zA-Z ß陳.'-]{{0,{}}}[a-zß陳]",
        max - 2
    ))
    .unwrap()
}

prop_compose! {
    fn contact()(
        first in text(128),
        last in text(128),
        email in "[a-z0-9.+]{1,60}@[a-z0-9]{1,60}\\.[a-z]{2,10}",
        job_title in prop::option::of(text(64)),
        telephone in prop::option::of(text(32)),
        language_id in prop::option::of("[0-9]{1,3}"),
    ) -> Contact {
        let mut draft = Contact::draft(first, last, email);
        if let Some(value) = job_title { draft = draft.job_title(value); }
        if let Some(value) = telephone { draft = draft.telephone(value); }
        if let Some(value) = language_id { draft = draft.language_id(value); }
        draft.build().unwrap()
    }
}

fn update() -> impl Strategy<Value = ContactsUpdate> {
    (contact(), contact(), 0..3).prop_map(|(a, b, kind)| match kind {
        0 => ContactsUpdate::technical(a),
        1 => ContactsUpdate::organization(a),
        _ => ContactsUpdate::both(a, b),
    })
}

proptest! {
    #[test]
    fn what_is_written_reads_back_equal(update in update()) {
        let json = update.to_json();
        prop_assert_eq!(ContactsUpdate::from_json(&json).unwrap(), update);
    }

    #[test]
    fn a_contact_built_from_a_contact_is_equal(contact in contact()) {
        prop_assert_eq!(contact.to_draft().build().unwrap(), contact);
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = ContactsUpdate::from_json(&bytes);
        let _ = ApiErrors::from_body(&bytes);
        let _ = serde_json::from_slice::<Order>(&bytes);
    }

    #[test]
    fn a_damaged_body_is_read_or_refused(update in update(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut json = update.to_json();
        let at = at.index(json.len());
        json[at] = byte;
        if let Ok(read) = ContactsUpdate::from_json(&json) {
            // What is accepted in spite of the damage holds the rules.
            for (_, contact) in read.contacts() {
                prop_assert!(contact.to_draft().build().is_ok());
            }
        }
    }

    #[test]
    fn an_order_id_reads_back_or_is_refused(text in "\\PC{0,25}") {
        if let Ok(id) = OrderId::parse(&text) {
            prop_assert_eq!(id.to_string(), text);
        }
    }
}
