//! Finding few orders among many.

use contacts_bulk::search::{ReadReason, Search, SearchEvent, SearchTerm, Source};
use contacts_bulk::{Failure, FailureKind, ListFilter, OrderApi, RunSettings};
use contacts_core::{Contact, ContactType, ContactsUpdate, Order, OrderId};

use crate::account::FakeAccount;
use crate::run::noon;
use crate::search_account::{LEAVER, ListSearch, SearchAccount, contacts, find, id, leaver, run};

#[test]
fn twenty_contacts_of_a_thousand_orders_are_found_with_few_requests() {
    let account = SearchAccount::with_twenty();
    let result = run(&leaver(), &account);
    assert_eq!(
        (result.contacts(), result.orders().len(), result.read()),
        (20, 20, 20)
    );
    assert_eq!(
        account.count(),
        4 + 20,
        "the list, its search, two reports, and the orders"
    );
    assert_eq!(
        result.sampled(),
        0,
        "the search of the list confirms all orders"
    );
    assert_eq!(contacts(&find(&account)), contacts(&result));

    let mut account = SearchAccount::with_twenty();
    account.list_search = ListSearch::Fails;
    assert_eq!(run(&leaver(), &account).sampled(), 10);
    assert_eq!(account.count(), 4 + 20 + 10);
}

#[test]
fn three_hundred_of_fifty_thousand_orders_take_53_requests_and_their_reads() {
    let technical: Vec<_> = (1..=200).map(|n| n * 150 + 7).collect();
    let organization: Vec<_> = (1..=100).map(|n| n * 310 + 1).collect();
    let account = SearchAccount::new(50_000, &technical, &organization);
    let result = run(&leaver(), &account);
    let orders = result.orders().len();
    assert!((290..=300).contains(&orders), "{orders}");
    assert_eq!(account.count(), 50 + 3 + orders);
}

#[test]
fn a_person_who_is_nowhere_is_confirmed_by_a_sample() {
    let account = SearchAccount::new(1000, &[], &[]);
    let result = find(&account);
    assert_eq!(
        (result.contacts(), result.read(), result.sampled()),
        (0, 10, 10)
    );
}

/// The search of the list finds both, and an order in which only the other contact is known to match
/// may have got this one since.
#[test]
fn one_contact_type_needs_one_report() {
    for (contact_type, expected) in [(ContactType::Technical, 15), (ContactType::Organization, 5)] {
        let account = SearchAccount::with_twenty();
        let result = run(&leaver().contact_type(contact_type), &account);
        assert_eq!((result.contacts(), account.count()), (expected, 3 + 20));
    }
}

#[test]
fn several_people_are_found_in_one_search() {
    let account = SearchAccount::with_twenty();
    let terms = [LEAVER, "person3@example.com"].map(|email| SearchTerm::email(email).unwrap());
    let search = Search::new(terms);
    let result = run(&search, &account);
    assert_eq!(
        contacts(&result),
        contacts(&run(&search.clone().read_all(), &account))
    );
    let order = result
        .orders()
        .iter()
        .find(|order| order.order_id == id(11))
        .unwrap();
    assert_eq!(order.contacts.len(), 1);
    assert_eq!(order.contacts[0].term, 0);
}

#[test]
fn a_domain_or_a_name_is_found_as_by_reading_everything() {
    let mut account = SearchAccount::with_twenty();
    account.orders[41][0] = "x@mail.partner.example".to_owned();
    account.refresh();
    for (text, contacts_found, at_most) in [
        ("@partner.example", 1, 12),
        ("partner.example", 1, 12),
        (".PARTNER.example.", 1, 12),
        ("42.example.net", 2, 12),
        ("@other.example", 0, 10),
        ("robin  ROBIN", 1800, 1000),
        ("nobody", 0, 1000),
    ] {
        let search = Search::new([SearchTerm::parse(text).unwrap()]);
        let result = run(&search, &account);
        assert_eq!(result.contacts(), contacts_found, "{text}");
        assert_eq!(
            contacts(&result),
            contacts(&run(&search.clone().read_all(), &account))
        );
        assert!(result.read() <= at_most, "{text}: {}", result.read());
    }
    let technical = Search::new([SearchTerm::parse("nobody").unwrap()]);
    let result = run(&technical.contact_type(ContactType::Technical), &account);
    assert_eq!(
        result.read(),
        10,
        "the report has the names of technical contacts"
    );
}

#[test]
fn what_will_be_read_is_announced_before() {
    let mut account = SearchAccount::with_twenty();
    account.orders[6][1] = String::new();
    let mut events = Vec::new();
    let mut reads = 0;
    leaver()
        .run(&account, noon, |event| match event {
            SearchEvent::Asked(used) => events.push(format!("{}: {}", used.source, used.orders)),
            SearchEvent::Reading { orders, reason } => {
                events.push(format!("after {reads}: {orders} {reason:?}"));
            }
            SearchEvent::Read(_) => reads += 1,
            _ => {}
        })
        .unwrap();
    insta::assert_snapshot!(events.join("\n"));
    let contradicted = ReadReason::Contradicted(Source::OrderReport);
    assert!(events[5].ends_with(&format!("{contradicted:?}")));
}

#[test]
fn an_order_that_cannot_be_read_is_reported() {
    let mut account = SearchAccount::with_twenty();
    account.fails = vec![7];
    let result = run(&leaver(), &account);
    assert_eq!(
        (result.contacts(), result.read(), result.failed().len()),
        (19, 19, 1)
    );
    assert_eq!(result.failed()[0].0, id(7));
}

/// A list that fails or ends early could miss orders.
#[test]
fn without_the_list_there_is_no_result() {
    struct NoList;
    impl OrderApi for NoList {
        fn read(&self, _: OrderId) -> Result<Order, Failure> {
            panic!("nothing is listed")
        }
        fn update(&self, _: OrderId, _: &ContactsUpdate) -> Result<(), Failure> {
            panic!("a search changes nothing")
        }
        fn list(&self, _: &ListFilter) -> Box<dyn Iterator<Item = Result<Order, Failure>> + '_> {
            let failure = Failure::new(
                FailureKind::Other,
                contacts_core::Outcome::NotSent,
                "the list ends early",
            );
            let orders = FakeAccount::with(3).all();
            let orders = orders
                .into_values()
                .map(|o| Ok(serde_json::from_value(o).unwrap()));
            let orders: Vec<_> = orders.chain([Err(failure)]).collect();
            Box::new(orders.into_iter())
        }
    }
    let stopped = leaver().run(&NoList, noon, |_| {}).unwrap_err();
    insta::assert_snapshot!(stopped, @"search stopped after 0 of 3 orders were read, nothing was changed: the list ends early");
}

#[test]
fn the_replacement_is_planned_from_the_orders_as_read() {
    let account = SearchAccount::new(30, &[7, 11], &[7, 12]);
    let result = run(&leaver(), &account);
    let jane = Contact::draft("Jane", "Doe", "jane@example.com")
        .build()
        .unwrap();
    let before = account.count();
    let plan = result.plan_replacement(|_| &jane);
    assert_eq!(account.count(), before, "no request");
    let types = |index: usize| plan.orders()[index].update().contacts().count();
    assert_eq!((plan.summary().changes, types(0), types(1)), (3, 2, 1));
    let settings = RunSettings::default().limit(0);
    assert_eq!(plan.apply(&settings, &account, |_| {}).summary().skipped, 3);

    let mut file = Vec::new();
    result.write_replacement(|_| &jane, &mut file).unwrap();
    insta::assert_snapshot!(String::from_utf8(file).unwrap(), @"
    order_id,contact_type,first_name,last_name,email,job_title,telephone,language_id,common_name,status,product
    7,organization_contact,Jane,Doe,jane@example.com,,,,7.example.net,issued,
    7,technical_contact,Jane,Doe,jane@example.com,,,,7.example.net,issued,
    11,technical_contact,Jane,Doe,jane@example.com,,,,11.example.net,issued,
    12,organization_contact,Jane,Doe,jane@example.com,,,,12.example.net,issued,
    ");
    let mut file = Vec::new();
    result.write(&mut file).unwrap();
    let rows = String::from_utf8(file).unwrap();
    assert_eq!(rows.matches(LEAVER).count(), 4, "{rows}");
}

#[test]
fn a_contact_that_cannot_be_read_is_reported() {
    let mut account = SearchAccount::with_twenty();
    account.unreadable = vec![7];
    let result = run(&leaver(), &account);
    assert_eq!((result.contacts(), result.failed().len()), (19, 1));
    insta::assert_snapshot!(result.failed()[0].1, @"order 7: the technical_contact cannot be read");
}
