//! Sources of a search that are missing, cut, malformed, behind or wrong lose no order.

use contacts_bulk::FailureKind;
use contacts_bulk::search::{SearchResult, Source, SourceState};
use contacts_core::ContactType;

use crate::run::noon;
use crate::search_account::{LEAVER, ListSearch, SearchAccount, contacts, find, id, leaver, run};

fn state(result: &SearchResult, source: Source) -> Option<SourceState> {
    let mut sources = result.sources().iter();
    Some(sources.find(|used| used.source == source)?.state)
}

#[test]
fn a_missing_report_costs_requests_and_loses_nothing() {
    for both in [true, false] {
        let mut account = SearchAccount::with_twenty();
        account.emails = Ok(None);
        if both {
            account.report = Ok(None);
        }
        let result = find(&account);
        assert_eq!((result.contacts(), result.read()), (20, 1000));
        let source = if both {
            Source::OrderReport
        } else {
            Source::ReportsQuery
        };
        assert_eq!(state(&result, source), Some(SourceState::Missing));
        assert_eq!(
            state(&result, Source::ListSearch),
            None,
            "all orders are read anyway"
        );
    }
}

#[test]
fn a_report_that_fails_loses_nothing_and_one_that_stops_every_request_ends_the_search() {
    for kind in [
        FailureKind::Unavailable,
        FailureKind::Other,
        FailureKind::KeyRejected,
    ] {
        let mut account = SearchAccount::with_twenty();
        account.emails = Err(kind);
        let result = find(&account);
        assert_eq!((result.contacts(), result.read()), (20, 1000));
        let failed = result.sources().iter().find(|used| used.failure.is_some());
        assert_eq!(failed.unwrap().state, SourceState::Failed);
    }
    let mut account = SearchAccount::with_twenty();
    account.report = Err(FailureKind::Cancelled);
    let stopped = leaver().run(&account, noon, |_| {}).unwrap_err();
    assert!(stopped.failure().is_cancelled());
    insta::assert_snapshot!(stopped, @"search stopped after 0 of 1000 orders were read, nothing was changed");
}

#[test]
fn a_report_cut_at_any_byte_loses_nothing() {
    let account = || SearchAccount::new(12, &[3, 7, 12], &[2, 7, 11]);
    let found = contacts(&find(&account()));
    assert_eq!(found.len(), 6);
    let report = account().report.unwrap().unwrap();
    for cut in 0..report.len() {
        let mut account = account();
        account.report = Ok(Some(report[..cut].to_vec()));
        assert_eq!(contacts(&run(&leaver(), &account)), found, "cut at {cut}");
    }
    for rows in 0..12 {
        let mut account = account();
        let emails = account.emails.unwrap().unwrap();
        account.emails = Ok(Some(emails[..rows].to_vec()));
        assert_eq!(contacts(&run(&leaver(), &account)), found, "{rows} rows");
    }
}

#[test]
fn an_order_that_one_report_covers_is_read_if_the_other_does_not() {
    let mut account = SearchAccount::with_twenty();
    let half = account.emails.clone().unwrap().unwrap()[..500].to_vec();
    account.emails = Ok(Some(half));
    let result = find(&account);
    assert!(result.read() < 530, "{}", result.read());
    assert_eq!(result.sources()[2].orders, 500);
}

#[test]
fn a_malformed_report_loses_nothing() {
    let text = SearchAccount::with_twenty().report.unwrap().unwrap();
    let text = String::from_utf8(text).unwrap();
    let shifted = text.replace("tech_last_name,tech_email", "tech_email,tech_last_name");
    let other_column = text
        .replace("tech_email", "mail")
        .replace("csr", "tech_email");
    for report in [
        "",
        "<html>",
        "order_id\n1\n",
        &text.replace(',', ";"),
        &shifted,
        &other_column,
    ] {
        let mut account = SearchAccount::with_twenty();
        account.report = Ok(Some(report.as_bytes().to_vec()));
        let result = find(&account);
        assert_eq!((result.contacts(), result.read()), (20, 1000));
    }
    for email in ["", "Robin Leaver", "7"] {
        let mut account = SearchAccount::with_twenty();
        let all = (1..=1000).map(|n| (id(n), Some(email.to_owned())));
        account.emails = Ok(Some(all.collect()));
        let result = find(&account);
        assert_eq!((result.contacts(), result.read()), (20, 1000), "{email}");
    }
}

#[test]
fn rows_that_contradict_each_other_count_as_missing() {
    let mut account = SearchAccount::with_twenty();
    let mut emails = account.emails.unwrap().unwrap();
    emails.insert(0, (id(11), Some("other@example.com".to_owned())));
    account.emails = Ok(Some(emails));
    let result = find(&account);
    assert_eq!((result.contacts(), result.read()), (20, 20));
}

#[test]
fn rows_of_orders_that_are_not_listed_are_ignored() {
    let mut account = SearchAccount::new(1001, &[7, 1001], &[]);
    account.orders.pop();
    let result = find(&account);
    assert_eq!(contacts(&result), ["7 technical_contact"]);
    assert_eq!(result.sources()[1].orders, 1000);
}

#[test]
fn a_report_that_is_behind_loses_no_order_that_the_search_of_the_list_knows() {
    for (index, contact_type) in ContactType::ALL.into_iter().enumerate() {
        let mut account = SearchAccount::with_twenty();
        account.assign(500, contact_type);
        account.orders[if index == 0 { 10 } else { 6 }][index] = "new@example.com".to_owned();
        let result = find(&account);
        assert_eq!((result.contacts(), result.read()), (20, 21));
        let source = match contact_type {
            ContactType::Organization => Source::ReportsQuery,
            ContactType::Technical => Source::OrderReport,
        };
        assert_eq!(state(&result, source), Some(SourceState::Behind));
    }
}

#[test]
fn reports_that_are_behind_by_any_changes_lose_nothing_if_the_search_of_the_list_is_current() {
    let people = [LEAVER, "a@example.com", "b@example.com", ""];
    for seed in 0..300 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut account = SearchAccount::new(60, &[], &[]);
        let mut change = |account: &mut SearchAccount, changes| {
            for _ in 0..changes {
                let order = random.usize(..60);
                let person = random.usize(..people.len());
                people[person].clone_into(&mut account.orders[order][random.usize(..2)]);
            }
        };
        change(&mut account, 40);
        account.refresh();
        change(&mut account, 6);
        find(&account);
    }
}

/// A person was replaced, and the report does not show it yet.
#[test]
fn a_search_after_a_replacement_reads_the_orders_of_the_report_and_a_sample() {
    let mut account = SearchAccount::with_twenty();
    for email in account.orders.iter_mut().flatten() {
        if *email == LEAVER {
            "new@example.com".clone_into(email);
        }
    }
    let result = find(&account);
    assert_eq!((result.contacts(), result.read()), (0, 20 + 10));
}

/// What the search of the list does not find may be what the report misses as well.
#[test]
fn a_search_of_the_list_is_believed_only_if_it_knows_the_orders_that_differ() {
    // The other contact has the same address, by which the order may have been found.
    let mut account = SearchAccount::with_twenty();
    account.orders[6] = ["new@example.com".to_owned(), "new@example.com".to_owned()];
    account.refresh_emails();
    assert_eq!(find(&account).read(), 1000);
    // The contact has no address.
    let mut account = SearchAccount::with_twenty();
    account.orders[6][1] = String::new();
    assert_eq!(find(&account).read(), 1000);
    // Too many addresses to search for.
    let mut account = SearchAccount::with_twenty();
    for n in 0..4 {
        account.orders[6 + n * 60][1] = format!("new{n}@example.com");
    }
    assert_eq!(find(&account).read(), 1000);
}

/// A row that names the leaver and is behind shows that others may be.
#[test]
fn an_order_that_differs_from_its_row_makes_everything_be_read() {
    for list_search in [ListSearch::Fails, ListSearch::FindsNothing] {
        for index in 0..2 {
            let mut account = SearchAccount::with_twenty();
            account.list_search = list_search;
            account.orders[if index == 0 { 10 } else { 6 }][index] = "new@example.com".to_owned();
            account.assign(500, ContactType::ALL[index]);
            let result = find(&account);
            assert_eq!((result.contacts(), result.read()), (20, 1000));
        }
    }
}

#[test]
fn a_report_of_another_account_is_found_out_by_the_sample() {
    for index in 0..2 {
        let mut account = SearchAccount::with_twenty();
        account.list_search = ListSearch::FindsNothing;
        let real = account.orders.clone();
        for order in &mut account.orders {
            order[index] = "someone@example.org".to_owned();
        }
        account.refresh();
        account.orders = real;
        let result = find(&account);
        assert_eq!((result.contacts(), result.read()), (20, 1000));
    }
}

#[test]
fn a_sample_finds_out_a_report_without_the_person() {
    let mut account = SearchAccount::with_twenty();
    account.list_search = ListSearch::FindsNothing;
    let text = String::from_utf8(account.report.unwrap().unwrap()).unwrap();
    let text = text.replace('@', "@old.").replace(LEAVER, "x@example.com");
    account.report = Ok(Some(text.into_bytes()));
    let result = run(&leaver().contact_type(ContactType::Technical), &account);
    assert_eq!(
        (result.contacts(), result.read(), result.sampled()),
        (15, 1000, 10)
    );
}

#[test]
fn the_search_of_the_list_only_adds() {
    for (list_search, sampled, expected) in [
        (ListSearch::Finds, 0, SourceState::Used),
        (ListSearch::FindsNothing, 10, SourceState::Contradicted),
        (ListSearch::IgnoresTheFilter, 10, SourceState::Unusable),
        (ListSearch::Fails, 10, SourceState::Failed),
        (ListSearch::EndsEarly, 10, SourceState::Failed),
    ] {
        let mut account = SearchAccount::with_twenty();
        account.list_search = list_search;
        let result = run(&leaver(), &account);
        assert_eq!(
            (result.contacts(), result.read()),
            (20, 20 + sampled),
            "{list_search:?}"
        );
        assert!(account.count() <= 35, "{list_search:?}");
        assert_eq!(state(&result, Source::ListSearch), Some(expected));
    }
}
