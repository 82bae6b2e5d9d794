//! Properties of every input.

use contacts_core::{ApiErrors, Contact, ContactsUpdate, Field, Order, OrderId};
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
    (contact(), contact(), 0..3).prop_map(|(a, b, contacts)| match contacts {
        0 => ContactsUpdate::technical(a),
        1 => ContactsUpdate::organization(a),
        _ => ContactsUpdate::both(a, b),
    })
}

/// One text field that breaks a rule, and the rule's code.
fn broken_field() -> impl Strategy<Value = (Field, String, &'static str)> {
    let text = prop::sample::select(&Field::TEXT[..5]);
    let inside = |c: &'static str| move |field| (field, format!("a{c}b"), c);
    let with_code = |code: &'static str| move |(field, value, _)| (field, value, code);
    prop_oneof![
        (text.clone(), 1..50_usize).prop_map(|(field, over)| {
            let length = usize::try_from(field.limit().unwrap()).unwrap() + over;
            (field, "ß".repeat(length), "too-long")
        }),
        text.clone()
            .prop_map(|field| (field, String::new(), "blank")),
        text.clone()
            .prop_map(inside("\u{7}"))
            .prop_map(with_code("control-character")),
        text.clone()
            .prop_map(inside("\u{2028}"))
            .prop_map(with_code("control-character")),
        text.clone()
            .prop_map(inside("\u{202E}"))
            .prop_map(with_code("bidi-control")),
        (
            text,
            prop::sample::select(vec![" ", "\t", "\u{A0}", "\u{FEFF}"]),
            any::<bool>()
        )
            .prop_map(|(field, space, before)| {
                let value = if before {
                    format!("{space}a")
                } else {
                    format!("a{space}")
                };
                (field, value, "surrounding-white-space")
            }),
        "[a-z.]{1,40}|[a-z]{0,9}@[a-z]{0,9}(@|_)[a-z.]{0,9}".prop_map(|value| (
            Field::Email,
            value,
            "email-format"
        )),
        "[0-9]{4,9}|[a-z]{1,3}".prop_map(|value| (Field::LanguageId, value, "language-id-format")),
    ]
}

proptest! {
    #[test]
    fn an_input_that_breaks_a_rule_is_rejected((field, value, code) in broken_field(), contact in contact()) {
        let violations = contact.to_draft().set(field, value.clone()).build().unwrap_err();
        let broken = |v: &contacts_core::Violation| v.path().field() == Some(field) && v.rule().code() == code;
        prop_assert!(violations.iter().any(broken), "{violations}");
        prop_assert!(violations.iter().all(|v| v.path().field() == Some(field)), "{violations}");

        let member = |(f, v): (Field, &str)| format!("{:?}: {}", f.as_str(), serde_json::json!(if f == field { &value } else { v }));
        let mut members: Vec<_> = contact.fields().map(member).collect();
        if contact.get(field).is_none() {
            members.push(member((field, "")));
        }
        let json = format!("{{\"technical_contact\": {{{}}}}}", members.join(","));
        prop_assert!(ContactsUpdate::from_json(json.as_bytes()).is_err(), "{json}");
    }

    #[test]
    fn an_update_survives_a_round_trip(update in update()) {
        let json = update.to_json();
        prop_assert_eq!(ContactsUpdate::from_json(&json).unwrap(), update);
    }

    #[test]
    fn a_contact_survives_a_round_trip_through_a_draft(contact in contact()) {
        prop_assert_eq!(contact.to_draft().build().unwrap(), contact);
    }

    #[test]
    fn no_bytes_make_a_parser_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = ContactsUpdate::from_json(&bytes);
        let _ = ApiErrors::from_body(&bytes);
        let _ = serde_json::from_slice::<Order>(&bytes);
    }

    #[test]
    fn a_damaged_body_is_valid_or_rejected(update in update(), index in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut json = update.to_json();
        let index = index.index(json.len());
        json[index] = byte;
        if let Ok(update) = ContactsUpdate::from_json(&json) {
            for (_, contact) in update.contacts() {
                prop_assert!(contact.to_draft().build().is_ok());
            }
        }
    }

    #[test]
    fn an_order_id_survives_a_round_trip_or_is_rejected(text in "\\PC{0,25}") {
        if let Ok(id) = OrderId::parse(&text) {
            prop_assert_eq!(id.to_string(), text);
        }
    }
}
