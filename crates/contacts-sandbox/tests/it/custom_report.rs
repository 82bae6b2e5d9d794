//! The reports query.

use contacts_sandbox::{Account, Sandbox};
use serde_json::{Value, json};

use crate::client::{Response, query, send};

const INVALID: [&str; 32] = [
    "{ order_details(offset: 5) { id } }",
    r#"{ order_details(contacts_email: "a@b.c") { id } }"#,
    "{ order_details { id tech_email } }",
    "{ orders { id } }",
    "{ order_details }",
    "{ order_details {} }",
    "{ order_details { id",
    "",
    "mutation { order_details { id } }",
    "{ order_details { id } more: order_details { id } }",
    "{ order_details { id } } { order_details { id } }",
    "fragment F on Order { id }",
    "{ order_details { ...F } }",
    "{ order_details { id @skip(if: true) } }",
    "{ order_details { id(n: 1) } }",
    "{ order_details { id { x } } }",
    r#"{ order_details(id: "100000001") { id } }"#,
    "{ order_details(status: 5) { id } }",
    "{ order_details(status: issued) { id } }",
    "{ order_details(limit: 0) { id } }",
    "{ order_details(limit: -1) { id } }",
    r#"{ order_details(valid_till: "soon") { id } }"#,
    r#"{ order_details(sort: ["id", "UP"]) { id } }"#,
    r#"{ order_details(sort: ["tech_email", "ASC"]) { id } }"#,
    r#"{ order_details(sort: "id") { id } }"#,
    "{ order_details_by_id { id } }",
    "{ order_details_by_id(id: 1, limit: 1) { id } }",
    "{ order_details_by_id(id: null) { id } }",
    "{ order_details(id: $id) { id } }",
    "query($id: Int!) { order_details(id: $id) { id } }",
    "query($id: String = \"1\") { order_details(id: $id) { id } }",
    "{ __schema { types } }",
];

/// The rows of `order_details`.
fn rows(sandbox: &Sandbox, arguments: &str, fields: &str) -> Vec<Value> {
    let response = query(
        sandbox,
        &format!("{{ order_details{arguments} {{ {fields} }} }}"),
    );
    let body: Value = serde_json::from_str(&response.body).unwrap();
    body["data"]["order_details"].as_array().unwrap().clone()
}

/// The order ids of the rows, without their common beginning.
fn ids(sandbox: &Sandbox, arguments: &str) -> Vec<u64> {
    let id = |row: Value| row["id"].as_str().unwrap().parse::<u64>().unwrap() - 100_000_000;
    rows(sandbox, arguments, "id").into_iter().map(id).collect()
}

fn post(sandbox: &Sandbox, body: &str) -> Response {
    send(sandbox, sandbox.api_key(), "POST", "reports/query", body)
}

/// The message of the error, which has the status and the code of one.
fn message(response: &Response) -> String {
    let body: Value = serde_json::from_str(&response.body).unwrap();
    assert_eq!(response.status, 200);
    assert_eq!(body["errors"][0]["extensions"]["code"], "sandbox_graphql");
    assert!(body.get("data").is_none());
    body["errors"][0]["message"].as_str().unwrap().to_owned()
}

#[test]
fn the_query_has_the_organization_contact_of_each_order() {
    let sandbox = Sandbox::start().unwrap();
    let response = query(
        &sandbox,
        "{ order_details(limit: 4) { id contacts_email status valid_from date_created cost } }",
    );
    assert_eq!(response.status, 200);
    let body: Value = serde_json::from_str(&response.body).unwrap();
    insta::assert_json_snapshot!(body, @r#"
    {
      "data": {
        "order_details": [
          {
            "id": "100000001",
            "contacts_email": "marta.kowalska@example.com",
            "status": "issued",
            "valid_from": "2026-02-11",
            "date_created": "2026-02-11 09:00:00",
            "cost": null
          },
          {
            "id": "100000002",
            "contacts_email": "marta.kowalska@example.com",
            "status": "issued",
            "valid_from": "2026-03-12",
            "date_created": "2026-03-12 09:00:00",
            "cost": null
          },
          {
            "id": "100000003",
            "contacts_email": null,
            "status": "issued",
            "valid_from": "2026-04-13",
            "date_created": "2026-04-13 09:00:00",
            "cost": null
          },
          {
            "id": "100000004",
            "contacts_email": "robin.leaver@example.com",
            "status": "pending",
            "valid_from": null,
            "date_created": "2026-05-14 09:00:00",
            "cost": null
          }
        ]
      }
    }
    "#);
    let all = rows(&sandbox, "", "id contacts_email");
    assert_eq!(all.len(), 14);
    for row in all {
        let id = row["id"].as_str().unwrap().parse().unwrap();
        let order = sandbox.order(id).unwrap();
        let email = order.pointer("/organization_contact/email");
        assert_eq!(&row["contacts_email"], email.unwrap_or(&Value::Null));
    }
}

#[test]
fn one_order_is_queried_by_its_id() {
    let sandbox = Sandbox::start().unwrap();
    let of = |text: &str| query(&sandbox, text).body;
    insta::assert_snapshot!(of("{ order_details_by_id(id: 100000002) { id dns_names valid_till account_id } }"), @r#"{"data":{"order_details_by_id":{"id":"100000002","dns_names":"shop.example.com","valid_till":"2027-04-12","account_id":"1"}}}"#);
    insta::assert_snapshot!(of("{ order_details_by_id(id: 1) { id } }"), @r#"{"data":{"order_details_by_id":null}}"#);
}

#[test]
fn the_query_takes_variables_and_aliases() {
    let sandbox = Sandbox::start().unwrap();
    let text = "query Find($t: String!, $n: Int = 1) { \
                found: order_details(thumbprint: $t, limit: $n) { number: id } }";
    let body = json!({
        "query": text,
        "variables": { "t": "7d3a0c5e9b1f42866d4e0a17c2b95f3380e6d1a4" },
    });
    let found = post(&sandbox, &body.to_string()).body;
    insta::assert_snapshot!(found, @r#"{"data":{"found":[{"number":"100000001"}]}}"#);
}

#[test]
fn the_query_has_the_documented_arguments() {
    let sandbox = Sandbox::start().unwrap();
    for (arguments, expected) in [
        ("(id: 100000007)", vec![7]),
        (r#"(status: "pending")"#, vec![4]),
        (r#"(valid_from: "2026-08-01")"#, vec![7, 8]),
        (r#"(valid_till: "2026-12-31")"#, vec![13]),
        (r#"(valid_till: "2027-03-14", id: 100000001)"#, vec![1]),
        (
            r#"(date_created: "2026-03-12 09:00:01", id: 100000002)"#,
            vec![],
        ),
        (
            r#"(date_created: "2026-03-12 09:00:00", id: 100000002)"#,
            vec![2],
        ),
        (r#"(product_name_id: "ssl_ev_plus")"#, vec![2, 7]),
        (r#"(common_name: "cdn%")"#, vec![10]),
        (
            r#"(serial_number: "0A1B2C3D4E5F60718293A4B5C6D7E8F9")"#,
            vec![1],
        ),
        (r#"(search: "SHOP")"#, vec![2]),
        (r#"(organization_id: "1", limit: 3)"#, vec![1, 2, 4]),
        (r#"(container_id: "2")"#, vec![]),
        (r#"(email: "robin.leaver@example.com")"#, vec![]),
        (r#"(status: "pending", id: 100000007)"#, vec![]),
        (r#"(limit: 3, sort: ["id", "DESC"])"#, vec![14, 13, 12]),
        (r#"(limit: 2, sort: ["common_name"])"#, vec![8, 9]),
        ("(limit: 2, status: null)", vec![1, 2]),
    ] {
        assert_eq!(ids(&sandbox, arguments), expected, "{arguments}");
    }
}

#[test]
fn numbers_are_sorted_as_numbers() {
    let mut account = Account::default();
    account.add_key(Account::DEMO_KEY, contacts_sandbox::KeyRole::Unrestricted);
    for id in [100_000_009, 100_000_010, 1_000_000_001] {
        account.add_order(id, json!({}));
    }
    let sandbox = Sandbox::builder().account(account).start().unwrap();
    let sorted = ids(&sandbox, r#"(sort: ["id", "DESC"])"#);
    assert_eq!(sorted, [900_000_001, 10, 9]);
}

#[test]
fn what_is_not_documented_is_an_error_of_graphql() {
    let sandbox = Sandbox::start().unwrap();
    let errors = INVALID.map(|text| format!("{text}\n    {}", message(&query(&sandbox, text))));
    insta::assert_snapshot!(errors.join("\n"), @r#"
    { order_details(offset: 5) { id } }
        the argument `offset` does not exist
    { order_details(contacts_email: "a@b.c") { id } }
        the argument `contacts_email` does not exist
    { order_details { id tech_email } }
        the field `tech_email` does not exist
    { orders { id } }
        the query `orders` does not exist
    { order_details }
        `order_details` needs 1 to 100 fields, as in `order_details { id }`
    { order_details {} }
        query parse error: Parse error at 1:18
    Unexpected `}[Punctuator]`
    Expected Name
    { order_details { id
        query parse error: Parse error at 1:21
    Unexpected end of input
    Expected }

        query parse error: Parse error at 1:1
    Unexpected end of input
    Expected {, query, mutation, subscription or fragment
    mutation { order_details { id } }
        the schema has queries only
    { order_details { id } more: order_details { id } }
        the sandbox takes one query per request
    { order_details { id } } { order_details { id } }
        the sandbox takes one query per request, without fragments
    fragment F on Order { id }
        the sandbox takes one query per request, without fragments
    { order_details { ...F } }
        the sandbox takes no fragments and no directives
    { order_details { id @skip(if: true) } }
        the sandbox takes no fragments and no directives
    { order_details { id(n: 1) } }
        the field `id` has no arguments and no fields
    { order_details { id { x } } }
        the field `id` has no arguments and no fields
    { order_details(id: "100000001") { id } }
        the argument `id` must be a positive whole number
    { order_details(status: 5) { id } }
        the argument `status` must be text
    { order_details(status: issued) { id } }
        the schema has no enumerations and no input objects
    { order_details(limit: 0) { id } }
        the argument `limit` must be a positive whole number
    { order_details(limit: -1) { id } }
        the argument `limit` must be a positive whole number
    { order_details(valid_till: "soon") { id } }
        the argument `valid_till` must be a date, as in `2027-03-14`
    { order_details(sort: ["id", "UP"]) { id } }
        the argument `sort` must be a field and `ASC` or `DESC`, as in ["id", "DESC"]
    { order_details(sort: ["tech_email", "ASC"]) { id } }
        the argument `sort` must be a field and `ASC` or `DESC`, as in ["id", "DESC"]
    { order_details(sort: "id") { id } }
        the argument `sort` must be a field and `ASC` or `DESC`, as in ["id", "DESC"]
    { order_details_by_id { id } }
        `order_details_by_id` needs one argument, `id`
    { order_details_by_id(id: 1, limit: 1) { id } }
        `order_details_by_id` needs one argument, `id`
    { order_details_by_id(id: null) { id } }
        the argument `id` must be a positive whole number
    { order_details(id: $id) { id } }
        the variable `$id` is not declared
    query($id: Int!) { order_details(id: $id) { id } }
        the variable `$id` needs a value
    query($id: String = "1") { order_details(id: $id) { id } }
        the argument `id` has the type Int, its variable String
    { __schema { types } }
        the query `__schema` does not exist
    "#);
    for body in [
        "{}",
        "[]",
        r#"{"query": 1}"#,
        r#"{"query": "{x{id}}", "variables": []}"#,
    ] {
        assert_eq!(post(&sandbox, body).code(), "400 sandbox_query_invalid");
    }
}

#[test]
fn the_query_is_a_request_like_any_other() {
    let sandbox = Sandbox::start().unwrap();
    let text = r#"{"query": "{ order_details { id } }"}"#;
    let with_key = |key: &str| send(&sandbox, key, "POST", "reports/query", text).code();
    assert_eq!(with_key(sandbox.api_key()), "200");
    let of_key = "403 access_denied|access_denied_invalid_key";
    assert_eq!(with_key("unknown-key"), of_key);
    // DigiCert documents that the role permits GET only.
    assert_eq!(
        with_key(Account::DEMO_VIEW_ONLY_KEY),
        "403 access_denied|missing_permission"
    );
    assert_eq!(post(&sandbox, "{").code(), "400 bad_request_format");
    let get = send(&sandbox, sandbox.api_key(), "GET", "reports/query", "");
    assert_eq!(get.code(), "405 sandbox_method_not_allowed");
    let recorded = &sandbox.requests()[0];
    assert_eq!(
        (
            recorded.method.as_str(),
            recorded.target.as_str(),
            recorded.status
        ),
        ("POST", "/services/v2/reports/query", 200)
    );
    assert_eq!(sandbox.state()["keys"][0]["windows"][0]["used"], 3);
}

#[test]
fn a_hostile_query_is_an_error() {
    let sandbox = Sandbox::start().unwrap();
    let nested = [
        "{a".repeat(100_000),
        format!("{{a(b:{}", "[".repeat(100_000)),
        format!("query($a:{}", "[".repeat(100_000)),
    ];
    for text in &nested {
        let response = query(&sandbox, text);
        assert!(message(&response).contains("Recursion limit exceeded"));
    }
    let fields = "id ".repeat(101);
    let text = format!("{{ order_details {{ {fields} }} }}");
    let expected = "`order_details` needs 1 to 100 fields, as in `order_details { id }`";
    assert_eq!(message(&query(&sandbox, &text)), expected);
}
