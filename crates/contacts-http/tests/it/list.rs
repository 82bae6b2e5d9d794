//! The list of orders.

use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use contacts_core::OrderId;
use contacts_http::{Client, Error, OrderFilter};
use contacts_sandbox::{Account, KeyRole, Sandbox};

use crate::call::client;
use crate::server::{Server, read_request};

/// A sandbox with this many orders.
fn sandbox_with(orders: u64) -> Sandbox {
    let mut account = Account::default();
    account.add_key(Account::DEMO_KEY, KeyRole::Unrestricted);
    for id in 1..=orders {
        let status = if id % 2 == 0 { "issued" } else { "pending" };
        account.add_order(id, serde_json::json!({ "status": status }));
    }
    Sandbox::builder().account(account).start().unwrap()
}

fn ids(client: &Client, filter: OrderFilter) -> Vec<u64> {
    let orders = client.orders(filter);
    orders
        .map(|order| order.unwrap().id.unwrap().get())
        .collect()
}

#[test]
fn orders_are_listed_in_pages_of_a_thousand() {
    let sandbox = sandbox_with(2500);
    let client = client(&sandbox);
    assert_eq!(
        ids(&client, OrderFilter::default()),
        (1..=2500).collect::<Vec<_>>()
    );
    assert_eq!(sandbox.requests().len(), 3);
    let issued = ids(
        &client,
        OrderFilter::default().status("pending").status("issued"),
    );
    assert_eq!(issued.len(), 1250);
    assert!(issued.iter().all(|id| id % 2 == 0));
    let none = ids(&client, OrderFilter::default().search("no & such = order"));
    assert!(none.is_empty());
    let last = sandbox.requests().pop().unwrap().target;
    let query = "?limit=1000&offset=0&filters%5Bsearch%5D=no%20%26%20such%20%3D%20order";
    assert!(last.ends_with(query), "{last}");
}

/// A server that returns these pages, one after the other, for any request.
fn paging(pages: &[&str], total: Option<usize>) -> Server {
    let page = |orders: &&str| match total {
        Some(total) => format!(r#"{{"orders":[{orders}],"page":{{"total":{total}}}}}"#),
        None => format!(r#"{{"orders":[{orders}]}}"#),
    };
    let bodies: Vec<_> = pages.iter().map(page).collect();
    let next = AtomicUsize::new(0);
    Server::with_handler(move |mut stream, log| {
        log.lock().unwrap().push(read_request(&mut stream));
        let body = &bodies[next.fetch_add(1, Ordering::SeqCst)];
        let length = body.len();
        let _ = write!(
            stream,
            "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
        );
    })
}

#[test]
fn orders_created_while_listing_cause_no_gap_and_no_duplicate() {
    // Newest first: two orders are created after the first page, and shift the others.
    let pages = [
        r#"{"id":5},{"id":4},{"id":3}"#,
        r#"{"id":4},{"id":3},{"id":2},{"id":1}"#,
        "",
    ];
    let server = paging(&pages, None);
    assert_eq!(
        ids(&server.client(), OrderFilter::default()),
        [5, 4, 3, 2, 1]
    );
    let offsets = server.requests();
    assert!(
        offsets[1].contains("offset=3") && offsets[2].contains("offset=7"),
        "{offsets:?}"
    );
}

/// A server of orders 1 to 2500 that lose `removed` before each request but the first. The total can be
/// that of the page.
fn shrinking(removed: &'static [usize], is_total_of_page: bool) -> Server {
    let orders: Mutex<Vec<u64>> = Mutex::new((1..=2500).collect());
    let requests = AtomicUsize::new(0);
    Server::with_handler(move |mut stream, _| {
        let request = read_request(&mut stream);
        let offset = request.split_once("offset=").unwrap().1;
        let offset: usize = offset.split([' ', '&']).next().unwrap().parse().unwrap();
        let mut orders = orders.lock().unwrap();
        let request = requests.fetch_add(1, Ordering::SeqCst);
        if let Some(removed) = request.checked_sub(1).and_then(|index| removed.get(index)) {
            orders.drain(..removed);
        }
        let page: Vec<_> = orders.iter().skip(offset).take(1000).collect();
        let total = if is_total_of_page {
            page.len()
        } else {
            orders.len()
        };
        let page: Vec<_> = page.iter().map(|id| format!(r#"{{"id":{id}}}"#)).collect();
        let body = format!(
            r#"{{"orders":[{}],"page":{{"total":{total}}}}}"#,
            page.join(",")
        );
        let length = body.len();
        let _ = write!(
            stream,
            "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
        );
    })
}

#[test]
fn orders_removed_while_listing_cause_no_gap() {
    for removed in [&[10][..], &[0, 600], &[300, 300, 1]] {
        let server = shrinking(removed, false);
        let listed = ids(&server.client(), OrderFilter::default());
        let missing: Vec<_> = (1..=2500).filter(|id| !listed.contains(id)).collect();
        assert!(missing.is_empty(), "{removed:?}: {missing:?}");
        assert_eq!(listed.len(), 2500);
    }
}

#[test]
fn a_total_of_the_page_does_not_end_the_list() {
    let server = shrinking(&[], true);
    let listed = ids(&server.client(), OrderFilter::default());
    assert_eq!(listed, (1..=2500).collect::<Vec<_>>());
}

#[test]
fn a_server_that_ignores_the_offset_does_not_cause_an_endless_list() {
    let few = r#"{"id":1},{"id":2},{"status":"issued"}"#.to_owned();
    let full: Vec<_> = (1..=1000).map(|id| format!(r#"{{"id":{id}}}"#)).collect();
    let full = full.join(",");
    // Without a total, a page that is not full is the last. An entry without an id counts each time.
    for (orders, total, requests, listed_orders, end) in [
        (&few, "", 2, 4, None),
        (
            &few,
            "1000000",
            6,
            7,
            Some("the list ends after 2 of 1000000 orders"),
        ),
        (&few, "6", 2, 3, Some("the list ends after 2 of 6 orders")),
        (
            &full,
            "",
            2,
            1000,
            Some("the list repeats the same 1000 orders"),
        ),
        (
            &full,
            "2000",
            2,
            1000,
            Some("the list ends after 1000 of 2000 orders"),
        ),
    ] {
        let page = match total {
            "" => String::new(),
            total => format!(r#","page":{{"total":{total}}}"#),
        };
        let server =
            Server::with_status("200 OK", "", &format!(r#"{{"orders":[{orders}]{page}}}"#));
        let (listed, error) = listed(&server.client());
        assert_eq!(
            (listed, server.requests().len()),
            (listed_orders, requests),
            "{total}"
        );
        let end = end.map(|end| format!("the orders could not be listed: {end}"));
        assert_eq!(error.map(|error| error.to_string()), end);
    }
}

/// The number of orders in a list, and the error at its end.
fn listed(client: &Client) -> (usize, Option<Error>) {
    let (orders, mut errors): (Vec<_>, Vec<_>) = client
        .orders(OrderFilter::default())
        .partition(Result::is_ok);
    (orders.len(), errors.pop().and_then(Result::err))
}

#[test]
fn a_list_that_ends_early_is_an_error() {
    let server = paging(&[r#"{"id":1},{"id":2}"#, ""], Some(5));
    let (listed, error) = listed(&server.client());
    let error = error.unwrap();
    assert_eq!(listed, 2);
    assert!(error.is_unavailable());
    assert_eq!(
        error.to_string(),
        "the orders could not be listed: the list ends after 2 of 5 orders"
    );
}

#[test]
fn an_entry_without_an_id_is_not_lost() {
    let pages = [
        r#"{"id":" 1 "},{"status":"issued"},{"id":2.0},{"id":"3.0"},null"#,
        r#"{"id":"x"}"#,
    ];
    let server = paging(&pages, Some(6));
    let orders = server.client().orders(OrderFilter::default());
    let ids = orders.map(|order| order.unwrap().id.map(OrderId::get));
    let expected = [Some(1), None, Some(2), Some(3), None, None];
    assert_eq!(ids.collect::<Vec<_>>(), expected);
}

#[test]
fn an_error_does_not_contain_a_value_in_place_of_the_list() {
    let body = r#"{"orders":"Marker","page":{"total":"Marker"}}"#;
    let server = Server::with_status("200 OK", "", body);
    let error = listed(&server.client()).1.unwrap();
    assert_eq!(
        error.to_string(),
        "the orders could not be listed: the response is not a list of orders; check the base URL"
    );
    assert!(!format!("{error:?}").contains("Marker"), "{error:?}");
}

#[test]
fn a_total_that_is_too_small_does_not_end_the_list() {
    let server = paging(&[r#"{"id":1},{"id":2}"#, r#"{"id":3}"#, ""], Some(0));
    assert_eq!(ids(&server.client(), OrderFilter::default()), [1, 2, 3]);
}

#[test]
fn a_list_ends_with_its_first_error() {
    let server = Server::with_status("500 Error", "", "");
    let mut orders = server.client().orders(OrderFilter::default());
    let error = orders.next().unwrap().unwrap_err();
    let expected = "the orders could not be listed: the server answered 500";
    assert!(error.to_string().starts_with(expected), "{error}");
    assert!(orders.next().is_none());
}
