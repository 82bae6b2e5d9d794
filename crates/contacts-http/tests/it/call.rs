//! Calls other than reading and updating one order.

use std::io::{Read, Write};
use std::sync::atomic::{AtomicUsize, Ordering};

use contacts_http::{ApiKey, BaseUrl, Client, Error, OrderFilter};
use contacts_sandbox::{Account, KeyRole, Sandbox};

use crate::server::{Server, read_request};

fn client(sandbox: &Sandbox) -> Client {
    let builder = Client::builder(ApiKey::parse(sandbox.api_key()).unwrap());
    let builder = builder.base_url(BaseUrl::parse(&sandbox.base_url()).unwrap());
    builder.build().unwrap()
}

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

#[test]
fn a_server_that_ignores_the_offset_does_not_cause_an_endless_list() {
    let few = r#"{"id":1},{"id":2},{"status":"issued"}"#.to_owned();
    let full: Vec<_> = (1..=1000).map(|id| format!(r#"{{"id":{id}}}"#)).collect();
    let full = full.join(",");
    // Without a total, a page that is not full is the last.
    for (orders, total, requests, listed_orders, end) in [
        (&few, "", 2, 2, None),
        (
            &few,
            "1000000",
            6,
            2,
            Some("the list ends after 2 of 1000000 orders"),
        ),
        (&few, "6", 2, 2, Some("the list ends after 2 of 6 orders")),
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
fn an_entry_without_an_id_counts_for_the_total() {
    let server = paging(&[r#"{"id":1},{}"#, "{}"], Some(3));
    assert_eq!(ids(&server.client(), OrderFilter::default()), [1]);
}

#[test]
fn an_error_does_not_contain_a_value_in_place_of_the_list() {
    let body = r#"{"orders":"Marker","page":{"total":"Marker"}}"#;
    let server = Server::with_status("200 OK", "", body);
    let error = listed(&server.client()).1.unwrap();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(cause, "unexpected JSON structure at line 1, column 18");
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
    assert_eq!(
        error.to_string(),
        "the orders could not be listed: the server answered 500"
    );
    assert!(orders.next().is_none());
}

const REPORT: &str =
    "order_id,status,tech_email,csr\n\"1\",\"issued\",\"j@example.com\",\"a\nb\"\n";

#[test]
fn the_report_is_a_stream() {
    let server = Server::with_status("200 OK", "content-type: text/csv\r\n", REPORT);
    let mut text = String::new();
    server
        .client()
        .order_report()
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, REPORT);
    assert!(server.requests()[0].contains("accept: text/csv\r\n"));
}

#[test]
fn the_start_of_a_report_can_arrive_in_parts() {
    let server = Server::with_handler(|mut stream, log| {
        log.lock().unwrap().push(read_request(&mut stream));
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
        for part in ["\u{FEFF}", "ord", "er_id\n", "\"1\"\n"] {
            let _ = write!(stream, "{:x}\r\n{part}\r\n", part.len());
            std::thread::sleep(std::time::Duration::from_millis(30));
        }
        let _ = stream.write_all(b"0\r\n\r\n");
    });
    let mut text = String::new();
    server
        .client()
        .order_report()
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, "\u{FEFF}order_id\n\"1\"\n");
}

#[test]
fn an_account_without_a_report_is_recognized() {
    for (status, body) in [
        ("404 Not Found", ""),
        ("403 Forbidden", ""),
        ("200 OK", "<html>"),
    ] {
        let server = Server::with_status(status, "", body);
        let error = server.client().order_report().unwrap_err();
        assert!(error.has_no_report(), "{status}");
        assert!(
            error
                .to_string()
                .contains("list the orders and read each instead"),
            "{error}"
        );
    }
    let wrong_key = r#"{"errors":[{"code":"access_denied|access_denied_invalid_key"}]}"#;
    for (status, body) in [("403 Forbidden", wrong_key), ("500 Error", "")] {
        let server = Server::with_status(status, "", body);
        assert!(
            !server.client().order_report().unwrap_err().has_no_report(),
            "{status}"
        );
    }
}

#[test]
fn a_truncated_report_is_an_error() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n";
    let server = Server::with_response(format!("{head}{REPORT}"));
    let mut report = server.client().order_report().unwrap();
    assert!(report.read_to_string(&mut String::new()).is_err());
}

#[test]
fn whoami_returns_the_user_of_the_key() {
    let sandbox = Sandbox::start().unwrap();
    let user = client(&sandbox).whoami().unwrap();
    assert_eq!(
        (user.id, user.username.as_deref()),
        (Some(1), Some("sandbox"))
    );
    assert_eq!(user.access_roles[0].id, Some(0));
    assert!(!format!("{user:?}").contains("sandbox"));
}

#[test]
fn a_response_that_repeats_the_key_is_redacted() {
    let body = r#"{"id": 100000001, "status": "Marker-Key-4711", "certificate": {"common_name": "x Marker-Key-4711"}}"#;
    let server = Server::with_status("200 OK", "", body);
    let order = server.client().order(crate::server::order()).unwrap();
    assert_eq!(order.common_name.as_deref(), Some("x [redacted]"));
    assert_eq!(order.status.as_deref(), Some("[redacted]"));
}

#[test]
fn a_response_that_is_not_an_order_is_an_error() {
    for body in ["{}", r#"{"errors":[{"code":"x"}]}"#] {
        let server = Server::with_status("200 OK", "", body);
        let error = server.client().order(crate::server::order()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "order 100000001 could not be read: the response is not an order; check the base URL"
        );
        assert!(error.is_unavailable());
    }
}
