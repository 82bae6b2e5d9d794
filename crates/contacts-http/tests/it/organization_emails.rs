//! The report of organization contacts, from the reports query.

use std::time::Duration;

use contacts_core::{OrderId, Outcome};
use contacts_http::{Error, OnRateLimit, RateLimit, Retry};
use serde_json::{Value, json};

use crate::server::{KEY, Server, chain, client_for};

fn server(body: &Value) -> Server {
    Server::with_status(
        "200 OK",
        "content-type: application/json\r\n",
        &body.to_string(),
    )
}

fn rows(rows: &Value) -> Value {
    json!({"data": {"order_details": rows}})
}

/// The result as numbers and addresses.
fn emails(body: &Value) -> Result<Vec<(u64, Option<String>)>, Error> {
    let emails = server(body).client().organization_emails()?;
    let number = |id: OrderId| id.to_string().parse().unwrap();
    Ok(emails.into_iter().map(|(id, e)| (number(id), e)).collect())
}

fn failure(body: &str) -> Error {
    let server = Server::with_status("200 OK", "", body);
    server.client().organization_emails().unwrap_err()
}

#[test]
fn one_query_returns_the_address_of_each_order() {
    let server = server(&rows(&json!([
        {"id": "1", "contacts_email": "jane@example.com"},
        {"id": "2", "contacts_email": null},
    ])));
    let emails = server.client().organization_emails().unwrap();
    let id = |text| OrderId::parse(text).unwrap();
    let jane = Some("jane@example.com".to_owned());
    assert_eq!(emails, [(id("1"), jane), (id("2"), None)]);

    let requests = server.requests();
    let (head, body) = requests[0].split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /services/v2/reports/query HTTP/1.1\r\n"));
    assert!(head.contains("content-type: application/json\r\n"));
    assert!(head.contains(&format!("x-dc-devkey: {KEY}")));
    insta::assert_snapshot!(body, @r#"{"query":"{ order_details(limit: 100000, sort: [\"id\", \"ASC\"]) { id contacts_email } }","variables":{}}"#);
    assert_eq!(requests.len(), 1);
}

#[test]
fn ids_may_be_text_or_numbers_and_other_members_are_ignored() {
    let body = json!({
        "errors": [],
        "extensions": {"cost": 1},
        "data": {"order_details": [
            {"id": 7, "contacts_email": "a@example.com", "status": "issued"},
            {"id": "8", "contacts_email": ""},
            {"id": "7", "contacts_email": "b@example.com"},
        ]},
    });
    let expected = [(7, "a@example.com"), (8, ""), (7, "b@example.com")];
    let expected = expected.map(|(id, email)| (id, Some(email.to_owned())));
    assert_eq!(emails(&body).unwrap(), expected);
}

#[test]
fn a_row_that_cannot_be_read_does_not_cover_its_order() {
    let body = rows(&json!([
        {"id": "1", "contacts_email": ["a@example.com"]},
        {"id": "2"},
        {"id": "x", "contacts_email": null},
        {"contacts_email": "b@example.com"},
        null,
        "3",
        {"id": "4", "contacts_email": "c@example.com"},
    ]));
    let expected = [(4, Some("c@example.com".to_owned()))];
    assert_eq!(emails(&body).unwrap(), expected);
    assert_eq!(emails(&rows(&json!([]))).unwrap(), []);
}

#[test]
fn a_graphql_error_is_an_error_even_beside_data() {
    let mut body = rows(&json!([{"id": "1", "contacts_email": null}]));
    let errors = json!([{"message": "Unknown argument \"limit\" of marker@example.com"}]);
    for errors in [errors, json!("no such field"), json!({"message": "x"})] {
        body["errors"] = errors;
        let error = emails(&body).unwrap_err();
        assert!(error.has_no_report() && !error.is_unavailable(), "{error}");
        assert_eq!(
            (error.attempts(), error.api_errors().len()),
            (1, 1),
            "{error}"
        );
        assert!(!format!("{error:?}").contains("marker"), "{error:?}");
    }
    body["errors"] = json!([{"message": "Unknown field."}]);
    insta::assert_snapshot!(emails(&body).unwrap_err(), @"the report of organization contacts could not be read: the account may not have one, or the key's role may not permit it; list the orders and read each instead: the server rejected the query: Unknown field.");
}

#[test]
fn a_body_that_is_no_result_means_that_there_is_no_report() {
    let truncated = r#"{"data":{"order_details":[{"id":"1","contacts_email":null},{"id":"#;
    let huge = format!("{{\"x\":\"{}\"}}", "y".repeat(65 << 20));
    for body in [
        "",
        "[]",
        "{}",
        "not found",
        r#"{"data":null}"#,
        r#"{"data":{}}"#,
        r#"{"data":{"order_details":null}}"#,
        r#"{"data":{"order_details":"none"}}"#,
        truncated,
        &huge,
        "<html><title>Blocked</title></html>",
    ] {
        let error = failure(body);
        assert!(error.has_no_report(), "{}", chain(&error));
        assert_eq!(error.outcome(), Outcome::Rejected);
    }
    insta::assert_snapshot!(chain(&failure(&huge)), @"the report of organization contacts could not be read: the response is larger than 64 MiB");
}

#[test]
fn a_result_of_100_000_orders_is_read() {
    let row = |id: u64| json!({"id": id.to_string(), "contacts_email": "a.b.c.d.e@example.com"});
    let all: Vec<_> = (1..=100_000).map(row).collect();
    assert_eq!(emails(&rows(&json!(all))).unwrap().len(), 100_000);
}

#[test]
fn a_status_says_whether_the_query_is_the_cause() {
    let invalid_key = r#"{"errors":[{"code":"access_denied|access_denied_invalid_key"}]}"#;
    for (status, body, has_no_report) in [
        ("400 Bad Request", "", true),
        ("403 Forbidden", "", true),
        ("403 Forbidden", "<html>", true),
        ("404 Not Found", "", true),
        ("500 Error", "", true),
        ("204 No Content", "", true),
        ("302 Found", "", false),
        ("401 Unauthorized", "", false),
        ("403 Forbidden", invalid_key, false),
        ("429 Too Many Requests", "", false),
    ] {
        let server = Server::with_status(status, "", body);
        let error = server.client().organization_emails().unwrap_err();
        assert_eq!(error.has_no_report(), has_no_report, "{status}");
    }
}

#[test]
fn a_broken_response_is_requested_again_and_then_there_is_no_report() {
    let server = Server::with_response("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"data\":");
    let retry = Retry::new(2, Duration::from_secs(60));
    let client = client_for(&server.base_url()).retry(retry).build().unwrap();
    let error = client.organization_emails().unwrap_err();
    assert!(error.has_no_report(), "{}", chain(&error));
    assert_eq!((error.attempts(), server.requests().len()), (2, 2));
}

#[test]
fn without_a_request_nothing_is_known_about_the_report() {
    let server = server(&rows(&json!([])));
    let builder = client_for(&server.base_url()).on_rate_limit(OnRateLimit::Fail);
    let limit = RateLimit::new(1, Duration::from_secs(60));
    let client = builder.rate_limits([limit]).build().unwrap();
    client.organization_emails().unwrap();
    let error = client.organization_emails().unwrap_err();
    assert!(!error.has_no_report() && error.is_rate_limited());
    let cancelled = client_for(&server.base_url()).cancelled(|| true);
    let error = cancelled.build().unwrap().organization_emails();
    assert!(!error.unwrap_err().has_no_report());
    let unreachable = client_for("http://127.0.0.1:1").build().unwrap();
    let error = unreachable.organization_emails().unwrap_err();
    assert!(error.is_connect() && !error.has_no_report());
}
